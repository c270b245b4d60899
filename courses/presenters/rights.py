"""Rights of use that end, as the office's list and the page of editions show them; constant queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.linghang import day
from courses.models import Course, CourseEdition, CourseMaterial, EditionLesson, EditionMaterial, Enrolment, Lesson
from courses.rules.rights import Licence, Nearness, is_over
from courses.services.rights import ending

STATES = {
    Nearness.EXPIRED: "failed",
    Nearness.LAST_DAY: "risk",
    Nearness.SOON: "risk",
    Nearness.NEAR: "waiting",
    Nearness.FAR: "info",
}


def ending_rows(today: date) -> list[dict[str, Any]]:
    """Each with the editions it is taught in and how many people learn on them now."""
    rows = ending(today)
    editions = _editions_of(rows)
    learners = _learners({edition.pk for found in editions.values() for edition in found})
    return [_row(item, today, editions[_key(item)], learners) for item in rows]


def _key(item: Any) -> tuple[type, int]:
    return type(item), item.pk


def _editions_of(rows: Iterable[Any]) -> dict[tuple[type, int], list[CourseEdition]]:
    found: dict[tuple[type, int], list[CourseEdition]] = defaultdict(list)
    lessons = [row.pk for row in rows if isinstance(row, Lesson)]
    taught = EditionLesson.objects.filter(lesson__in=lessons).select_related("edition").defer("body")
    for lesson in taught.order_by("edition__title", "edition__number"):
        found[Lesson, lesson.lesson_id].append(lesson.edition)
    files = {(row.course_id, row.document_id): row.pk for row in rows if isinstance(row, CourseMaterial)}
    given = EditionMaterial.objects.filter(document__in=[document for _course, document in files])
    for material in given.select_related("edition").order_by("edition__number"):
        if key := files.get((material.edition.course_id, material.document_id)):
            found[CourseMaterial, key].append(material.edition)
    courses = [row.pk for row in rows if isinstance(row, Course)]
    for edition in CourseEdition.objects.filter(course__in=courses).order_by("number"):
        found[Course, edition.course_id].append(edition)
    return found


def _learners(editions: set[int]) -> dict[int, int]:
    rows = Enrolment.objects.standing().filter(edition__in=editions).values("edition").annotate(n=Count("pk"))
    return defaultdict(int, {row["edition"]: row["n"] for row in rows})


def _row(item: Any, today: date, editions: list[CourseEdition], learners: dict[int, int]) -> dict[str, Any]:
    licence = Licence(item.copyright_until, today)
    written_in = item.course if isinstance(item, CourseMaterial) else item
    return {
        "title": item.title,
        "kind": item._meta.verbose_name,
        "url": reverse(f"{written_in.snippet_viewset.url_namespace}:edit", args=[written_in.pk]),
        "until": item.copyright_until,
        "state": STATES[licence.nearness],
        "word": licence.words,
        "editions": [
            {"title": str(edition), "url": reverse("course_editions", args=[edition.course_id])} for edition in editions
        ],
        "learners": sum(learners[edition.pk] for edition in editions),
    }


def warnings_by_edition(course: Course, today: date) -> dict[int, list[str]]:
    """For the staff: the lessons and files of each edition whose right of use is over. They stay readable."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = EditionLesson.objects.filter(edition__course=course, lesson__copyright_until__lt=today)
    for edition, title, until in rows.values_list("edition", "title", "lesson__copyright_until"):
        words = _("课时“%(title)s”的使用授权已于%(day)s到期，学员仍能看到；请续期，或者换内容后发布新版次。")
        found[edition].append(words % {"title": title, "day": day(until)})
    _add_files(found, course, today)
    if is_over(course.copyright_until, today):
        sentence = _("课程的使用授权已于%(day)s到期，学员仍能看到；请续期。") % {"day": day(course.copyright_until)}
        for pk in course.editions.values_list("pk", flat=True):
            found[pk].insert(0, sentence)
    return found


def _add_files(found: dict[int, list[str]], course: Course, today: date) -> None:
    rows = CourseMaterial.objects.filter(course=course, copyright_until__lt=today)
    over = dict(rows.values_list("document", "copyright_until"))
    given = EditionMaterial.objects.filter(edition__course=course, document__in=over)
    words = _("资料“%(title)s”的使用授权已于%(day)s到期，学员仍能下载；请续期，或者换文件后发布新版次。")
    for edition, title, document in given.values_list("edition", "title", "document"):
        found[edition].append(words % {"title": title, "day": day(over[document])})
