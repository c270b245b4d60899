"""A lecturer's marking: the tasks, the members of one, and one member's work beside the rubric."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import marking, services
from assessments.forms import ExtendForm, MarkForm
from assessments.models import RubricCriterion, Submission, Task
from assessments.permissions import TASK_ROLES
from core.errors import DomainError
from people.permissions import requires


@requires(*TASK_ROLES)
@never_cache
@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    """The tasks that the person marks, each with its running count."""
    tasks = marking.tasks_to_mark(request.user)
    open_ones = [task for task in tasks if not task.marking_closed_at and task.graded < task.members]
    left = sum(task.members - task.graded for task in open_ones)
    return render(request, "assessments/marking_tasks.html", {"tasks": tasks, "left": left, "open": len(open_ones)})


@requires(*TASK_ROLES)
@never_cache
@require_safe
def member_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The members of a task, those without a grade first to be found by the filter."""
    task = task_to_mark(request.user, public_id)
    rows = list(marking.members_of(task))
    context = {
        "task": task,
        "rows": [row for row in rows if not row.grade] if request.GET.get("left") else rows,
        "only_left": bool(request.GET.get("left")),
        "graded": sum(bool(row.grade) for row in rows),
        "total": len(rows),
        "next": next((row for row in rows if not row.grade), None),
    }
    return render(request, "assessments/marking_members.html", context)


@requires(*TASK_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, public_id: UUID, submission_id: UUID) -> HttpResponse:
    """One member's work and the rubric; saving goes on to the next member without a grade."""
    task = task_to_mark(request.user, public_id)
    rows = list(marking.members_of(task))
    submission = next((row for row in rows if row.public_id == submission_id), None)
    if submission is None:
        raise Http404
    criteria = marking.criteria_of(task)
    form = _form(request, submission, criteria)
    if request.method == "POST" and form.is_valid() and _saved(request, submission, form):
        return redirect(*_next(task, rows, submission))
    context = {
        "task": task,
        "submission": submission,
        "rows": rows,
        "form": form,
        "rounds": marking.rounds_of(submission),
        "versions": list(submission.versions.order_by("-number")),
        "extend_form": None if submission.grade or task.marking_closed_at else ExtendForm(),
        "number": rows.index(submission) + 1,
        "graded": sum(bool(row.grade) for row in rows),
        "total": len(rows),
        "before": _beside(rows, submission, -1),
        "after": _beside(rows, submission, 1),
    }
    return render(request, "assessments/mark.html", context, status=422 if form.errors else 200)


@requires(*TASK_ROLES)
@require_POST
def extend(request: HttpRequest, public_id: UUID, submission_id: UUID) -> HttpResponse:
    """More time for one person."""
    task = task_to_mark(request.user, public_id)
    submission = get_object_or_404(task.submissions.select_related("task"), public_id=submission_id)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有延期：请填写延期到什么时候和原因。"))
        return redirect("assessments:mark", public_id, submission_id)
    try:
        services.extend(actor=request.user, submission=submission, **form.cleaned_data)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已延期，并已通知学员。"))
    return redirect("assessments:mark", public_id, submission_id)


def task_to_mark(user: Any, public_id: UUID) -> Task:
    """A task that the person marks; 404 for one they may not see, 403 for one that others mark."""
    task: Task = get_object_or_404(Task.objects.visible_to(user).select_related("rubric"), public_id=public_id)
    if not task.markers.filter(pk=user.pk).exists():
        raise PermissionDenied
    return task


def _form(request: HttpRequest, submission: Submission, criteria: list[RubricCriterion]) -> MarkForm:
    last, held = marking.last_levels(submission)
    initial: dict[str, Any] = {f"level_{pk}": f"{mark.level:.0f}" for pk, mark in held.items() if mark.level % 1 == 0}
    initial["comment"] = next((mark.comment for mark in held.values()), "")
    initial["seen_round"] = last
    return MarkForm(request.POST or None, submission=submission, criteria=criteria, initial=initial)


def _saved(request: HttpRequest, submission: Submission, form: MarkForm) -> bool:
    said = form.cleaned_data
    try:
        graded = services.mark_submission(
            actor=request.user,
            submission=submission,
            levels=form.levels(),
            comment=said["comment"],
            reason=said.get("reason", ""),
            seen_round=said["seen_round"],
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    words = {"name": submission.user.name, "grade": marking.grade_words(graded), "score": f"{graded.score:.2f}"}
    messages.success(request, _("已保存：%(name)s，%(grade)s（%(score)s 分）。") % words)
    return True


def _next(task: Task, rows: list[Submission], done: Submission) -> tuple[Any, ...]:
    """The next member without a grade, after this one first; the list when all are graded."""
    at = rows.index(done)
    left = [row for row in rows[at + 1 :] + rows[:at] if not row.grade]
    if left:
        return "assessments:mark", task.public_id, left[0].public_id
    return "assessments:marking-task", task.public_id


def _beside(rows: list[Submission], submission: Submission, step: int) -> Submission | None:
    at = rows.index(submission) + step
    return rows[at] if 0 <= at < len(rows) else None
