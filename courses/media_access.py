"""Who may open the recording, the captions and the PDF of a lesson, and a course's files, by the document's address."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from courses.models import CourseAudit, CourseMaterial, EditionLesson, EditionMaterial, Enrolment, Lesson
from courses.querysets import CURRICULUM_ROLES
from people.scopes import has_role


def _uses(document: Any) -> Q:
    return Q(video=document) | Q(audio=document) | Q(captions=document) | Q(document=document)


def _belongs_to_a_course(document: Any) -> bool:
    used = _uses(document)
    return (
        Lesson.objects.filter(used).exists()
        or EditionLesson.objects.filter(used).exists()
        or CourseMaterial.objects.filter(document=document).exists()
        or EditionMaterial.objects.filter(document=document).exists()
    )


def _learns_with(user: Any, document: Any) -> bool:
    taught = EditionLesson.objects.filter(_uses(document)).values("edition")
    given = EditionMaterial.objects.filter(document=document).values("edition")
    return Enrolment.objects.of(user).standing().filter(Q(edition__in=taught) | Q(edition__in=given)).exists()


def _judges(user: Any, document: Any) -> bool:
    """A reviewer opens the files of the lessons that they were asked to judge, until they have said their opinion."""
    asked = CourseAudit.objects.open().waiting_for(user).values_list("lessons", flat=True)
    lessons = {row["lesson"] for rows in asked for row in rows}
    return Lesson.objects.filter(_uses(document), pk__in=lessons).exists()


def may_open(user: Any, document: Any) -> bool:
    """Other documents are open to whom their collection is; a lesson's are for its learners and its editors."""
    if not _belongs_to_a_course(document):
        return True
    if not user.is_authenticated:
        return False
    return has_role(user, *CURRICULUM_ROLES) or _learns_with(user, document) or _judges(user, document)
