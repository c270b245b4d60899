"""Who may open the recording and the captions of a lesson by the address of the document itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from courses.models import EditionLesson, Enrolment, Lesson
from courses.querysets import CURRICULUM_ROLES
from people.scopes import has_role


def _uses(document: Any) -> Q:
    return Q(video=document) | Q(audio=document) | Q(captions=document)


def _is_media_of_a_lesson(document: Any) -> bool:
    used = _uses(document)
    return Lesson.objects.filter(used).exists() or EditionLesson.objects.filter(used).exists()


def _learns_with(user: Any, document: Any) -> bool:
    taught = EditionLesson.objects.filter(_uses(document)).values("edition")
    return Enrolment.objects.of(user).standing().filter(edition__in=taught).exists()


def may_open(user: Any, document: Any) -> bool:
    """Other documents are open to whom their collection is; a lesson's are for its learners and its editors."""
    if not _is_media_of_a_lesson(document):
        return True
    return user.is_authenticated and (has_role(user, *CURRICULUM_ROLES) or _learns_with(user, document))
