"""Two editions of a course lesson by lesson: what is the same, what changed, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.fingerprints import plain
from courses.models import CourseEdition, EditionLesson
from courses.rules.carrying import Pair

PLACE = {"id", "edition", "revision", "position", "module", "required", "check_paper", "lesson"}
TEXT = {"title", "body", "captions_id"}  # whatever else differs, what was watched was something else
FACTS = ("title", "track", "summary", "lecturer", "hours", "notice", "outcomes")


@dataclass(frozen=True)
class Change:
    """One line of a comparison: ``kind`` is added, removed, changed or moved."""

    kind: str
    lesson: str
    words: str


def _content_fields() -> list[str]:
    return [f.attname for f in EditionLesson._meta.concrete_fields if f.name not in PLACE]


def changed_fields(old: EditionLesson, new: EditionLesson) -> list[str]:
    """The columns of the content in which two copies of a lesson differ."""
    return [name for name in _content_fields() if plain(getattr(old, name)) != plain(getattr(new, name))]


def pairs(old: Iterable[EditionLesson], new: Iterable[EditionLesson]) -> list[Pair]:
    """The lessons of the new edition, each beside its predecessor."""
    before = {lesson.lesson_id: lesson for lesson in old}
    return [_pair(lesson, before.get(lesson.lesson_id)) for lesson in new]


def _pair(new: EditionLesson, old: EditionLesson | None) -> Pair:
    shared = {"key": new.lesson_id, "required": new.required, "has_check": new.check_paper_id is not None}
    if old is None:
        return Pair(**shared)
    changed = set(changed_fields(old, new))
    return Pair(
        **shared,
        old=True,
        same_text=not changed,
        same_media=changed <= TEXT,
        same_check=old.check_paper_id == new.check_paper_id,
    )


def changes(old: CourseEdition, new: CourseEdition) -> list[Change]:
    """What the newer edition changed, first the course itself, then lesson by lesson in the newer order."""
    before = {lesson.lesson_id: lesson for lesson in old.lessons.all()}
    after = list(new.lessons.all())
    gone = set(before) - {lesson.lesson_id for lesson in after}
    lines = _facts(old, new)
    for lesson in after:
        lines += _lesson(before.get(lesson.lesson_id), lesson)
    return lines + [Change("removed", before[key].title, _("已去掉")) for key in before if key in gone]


def _facts(old: CourseEdition, new: CourseEdition) -> list[Change]:
    words = {
        "title": _("名称"), "track": _("专题"), "summary": _("简介"), "lecturer": _("主讲"), "hours": _("学时"),
        "notice": _("提示"), "outcomes": _("学习成果"),
    }  # fmt: skip
    different = [str(words[name]) for name in FACTS if getattr(old, name) != getattr(new, name)]
    return [Change("changed", _("课程"), _("%(what)s有改动") % {"what": "、".join(different)})] if different else []


def _lesson(old: EditionLesson | None, new: EditionLesson) -> list[Change]:
    if old is None:
        return [Change("added", new.title, _("新增，必修") if new.required else _("新增，选修"))]
    content = _content_words(old, new)
    place = _place_words(old, new)
    if not content and not place:
        return []
    return [Change("changed" if content else "moved", new.title, "，".join([*content, *place]))]


def _content_words(old: EditionLesson, new: EditionLesson) -> list[str]:
    fields = changed_fields(old, new)
    known = {"title": _("名称"), "kind": _("形式"), "body": _("正文"), "video_id": _("视频"), "captions_id": _("字幕")}
    named = [str(known[name]) for name in fields if name in known]
    rest = [name for name in fields if name not in known and name != "seconds"]
    words = [_("%(what)s有改动") % {"what": "、".join(named)}] if named else []
    return words + ([_("其他设置有改动")] if rest else []) + _check_words(old, new)


def _check_words(old: EditionLesson, new: EditionLesson) -> list[str]:
    if old.check_paper_id == new.check_paper_id:
        return []
    if old.check_paper_id is None:
        return [_("新增课时测验")]
    return [_("课时测验已换题")] if new.check_paper_id else [_("取消课时测验")]


def _place_words(old: EditionLesson, new: EditionLesson) -> list[str]:
    words = []
    if old.required != new.required:
        words.append(_("由选修改为必修") if new.required else _("由必修改为选修"))
    if old.module != new.module:
        words.append(_("移到单元“%(module)s”") % {"module": new.module})
    elif old.position != new.position:
        words.append(_("由第%(old)s课改为第%(new)s课") % {"old": old.position, "new": new.position})
    return words
