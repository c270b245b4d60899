"""Tasks: set, given to people, and their grading ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Mark, MarkKind, Rubric, Submission, Task, Voiding
from assessments.permissions import insist, may_set_tasks
from core import clock, notices
from core.errors import DomainError

TOLERANCE = Decimal("0.50")  # points of 1–5


@transaction.atomic
def create_task(
    *,
    actor: Any,
    context_key: str,
    title: str,
    brief: str,
    rubric: Rubric,
    due_at: datetime,
    markers: Iterable[Any],
    users: Iterable[Any],
    ratings_asked: int = 1,
    tolerance: Decimal = TOLERANCE,
    arbiter: Any = None,
) -> Task:
    """A task for these people, graded by these markers; of two ratings further apart than ``tolerance`` (points of
    1–5) or of different grades the arbiter decides, who is the training office where nobody is named."""
    insist(may_set_tasks(actor), _("您没有布置任务的权限。"))
    graders = list(markers)
    _check_graders(graders, ratings_asked, tolerance, arbiter)
    if not rubric.criteria.exists():
        raise DomainError(_("评分标准《%(rubric)s》还没有评分项，请先补充。") % {"rubric": rubric.title})
    task = Task.objects.create(
        context_key=context_key, title=title.strip(), brief=brief.strip(), rubric=rubric, due_at=due_at,
        ratings_asked=ratings_asked, tolerance=tolerance, arbiter=arbiter,
    )  # fmt: skip
    task.markers.set(graders)
    log(task, "assessments.create_task", user=actor, data={"context": context_key})
    assign(actor=actor, task=task, users=users)
    return task


def _check_graders(graders: list[Any], ratings_asked: int, tolerance: Decimal, arbiter: Any) -> None:
    if not graders:
        raise DomainError(_("请至少指定一名评分教师。"))
    if ratings_asked not in (1, 2) or not 0 <= tolerance <= 4:
        raise DomainError(_("每份作业由一名或两名教师评分，允许分差为 0 至 4 分。"))
    if ratings_asked == 2 and len(graders) < 2:
        raise DomainError(_("双评的任务请至少指定两名评分教师。"))
    if arbiter is not None and ratings_asked == 1:
        raise DomainError(_("只有双评的任务需要裁定人。"))
    if arbiter is not None and arbiter.pk in {grader.pk for grader in graders}:
        raise DomainError(_("裁定人应是评分教师以外的第三人。"))


@transaction.atomic
def assign(*, actor: Any, task: Task, users: Iterable[Any]) -> int:
    """Give the task to people who do not have it yet (late members of a class); how many."""
    insist(may_set_tasks(actor), _("您没有布置任务的权限。"))
    there = set(task.submissions.values_list("user_id", flat=True))
    new = {user.pk for user in users} - there
    Submission.objects.bulk_create(Submission(task=task, user_id=pk) for pk in sorted(new))
    return len(new)


@transaction.atomic
def rearrange_task(
    *, actor: Any, task: Task, due_at: datetime, markers: Iterable[Any], ratings_asked: int, tolerance: Decimal,
    arbiter: Any = None,
) -> Task:  # fmt: skip
    """Change until when a task runs and who grades it; how often each work is rated only while nothing is graded.

    Marks that were given stay, also those of somebody who no longer grades. A new deadline is told to everybody.
    """
    insist(may_set_tasks(actor), _("您没有布置任务的权限。"))
    held = Task.objects.select_for_update().get(pk=task.pk)
    graders = list(markers)
    _check_graders(graders, ratings_asked, tolerance, arbiter)
    _check_rearranged(held, due_at, ratings_asked)
    before = {"due_at": held.due_at, "ratings_asked": held.ratings_asked, "tolerance": held.tolerance,
              "arbiter": held.arbiter, "markers": _keys(held.markers.all())}  # fmt: skip
    after = {"due_at": due_at, "ratings_asked": ratings_asked, "tolerance": tolerance, "arbiter": arbiter,
             "markers": _keys(graders)}  # fmt: skip
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return held
    held.due_at, held.ratings_asked, held.tolerance, held.arbiter = due_at, ratings_asked, tolerance, arbiter
    held.save(update_fields=["due_at", "ratings_asked", "tolerance", "arbiter"])
    held.markers.set(graders)
    log(held, "assessments.rearrange_task", user=actor, data={"changed": changed})
    if "due_at" in changed:
        _tell_of_deadline(held)
    return held


def _keys(people: Iterable[Any]) -> list[int]:
    return sorted(person.pk for person in people)


def _check_rearranged(task: Task, due_at: datetime, ratings_asked: int) -> None:
    if task.marking_closed_at:
        raise DomainError(_("本任务的评分已经结束，不能再调整。"))
    if due_at != task.due_at and due_at <= clock.now():
        raise DomainError(_("新的截止时间应晚于现在。"))
    if ratings_asked != task.ratings_asked and Mark.objects.filter(submission__task=task).exists():
        raise DomainError(_("已有作业评过分，不能再改变每份作业由几人评分。"))


def _tell_of_deadline(task: Task) -> None:
    """Everybody who has not handed in yet reads that there is another deadline."""
    notices.send(
        to=task.submissions.filter(handed_in_at__isnull=True).values_list("user_id", flat=True),
        title=_("任务的截止时间有调整"),
        text=task.title,
        url=reverse("assessments:task", args=[task.public_id]),
    )


@transaction.atomic
def close_marking(*, actor: Any, task: Task) -> Task:
    """End the grading of a task; marks cannot be changed afterwards."""
    insist(may_set_tasks(actor), _("您没有结束评分的权限。"))
    open_ones = _half_rated(task)
    if open_ones:
        raise DomainError(_("还有 %(n)s 份作业只评了一次或者等待裁定，处理后才能结束评分。") % {"n": open_ones})
    now = clock.now()
    if Task.objects.filter(pk=task.pk, marking_closed_at__isnull=True).update(marking_closed_at=now):
        log(task, "assessments.close_marking", user=actor)
    task.refresh_from_db(fields=["marking_closed_at"])
    return task


@transaction.atomic
def reopen_marking(*, actor: Any, task: Task, reason: str) -> Task:
    """Let a closed grading go on, with a reason."""
    insist(may_set_tasks(actor), _("您没有重新开放评分的权限。"))
    if not reason.strip():
        raise DomainError(_("请写明重新开放评分的理由。"))
    if Task.objects.filter(pk=task.pk, marking_closed_at__isnull=False).update(marking_closed_at=None):
        log(task, "assessments.reopen_marking", user=actor, data={"reason": reason.strip()})
    task.refresh_from_db(fields=["marking_closed_at"])
    return task


def _half_rated(task: Task) -> int:
    """Works that two people rate on which there is a rating and no grade."""
    rated = Mark.objects.filter(submission=OuterRef("pk"), kind=MarkKind.RATING)
    voided = Voiding.objects.standing().filter(submission=OuterRef("pk"), again_until__isnull=False)
    waiting = task.submissions.filter(Exists(rated), grade="", voided_at__isnull=True)
    return waiting.exclude(Exists(voided), handed_in_at__isnull=True).count()
