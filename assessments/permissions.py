"""Who may do what with questions, exams and tasks, in sentences."""

from __future__ import annotations

from typing import Any

from assessments.models import MarkKind, Submission, Task
from core.errors import DomainError
from people.scopes import has_role

BANK_ROLES = ("training_office", "content_editor", "lecturer")
EXAM_ROLES = ("training_office", "class_teacher")
TASK_ROLES = ("training_office", "class_teacher", "lecturer")
VOID_ROLES = ("training_office",)


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


def may_decide(user: Any, submission: Submission) -> bool:
    """Whether the person may settle two ratings of the work: the arbiter or the office, and neither of the raters."""
    if submission.marks.filter(kind=MarkKind.RATING, marked_by=user.pk).exists():
        return False
    if submission.task.arbiter_id == user.pk:
        return True
    return has_role(user, "training_office") and Submission.objects.visible_to(user).filter(pk=submission.pk).exists()


def may_void(user: Any) -> bool:
    return has_role(user, *VOID_ROLES)


def insist(allowed: bool, sentence: str) -> None:
    """Raise the sentence as a refusal unless allowed."""
    if not allowed:
        raise DomainError(sentence, code="forbidden")
