"""What a saved draft still lacks, in sentences for its editor; nothing here refuses anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from courses.models import Course, Lesson, LessonKind, ModuleItem
from courses.reading.judging import drafts_of
from courses.rules.rights import Licence, Nearness
from courses.services.auditing import passed_audit

CHARACTERS_PER_MINUTE = 300
TAG = re.compile(r"<[^>]+>")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Hint:
    """``kind`` is risk (something is missing) or info."""

    kind: str
    words: str


def _texts(value: Any) -> Iterator[str]:
    """Every text in a stream's plain data, without keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in ("id", "type"):
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def characters(lesson: Lesson) -> int:
    """How many characters one reads in the text of a lesson, without tags and spaces."""
    return sum(len(SPACE.sub("", TAG.sub("", text))) for text in _texts(lesson.body.get_prep_value()))


def minutes(lesson: Lesson) -> int:
    """Whole minutes of reading and watching, rounded up."""
    return ceil(characters(lesson) / CHARACTERS_PER_MINUTE) + ceil((lesson.seconds or 0) / 60)


def lesson_hints(lesson: Lesson) -> list[Hint]:
    """Of a lesson's draft; three queries at most."""
    found = [Hint("info", _("正文%(n)s字，读完约%(m)s分钟。") % _reading(lesson))]
    found += _media(lesson) + _check(lesson) + _licence(lesson)
    return found + _uses(lesson)


def _reading(lesson: Lesson) -> dict[str, int]:
    n = characters(lesson)
    return {"n": n, "m": ceil(n / CHARACTERS_PER_MINUTE)}


def _media(lesson: Lesson) -> list[Hint]:
    found = []
    if lesson.kind == LessonKind.VIDEO and not lesson.captions_id:
        found.append(Hint("risk", _("视频还没有字幕文件，听不清或不便出声的学员无法学习；请上传 VTT 字幕。")))
    silent = [block for block in lesson.body if block.block_type == "figure" and not block.value.get("alt")]
    if silent:
        found.append(Hint("risk", _("有%(n)s张图片没有替代文字，请写明图上说了什么。") % {"n": len(silent)}))
    return found


def _check(lesson: Lesson) -> list[Hint]:
    check = lesson.check_of_learning
    if check is None:
        return [Hint("info", _("没有课时测验：学员读完或看完即算学完。"))]
    if not check.entries.exists():
        return [Hint("risk", _("测验“%(title)s”还没有试题，含它的课程不能发布版次。") % {"title": check.title})]
    return []


def _licence(item: Any) -> list[Hint]:
    licence = Licence(item.copyright_until, clock.today())
    if licence.nearness == Nearness.FAR:
        return []
    return [Hint("risk", _("使用授权%(words)s，请续期或更换内容。") % {"words": licence.words})]


def _uses(lesson: Lesson) -> list[Hint]:
    items = ModuleItem.objects.filter(lesson=lesson.pk)
    titles = list(items.order_by("module__course__title").values_list("module__course__title", flat=True).distinct())
    if not titles:
        return [Hint("info", _("还没有课程用到这个课时。"))]
    words = {"n": len(titles), "titles": "、".join(f"“{title}”" for title in titles)}
    return [Hint("info", _("%(n)s门课程用到这个课时：%(titles)s。改动后这些课程须重新送审，才能发布新版次。") % words)]


def course_hints(course: Course) -> list[Hint]:
    """Of a course's draft with the drafts of its lessons; constant queries."""
    places = [item for module in course.modules.all() for item in module.items.all()]
    lessons = drafts_of({item.lesson_id for item in places})
    required = [lessons[item.lesson_id] for item in places if item.required]
    found = [_audit(course)]
    if not course.outcomes.all():
        found.append(Hint("risk", _("还没有写学习成果，课程没有对应任何能力指标，不会出现在按能力指标的筛选里。")))
    if not required:
        found.append(Hint("risk", _("提纲里还没有必修课时，不能发布版次。")))
    unchecked = [lesson for lesson in required if lesson.check_of_learning_id is None]
    found += _named("info", _("必修课时%(titles)s没有测验。"), unchecked)
    silent = [x for x in lessons.values() if x.kind == LessonKind.VIDEO and not x.captions_id]
    found += _named("risk", _("视频课时%(titles)s没有字幕。"), silent)
    drafts = [lesson for lesson in lessons.values() if lesson.has_unpublished_changes or not lesson.live]
    found += _named("risk", _("课时%(titles)s有未发布的内容，发布版次之前须先发布。"), drafts)
    total = sum(minutes(lesson) for lesson in lessons.values())
    words = {"minutes": total, "hours": f"{course.hours.normalize():f}"}
    found.append(Hint("info", _("阅读和观看合计约%(minutes)s分钟，登记%(hours)s学时。") % words))
    return found + _licence(course)


def _named(kind: str, sentence: str, lessons: Iterable[Lesson]) -> list[Hint]:
    titles = "、".join(f"“{lesson.title}”" for lesson in lessons)
    return [Hint(kind, sentence % {"titles": titles})] if titles else []


def _audit(course: Course) -> Hint:
    if passed_audit(course):
        return Hint("info", _("这份草稿已通过审核，可以发布。"))
    if course.workflow_in_progress:
        return Hint("info", _("正在审核中，审核期间不能修改。"))
    return Hint("info", _("这份草稿还没有通过审核；写好后请在页面底部送审。"))
