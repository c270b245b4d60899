"""A course becomes an edition: every text copied, every check frozen, every file pinned."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.search import index

from assessments.models import CheckPaper, QuestionVersion
from assessments.services import freeze_check
from core import clock
from core.errors import DomainError
from courses.formats import recordings
from courses.models import (
    RECORDINGS,
    Course,
    CourseAudit,
    CourseEdition,
    EditionAsset,
    EditionLesson,
    Lesson,
    LessonCue,
    LessonKind,
    ModuleItem,
)
from courses.rules.rights import is_over
from courses.services.auditing import require_audit
from courses.services.fitness import unfit_by_kind
from courses.services.materials import freeze_materials
from people.scopes import has_role

PUBLISHERS = ("training_office",)
COPIED = ("title", "track", "summary", "lecturer", "hours", "notice", "max_speed")


@dataclass(frozen=True)
class _Place:
    """A lesson where the outline puts it."""

    position: int
    module: str
    required: bool
    lesson: Lesson
    cues: list[list[int]]


@transaction.atomic
def publish_edition(*, actor: Any, course: Course) -> CourseEdition:
    """The next edition of what is published now; the last one again when nothing has changed since."""
    if not has_role(actor, *PUBLISHERS):
        raise DomainError(_("只有培训处可以发布课程版次。"), code="forbidden")
    course = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    _refuse_draft(course)
    places = _places(course)
    _refuse_unfit(places)
    audit = require_audit(course)
    papers = {p.lesson.pk: freeze_check(check=p.lesson.check_of_learning) for p in places if p.lesson.check_of_learning}
    last = course.editions.order_by("-number").first()
    if last and _is_same(last, course, places, papers):
        return last
    edition = _new_edition(actor, course, audit)
    EditionLesson.objects.bulk_create([_copy(edition, place, papers.get(place.lesson.pk)) for place in places])
    _pin_files(edition, [place.lesson for place in places])
    freeze_materials(edition=edition)
    log(instance=course, action="courses.publish_edition", user=actor, data={"number": edition.number})
    index.insert_or_update_object(course)
    return edition


def _refuse_draft(course: Course) -> None:
    if not course.live or course.live_revision_id is None:
        raise DomainError(_("课程“%s”还没有发布，请先在编辑页发布课程，再发布版次。") % course.title)
    if is_over(course.copyright_until, clock.today()):
        raise DomainError(_("课程“%s”的使用授权已经到期，请续期并改写日期，再发布版次。") % course.title)
    if over := [row.title for row in course.materials.all() if is_over(row.copyright_until, clock.today())]:
        words = {"titles": "、".join(f"“{title}”" for title in over)}
        raise DomainError(
            _("课程资料%(titles)s的使用授权已经到期，请续期并改写日期，或者更换文件，再发布版次。") % words
        )
    if course.has_unpublished_changes:
        raise DomainError(_("课程“%s”有尚未发布的修改，请先发布或者放弃这些修改，再发布版次。") % course.title)


def _places(course: Course) -> list[_Place]:
    items = ModuleItem.objects.filter(module__course=course).select_related("module", "lesson__check_of_learning")
    ordered = items.order_by("module__sort_order", "module_id", "sort_order", "pk")
    cues = _cues([item.lesson_id for item in ordered])
    return [
        _Place(n, i.module.title, i.required, i.lesson, cues.get(i.lesson_id, [])) for n, i in enumerate(ordered, 1)
    ]


def _cues(lessons: list[int]) -> dict[int, list[list[int]]]:
    """The questions on the way by lesson: each with its second and its newest wording, in order."""
    rows = LessonCue.objects.filter(lesson__in=lessons, lesson__kind__in=RECORDINGS).order_by("at", "pk")
    found = list(rows.values_list("lesson_id", "at", "question_id"))
    versions = QuestionVersion.objects.filter(question__in=[row[2] for row in found]).order_by("number")
    wordings = dict(versions.values_list("question_id", "pk"))
    cues: dict[int, list[list[int]]] = {}
    for lesson, at, question in found:
        cues.setdefault(lesson, []).append([at, wordings[question]])
    return cues


def _named(lessons: list[Lesson]) -> str:
    return "、".join(f"“{lesson.title}”" for lesson in lessons)


def _twice(lessons: list[Lesson]) -> list[Lesson]:
    count = Counter(lesson.pk for lesson in lessons)
    return [lesson for lesson in {x.pk: x for x in lessons}.values() if count[lesson.pk] > 1]


def _lacks_text(lesson: Lesson) -> bool:
    return lesson.kind in (LessonKind.ARTICLE, LessonKind.AUDIO) and not len(lesson.body)


def _obstacles(lessons: list[Lesson]) -> list[tuple[list[Lesson], str]]:
    """Lessons that cannot be taught as they are, each group with its sentence."""
    drafts = [lesson for lesson in lessons if not lesson.live]
    changed = [lesson for lesson in lessons if lesson.has_unpublished_changes and lesson.live]
    silent = [lesson for lesson in lessons if _lacks_recording(lesson)]
    wordless = [lesson for lesson in lessons if _lacks_text(lesson)]
    over = [lesson for lesson in lessons if is_over(lesson.copyright_until, clock.today())]
    return [
        (_twice(lessons), _("课时%s在提纲中出现了两次，请去掉一处。")),
        (drafts, _("课时%s还没有发布，请先发布课时，再发布版次。")),
        (changed, _("课时%s有尚未发布的修改，请先发布或者放弃这些修改，再发布版次。")),
        (silent, _("课时%s没有可以播放的视频或音频文件，请先在课时中选好文件。")),
        (over, _("课时%s的使用授权已经到期，请续期并改写日期，或者更换内容，再发布版次。")),
        (wordless, _("课时%s还没有正文，请先写好正文；音频课时的正文是文字稿。")),
        *unfit_by_kind(lessons),
    ]


def _refuse_unfit(places: list[_Place]) -> None:
    """One sentence with the names of all lessons that stand in the way."""
    if not any(place.required for place in places):
        raise DomainError(_("课程里还没有必修课时，请先在提纲中加入至少一个必修课时。"))
    for unfit, sentence in _obstacles([place.lesson for place in places]):
        if unfit:
            raise DomainError(sentence % _named(unfit))


def _lacks_recording(lesson: Lesson) -> bool:
    return lesson.kind in RECORDINGS and not playing_seconds(lesson)


def playing_seconds(lesson: Lesson) -> int | None:
    """The length of the lesson's recording as its file says, else as it was entered."""
    if lesson.recording is None:
        return None
    try:
        return recordings.seconds_of(lesson.recording) or lesson.seconds
    except FileNotFoundError:
        return None


