"""Courses, their lessons, checks and files, and the edition that learners read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from assessments.models import Check, Question
from assessments.services import save_check, save_question
from cms.curriculum import blocks
from cms.curriculum.reading import CheckEntry, CourseEntry, LessonEntry, QuestionEntry
from cms.curriculum.writing import Run, differs, set_values
from core.errors import DomainError
from courses.formats import recordings
from courses.models import Course, CourseOutcome, Lesson, LessonCue, Module, ModuleItem, Stage
from courses.services import Opinion, give_opinion, hand_in, publish_edition
from courses.services.auditing import passed_audit

MATERIALS = "课程资料"
FACTS = ("title", "track", "summary", "lecturer", "hours", "notice")
PageOfCase = Callable[[str], int]


def course(run: Run, entry: CourseEntry, page_of_case: PageOfCase) -> Course:
    """The course with its lessons, published, and its edition."""
    lessons = {one.key: lesson(run, one, page_of_case) for one in entry.lessons}
    row = Course.objects.filter(key=entry.key).first()
    values = {name: getattr(entry, name) for name in FACTS}
    stale = row is not None and run.update and (differs(row, values) or outline_of(row) != outline(entry))
    run.report.count("courses", made=row is None, changed=stale)
    if row is None or stale:
        row = set_values(row or Course(key=entry.key, live=False), values)
        row.outcomes = outcomes(run, entry)
        row.modules = modules(entry, lessons)
        run.publish(row, judge=lambda draft: judge(run, draft))
    edition(run, row)
    return row


def judge(run: Run, row: Course) -> None:
    """The internal audit by the publisher, marked as what it is: sample content, for an office to judge before use."""
    if passed_audit(row.get_latest_revision_as_object()):
        return
    audit = hand_in(actor=run.actor, course=row)
    ticks = {item["code"]: ("none", _("示范内容，未逐条核对")) for item in audit.checklist.for_stage(Stage.INTERNAL)}
    reason = _("示范内容：随产品提供，使用前须经本单位审核。")
    give_opinion(actor=run.publisher, audit=audit, opinion=Opinion(passed=True, ticks=ticks, reason=reason))


def edition(run: Run, row: Course) -> None:
    """The first edition; a later one on ``update`` only, and only when something changed."""
    before = row.editions.count()
    if before and not run.update:
        run.report.count("editions", made=False)
        return
    judge(run, row)
    publish_edition(actor=run.publisher, course=row)
    run.report.count("editions", made=row.editions.count() > before)


def outcomes(run: Run, entry: CourseEntry) -> list[CourseOutcome]:
    return [
        CourseOutcome(indicator=run.indicator(code, entry.title), text=text, sort_order=place)
        for place, (code, text) in enumerate(entry.outcomes)
    ]


def modules(entry: CourseEntry, lessons: dict[str, Lesson]) -> list[Module]:
    return [
        Module(
            title=module.title,
            sort_order=number,
            items=[
                ModuleItem(lesson=lessons[one.key], required=one.required, sort_order=place)
                for place, one in enumerate(module.lessons)
            ],
        )
        for number, module in enumerate(entry.modules)
    ]


def outline(entry: CourseEntry) -> list[Any]:
    """What a course consists of, in its order, to be compared with what stands."""
    parts = [(module.title, [(one.key, one.required) for one in module.lessons]) for module in entry.modules]
    return [list(entry.outcomes), *parts]


def outline_of(row: Course) -> list[Any]:
    named = [(one.indicator.code, one.text) for one in row.outcomes.select_related("indicator")]
    parts = Module.objects.filter(course=row).prefetch_related("items__lesson")
    return [named, *[(one.title, [(item.lesson.key, item.required) for item in one.items.all()]) for one in parts]]


def lesson(run: Run, entry: LessonEntry, page_of_case: PageOfCase) -> Lesson:
    """The lesson, published; one that an editor has changed since stays as it is unless ``update`` is asked for."""
    row = Lesson.objects.filter(key=entry.key).first()
    if row is not None and not run.update:
        run.report.count("lessons", made=False)
        return row
    values = lesson_values(run, entry, page_of_case)
    asked = cues(run, entry)
    stale = run.is_stale(row, values) or (row is not None and cues_of(row.cues.all()) != cues_of(asked))
    run.report.count("lessons", made=row is None, changed=stale)
    if row is None or stale:
        row = set_values(row or Lesson(key=entry.key, live=False), values)
        row.cues = asked
        return run.publish(row)
    return row


def cues(run: Run, entry: LessonEntry) -> list[LessonCue]:
    """The questions on the way through the film."""
    numbered = enumerate(entry.cues)
    return [LessonCue(at=at, question=check_question(run, one), sort_order=n) for n, (at, one) in numbered]


def cues_of(rows: Iterable[LessonCue]) -> list[tuple[int, int]]:
    return [(row.at, row.question_id) for row in rows]


def lesson_values(run: Run, entry: LessonEntry, page_of_case: PageOfCase) -> dict[str, Any]:
    video = document(run, entry.video, _("%s（视频）") % entry.title) if entry.video else None
    captions = document(run, entry.captions, _("%s（字幕）") % entry.title) if entry.captions else None
    return {
        "title": entry.title,
        "kind": entry.kind,
        "body": blocks.stream(entry.key, entry.body, page_of_case=page_of_case),
        "video": video,
        "captions": captions,
        "seconds": seconds_of(video),
        "check_of_learning": check(run, entry.check, entry) if entry.check else None,
    }


def check(run: Run, entry: CheckEntry, taught: LessonEntry) -> Check:
    """The check of a lesson with its own questions, which are never drawn for papers."""
    questions = [check_question(run, one) for one in entry.questions]
    title = _("%(lesson)s · 课时测验") % {"lesson": taught.title}
    mark = entry.pass_mark
    return save_check(actor=run.actor, key=taught.key, title=title, pass_mark=mark, questions=questions)


def check_question(run: Run, entry: QuestionEntry) -> Question:
    values = {**vars(entry), "indicator": run.indicator(entry.indicator, entry.key)}
    return save_question(actor=run.actor, in_bank=False, **values).question


def document(run: Run, name: str, title: str) -> Document:
    """The file among the course materials, found by its title; what stands is never replaced."""
    collection = materials()
    row = Document.objects.filter(collection=collection, title=title).first()
    if row is None:
        path = run.files.media(name)
        if not path.exists():
            raise DomainError(_("没有找到课程文件 %(name)s，请放到 media 目录。") % {"name": name})
        row = Document(title=title, collection=collection, uploaded_by_user=run.actor)
        with path.open("rb") as file:
            row.file.save(name, File(file), save=False)
            row.file_size = path.stat().st_size
            row.save()
    return row


def seconds_of(video: Document | None) -> int | None:
    """The length of the video in whole seconds; None where its file does not say."""
    if video is None:
        return None
    return recordings.seconds_of(video) or None


def materials() -> Collection:
    """The collection of course files; only people who are signed in may open them."""
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name=MATERIALS).first()
    if found is None:
        found = root.add_child(name=MATERIALS)
        CollectionViewRestriction.objects.create(collection=found, restriction_type=CollectionViewRestriction.LOGIN)
    return found
