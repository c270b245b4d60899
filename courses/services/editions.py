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

from assessments.models import CheckPaper
from assessments.services import freeze_check
from core.errors import DomainError
from courses import mp4
from courses.models import (
    Course,
    CourseEdition,
    EditionAsset,
    EditionLesson,
    Lesson,
    LessonKind,
    ModuleItem,
)
from courses.services.materials import freeze_materials
from people.scopes import has_role

PUBLISHERS = ("training_office",)
COPIED = ("title", "track", "summary", "lecturer", "hours", "notice")


@dataclass(frozen=True)
class _Place:
    """A lesson where the outline puts it."""

    position: int
    module: str
    required: bool
    lesson: Lesson


@transaction.atomic
def publish_edition(*, actor: Any, course: Course) -> CourseEdition:
    """The next edition of what is published now; the last one again when nothing has changed since."""
    if not has_role(actor, *PUBLISHERS):
        raise DomainError(_("只有培训处可以发布课程版次。"), code="forbidden")
    course = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    _refuse_draft(course)
    places = _places(course)
    _refuse_unfit(places)
    papers = {p.lesson.pk: freeze_check(check=p.lesson.check_of_learning) for p in places if p.lesson.check_of_learning}
    last = course.editions.order_by("-number").first()
    if last and _is_same(last, course, places, papers):
        return last
    edition = _new_edition(actor, course)
    EditionLesson.objects.bulk_create([_copy(edition, place, papers.get(place.lesson.pk)) for place in places])
    _pin_files(edition, [place.lesson for place in places])
    freeze_materials(edition=edition)
    log(instance=course, action="courses.publish_edition", user=actor, data={"number": edition.number})
    index.insert_or_update_object(course)
    return edition


def _refuse_draft(course: Course) -> None:
    if not course.live or course.live_revision_id is None:
        raise DomainError(_("课程“%s”还没有发布，请先在编辑页发布课程，再发布版次。") % course.title)
    if course.has_unpublished_changes:
        raise DomainError(_("课程“%s”有尚未发布的修改，请先发布或者放弃这些修改，再发布版次。") % course.title)


def _places(course: Course) -> list[_Place]:
    items = ModuleItem.objects.filter(module__course=course).select_related("module", "lesson__check_of_learning")
    ordered = items.order_by("module__sort_order", "module_id", "sort_order", "pk")
    return [_Place(n, i.module.title, i.required, i.lesson) for n, i in enumerate(ordered, start=1)]


def _named(lessons: list[Lesson]) -> str:
    return "、".join(f"“{lesson.title}”" for lesson in lessons)


def _twice(lessons: list[Lesson]) -> list[Lesson]:
    count = Counter(lesson.pk for lesson in lessons)
    return [lesson for lesson in {x.pk: x for x in lessons}.values() if count[lesson.pk] > 1]


def _lacks_text(lesson: Lesson) -> bool:
    return lesson.kind == LessonKind.ARTICLE and not len(lesson.body)


def _obstacles(lessons: list[Lesson]) -> list[tuple[list[Lesson], str]]:
    """Lessons that cannot be taught as they are, each group with its sentence."""
    drafts = [lesson for lesson in lessons if not lesson.live]
    changed = [lesson for lesson in lessons if lesson.has_unpublished_changes and lesson.live]
    silent = [lesson for lesson in lessons if _lacks_video(lesson)]
    return [
        (_twice(lessons), _("课时%s在提纲中出现了两次，请去掉一处。")),
        (drafts, _("课时%s还没有发布，请先发布课时，再发布版次。")),
        (changed, _("课时%s有尚未发布的修改，请先发布或者放弃这些修改，再发布版次。")),
        (silent, _("视频课时%s没有可以播放的视频文件，请上传 MP4 视频。")),
        ([lesson for lesson in lessons if _lacks_text(lesson)], _("图文课时%s还没有正文，请先写好正文。")),
    ]


def _refuse_unfit(places: list[_Place]) -> None:
    """One sentence with the names of all lessons that stand in the way."""
    if not any(place.required for place in places):
        raise DomainError(_("课程里还没有必修课时，请先在提纲中加入至少一个必修课时。"))
    for unfit, sentence in _obstacles([place.lesson for place in places]):
        if unfit:
            raise DomainError(sentence % _named(unfit))


def _lacks_video(lesson: Lesson) -> bool:
    return lesson.kind == LessonKind.VIDEO and not video_seconds(lesson)


def video_seconds(lesson: Lesson) -> int | None:
    """The length of the lesson's video as its file says, else as it was entered."""
    if lesson.kind != LessonKind.VIDEO or lesson.video is None:
        return None
    try:
        with lesson.video.file.open("rb") as file:
            return mp4.seconds(file) or lesson.seconds
    except FileNotFoundError:
        return None


def _is_same(last: CourseEdition, course: Course, places: list[_Place], papers: dict[int, CheckPaper]) -> bool:
    """Whether the last edition already holds exactly this."""
    fields = ("position", "module", "required", "lesson_id", "revision_id", "check_paper_id")
    now = [(p.position, p.module, p.required, p.lesson.pk, p.lesson.live_revision_id, _pk(papers, p)) for p in places]
    return last.revision_id == course.live_revision_id and list(last.lessons.values_list(*fields)) == now


def _pk(papers: dict[int, CheckPaper], place: _Place) -> int | None:
    paper = papers.get(place.lesson.pk)
    return paper.pk if paper else None


def _new_edition(actor: Any, course: Course) -> CourseEdition:
    number = (course.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    outcomes = course.outcomes.select_related("indicator").order_by("sort_order", "pk")
    return CourseEdition.objects.create(
        course=course,
        number=number,
        revision_id=course.live_revision_id,
        made_by=actor,
        outcomes=[{"indicator": o.indicator.code, "name": o.indicator.name, "text": o.text} for o in outcomes],
        **{name: getattr(course, name) for name in COPIED},
    )


def _copy(edition: CourseEdition, place: _Place, paper: CheckPaper | None) -> EditionLesson:
    lesson = place.lesson
    is_video = lesson.kind == LessonKind.VIDEO
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
        video=lesson.video if is_video else None,
        captions=lesson.captions if is_video else None,
        seconds=video_seconds(lesson),
        check_paper=paper,
    )


def _files_of(lesson: Lesson) -> set[tuple[str, int]]:
    """The images and documents that a lesson shows, as (kind, id)."""
    kinds = {get_image_model(): "image", get_document_model(): "document"}
    references = Lesson._meta.get_field("body").extract_references(lesson.body)
    found = {(kinds[model], int(pk)) for model, pk, *_path in references if model in kinds}
    own = (lesson.video_id, lesson.captions_id) if lesson.kind == LessonKind.VIDEO else ()
    return found | {("document", pk) for pk in own if pk}


def _pin_files(edition: CourseEdition, lessons: list[Lesson]) -> None:
    files = sorted(set().union(*(_files_of(lesson) for lesson in lessons)))
    EditionAsset.objects.bulk_create([EditionAsset(edition=edition, **{f"{kind}_id": pk}) for kind, pk in files])