def _is_same(last: CourseEdition, course: Course, places: list[_Place], papers: dict[int, CheckPaper]) -> bool:
    """Whether the last edition already holds exactly this."""
    fields = ("position", "module", "required", "lesson_id", "revision_id", "check_paper_id", "cues")
    now = [
        (p.position, p.module, p.required, p.lesson.pk, p.lesson.live_revision_id, _pk(papers, p), p.cues)
        for p in places
    ]
    return last.revision_id == course.live_revision_id and list(last.lessons.values_list(*fields)) == now


def _pk(papers: dict[int, CheckPaper], place: _Place) -> int | None:
    paper = papers.get(place.lesson.pk)
    return paper.pk if paper else None


def _new_edition(actor: Any, course: Course, audit: CourseAudit) -> CourseEdition:
    number = (course.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    outcomes = course.outcomes.select_related("indicator").order_by("sort_order", "pk")
    return CourseEdition.objects.create(
        course=course,
        number=number,
        revision_id=course.live_revision_id,
        audit=audit,
        made_by=actor,
        outcomes=[{"indicator": o.indicator.code, "name": o.indicator.name, "text": o.text} for o in outcomes],
        **{name: getattr(course, name) for name in COPIED},
    )


def _copy(edition: CourseEdition, place: _Place, paper: CheckPaper | None) -> EditionLesson:
    lesson = place.lesson
    return EditionLesson(
        edition=edition,
        lesson=lesson,
        revision_id=lesson.live_revision_id,
        position=place.position,
        module=place.module,
        title=lesson.title,
        kind=lesson.kind,
        required=place.required,
        body=lesson.body,
        video=lesson.video if lesson.kind == LessonKind.VIDEO else None,
        audio=lesson.audio if lesson.kind == LessonKind.AUDIO else None,
        captions=lesson.captions if lesson.kind in RECORDINGS else None,
        seconds=playing_seconds(lesson),
        check_paper=paper,
        cues=place.cues,
        **_delivery(lesson),
    )


# What a lesson of each kind hands to its copy, apart from its text, its recording and its check.
DELIVERED = {
    LessonKind.DOCUMENT: ("document",),
    LessonKind.LINK: ("platform", "address"),
    LessonKind.LIVE: ("address", "place", "starts_at", "ends_at"),
}


def _delivery(lesson: Lesson) -> dict[str, Any]:
    """The fields of its kind, and the minutes; a live session lasts as long as it is announced."""
    fields = {name: getattr(lesson, name) for name in DELIVERED.get(LessonKind(lesson.kind), ())}
    if lesson.kind == LessonKind.LIVE and lesson.starts_at and lesson.ends_at:
        return {**fields, "minutes": int((lesson.ends_at - lesson.starts_at).total_seconds() // 60)}
    return {**fields, "minutes": lesson.minutes}


def _files_of(lesson: Lesson) -> set[tuple[str, int]]:
    """The images and documents that a lesson shows, as (kind, id)."""
    kinds = {get_image_model(): "image", get_document_model(): "document"}
    references = Lesson._meta.get_field("body").extract_references(lesson.body)
    found = {(kinds[model], int(pk)) for model, pk, *_path in references if model in kinds}
    own = (lesson.recording, lesson.captions) if lesson.kind in RECORDINGS else ()
    own = (lesson.document,) if lesson.kind == LessonKind.DOCUMENT else own
    return found | {("document", file.pk) for file in own if file}


def _pin_files(edition: CourseEdition, lessons: list[Lesson]) -> None:
    files = sorted(set().union(*(_files_of(lesson) for lesson in lessons)))
    EditionAsset.objects.bulk_create([EditionAsset(edition=edition, **{f"{kind}_id": pk}) for kind, pk in files])
