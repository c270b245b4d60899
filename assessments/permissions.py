"""Who may do what with questions, exams and tasks, in sentences."""

from __future__ import annotations

from typing import Any

from assessments.models import Task
from core.errors import DomainError
from people.scopes import has_role

BANK_ROLES = ("training_office", "content_editor", "lecturer")
EXAM_ROLES = ("training_office", "class_teacher")
TASK_ROLES = ("training_office", "class_teacher", "lecturer")


def may_edit_bank(user: Any) -> bool:
    return has_role(user, *BANK_ROLES)


def may_run_exams(user: Any) -> bool:
    return has_role(user, *EXAM_ROLES)


def may_set_tasks(user: Any) -> bool:
    return has_role(user, *TASK_ROLES)


def may_run_surveys(user: Any) -> bool:
    return has_role(user, *EXAM_ROLES)


def may_mark(user: Any, task: Task) -> bool:
    return task.markers.filter(pk=user.pk).exists()


def insist(allowed: bool, sentence: str) -> None:
    """Raise the sentence as a refusal unless allowed."""
    if not allowed:
        raise DomainError(sentence, code="forbidden")
