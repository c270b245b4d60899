"""Who may open the recording, the captions and the PDF of a lesson by the address of the document itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from courses.models import CourseAudit, EditionLesson, Enrolment, Lesson
from courses.querysets import CURRICULUM_ROLES
from people.scopes import has_role


def _uses(document: Any) -> Q:
    return Q(video=document) | Q(audio=document) | Q(captions=document) | Q(document=document)


def _is_media_of_a_lesson(document: Any) -> bool:
    used = _uses(document)
    return Lesson.objects.filter(used).exists() or EditionLesson.objects.filter(used).exists()


def _learns_with(user: Any, document: Any) -> bool:
    taught = EditionLesson.objects.filter(_uses(document)).values("edition")
    return Enrolment.objects.of(user).standing().filter(edition__in=taught).exists()


def _judges(user: Any, document: Any) -> bool:
    """A reviewer opens the files of the lessons that they were asked to judge, until they have said their opinion."""
    asked = CourseAudit.objects.open().waiting_for(user).values_list("lessons", flat=True)
    lessons = {row["lesson"] for rows in asked for row in rows}
    return Lesson.objects.filter(
        Q(video=document) | Q(captions=document) | Q(document=document), pk__in=lessons
    ).exists()


def may_open(user: Any, document: Any) -> bool:
    """Other documents are open to whom their collection is; a lesson's are for its learners and its editors."""
    if not _is_media_of_a_lesson(document):
        return True
    if not user.is_authenticated:
        return False
    return has_role(user, *CURRICULUM_ROLES) or _learns_with(user, document) or _judges(user, document)
