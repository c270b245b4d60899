"""A lecturer's marking: the tasks, the members of one, and one member's work beside the rubric."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import services
from assessments.forms.answers import DecideForm, ExtendForm, MarkForm
from assessments.models import MarkKind, RubricCriterion, Submission, Task
from assessments.permissions import TASK_ROLES, may_decide
from assessments.reading import marking
from assessments.services.handing_in import is_marked
from assessments.services.rating import raters_of
from core.errors import DomainError
from people.permissions import requires
from people.search import find_people

MOST = 50  # disputes on the list of tasks
PER_PAGE = 50
NEAR = 10  # members before and after the open one


@requires(*TASK_ROLES)
@never_cache
@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    """The tasks that the person marks, each with its running count."""
    tasks = marking.tasks_to_mark(request.user)
    open_ones = [task for task in tasks if not task.marking_closed_at and task.left]
    context = {
        "tasks": tasks,
        "left": sum(task.left for task in open_ones),
        "open": len(open_ones),
        "disputes": list(marking.to_decide(request.user)[:MOST]),
    }
    return render(request, "assessments/marking_tasks.html", context)


@requires(*TASK_ROLES)
@never_cache
@require_safe
def member_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The members of a task, found by name; those still to be rated by the filter."""
    task, words = task_to_mark(request.user, public_id), request.GET.get("q", "")
    queue, only_left = marking.queue_of(task, request.user), bool(request.GET.get("left"))
    rows = find_people(marking.members_of(task, request.user), words)
    rows = rows.filter(public_id__in=queue.left) if only_left else rows
    context = {
        "task": task,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "only_left": only_left,
        "words": words,
        "graded": len(queue.works) - len(queue.left),
        "total": len(queue.works),
        "next": marking.members_of(task, request.user).filter(public_id__in=queue.left[:1]).first(),
    }
    return render(request, "assessments/marking_members.html", context)


@requires(*TASK_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, public_id: UUID, submission_id: UUID) -> HttpResponse:
    """One member's work and the rubric; saving goes on to the next member without a grade."""
    task = task_to_mark(request.user, public_id)
    queue = marking.queue_of(task, request.user)
    if submission_id not in queue.works:
        raise Http404
    near = queue.around(submission_id, NEAR)
    rows = {row.public_id: row for row in marking.members_of(task, request.user).filter(public_id__in=near)}
    submission = rows[submission_id]
    submission.task = task
    form = _form(request, submission, marking.criteria_of(task))
    if request.method == "POST" and form.is_valid() and _saved(request, submission, form):
        return redirect(*_next(task, queue, submission))
    context = {
        "task": task,
        "submission": submission,
        "rows": list(rows.values()),
        "form": form,
        "rounds": marking.rounds_of(submission, viewer=request.user if task.rated_twice else None),
        "closed_words": _closed_words(task, submission, request.user),
        "versions": list(submission.versions.order_by("-number")),
        "extend_form": None if submission.voided_at or is_marked(submission) else ExtendForm(),
        "number": queue.works.index(submission_id) + 1,
        "graded": len(queue.works) - len(queue.left),
        "total": len(queue.works),
        "before": rows.get(queue.beside(submission_id, -1)),
        "after": rows.get(queue.beside(submission_id, 1)),
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


@requires(*TASK_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, public_id: UUID, submission_id: UUID) -> HttpResponse:
    """Two ratings beside each other, and the form by which the arbiter settles them."""
    submission = work_to_decide(request.user, public_id, submission_id)
    criteria = marking.criteria_of(submission.task)
    form = DecideForm(request.POST or None, criteria=criteria)
    if request.method == "POST" and form.is_valid() and _decided(request, submission, form):
        return redirect("assessments:marking")
    rounds = marking.rounds_of(submission)
    context = {
        "task": submission.task,
        "submission": submission,
        "form": form,
        "pair": marking.two_ratings(submission),
        "decided": [one for one in rounds if one.kind == MarkKind.DECIDED],
        "versions": list(submission.versions.order_by("-number")),
    }
    return render(request, "assessments/decide.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, submission: Submission, form: DecideForm) -> bool:
    said = {name: form.cleaned_data[name] for name in ("reason", "comment")}
    try:
        graded = services.decide_grade(actor=request.user, submission=submission, levels=form.levels(), **said)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    words = {"name": submission.user.name, "grade": marking.grade_words(graded), "score": f"{graded.score:.2f}"}
    messages.success(request, _("已裁定：%(name)s，%(grade)s（%(score)s 分）。") % words)
    return True


def work_to_decide(user: Any, public_id: UUID, submission_id: UUID) -> Submission:
    """A work with two ratings apart; 404 for one out of sight or without a dispute, 403 for one that others decide."""
    rows = Submission.objects.visible_to(user).filter(disputed_at__isnull=False, voided_at__isnull=True)
    found = rows.select_related("task__rubric", "user__unit")
    submission: Submission = get_object_or_404(found, public_id=submission_id, task__public_id=public_id)
    if not may_decide(user, submission):
        raise PermissionDenied
    return submission


def task_to_mark(user: Any, public_id: UUID) -> Task:
    """A task that the person marks; 404 for one they may not see, 403 for one that others mark."""
    task: Task = get_object_or_404(Task.objects.visible_to(user).select_related("rubric"), public_id=public_id)
    if not task.markers.filter(pk=user.pk).exists():
        raise PermissionDenied
    return task


def _form(request: HttpRequest, submission: Submission, criteria: list[RubricCriterion]) -> MarkForm:
    last, held = marking.last_levels(submission, request.user)
    initial: dict[str, Any] = {f"level_{pk}": f"{mark.level:.0f}" for pk, mark in held.items() if mark.level % 1 == 0}
    initial["comment"] = next((mark.comment for mark in held.values()), "")
    initial["seen_round"] = last
    return MarkForm(request.POST or None, is_first=not last, criteria=criteria, initial=initial)


def _closed_words(task: Task, submission: Submission, user: Any) -> str:
    """Why the work cannot be rated any more by this person; nothing while it can."""
    if task.marking_closed_at:
        return _("评分已经结束，只能查看。")
    if submission.voided_at:
        return _("这份作业的成绩已经取消，不能评分。")
    if not task.rated_twice:
        return ""
    if submission.grade:
        return _("两位教师都已评分，结果如下；确需改动的，由裁定人处理。")
    others = raters_of(submission) - {user.pk}
    if submission.disputed_at or len(others) > 1:
        return _("两位教师都已评分，结果不一致，等待裁定。")
    return ""


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
    messages.success(request, _saved_words(submission, graded))
    return True


def _saved_words(submission: Submission, graded: Submission) -> str:
    """The grade; of one rating in two that it is kept, and nothing of the other's."""
    name = submission.user.name
    if not graded.task.rated_twice:
        words = {"name": name, "grade": marking.grade_words(graded), "score": f"{graded.score:.2f}"}
        return _("已保存：%(name)s，%(grade)s（%(score)s 分）。") % words
    return _("已保存您对%(name)s的评分。两位教师都评完后形成结果。") % {"name": name}


def _next(task: Task, queue: marking.Queue, done: Submission) -> tuple[Any, ...]:
    """The next member to be rated, after this one first; the list when all are."""
    following = queue.next_after(done.public_id)
    if following:
        return "assessments:mark", task.public_id, following
    return "assessments:marking-task", task.public_id
