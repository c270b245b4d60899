"""Who may open the video and the captions of a lesson, and the files of a course, by the document's own address."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from courses.models import CourseMaterial, EditionLesson, EditionMaterial, Enrolment, Lesson
from courses.querysets import CURRICULUM_ROLES
from people.scopes import has_role


def _belongs_to_a_course(document: Any) -> bool:
    used = Q(video=document) | Q(captions=document)
    return (
        Lesson.objects.filter(used).exists()
        or EditionLesson.objects.filter(used).exists()
        or CourseMaterial.objects.filter(document=document).exists()
        or EditionMaterial.objects.filter(document=document).exists()
    )


def _learns_with(user: Any, document: Any) -> bool:
    taught = EditionLesson.objects.filter(Q(video=document) | Q(captions=document)).values("edition")
    given = EditionMaterial.objects.filter(document=document).values("edition")
    return Enrolment.objects.of(user).standing().filter(Q(edition__in=taught) | Q(edition__in=given)).exists()


def may_open(user: Any, document: Any) -> bool:
    """Other documents are open to whom their collection is; a lesson's are for its learners and its editors."""
    if not _belongs_to_a_course(document):
        return True
    return user.is_authenticated and (has_role(user, *CURRICULUM_ROLES) or _learns_with(user, document))
