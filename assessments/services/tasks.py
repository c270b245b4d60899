"""Tasks: set, and graded by rubric in rounds that are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.grading import CriterionLevel, allowed_level, grade_of, weighted_score
from assessments.models import Mark, Rubric, RubricCriterion, Submission, Task
from assessments.permissions import insist, may_mark, may_set_tasks
from assessments.signals import announce_mark
from competencies.models import Evidence, Kind, Phase
from competencies.services import EvidenceEntry, record_evidence, reverse_evidence
from core import clock
from core.errors import Conflict, DomainError

Levels = Mapping[int, Decimal]


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
) -> Task:
    """A task for these people, graded by these markers."""
    insist(may_set_tasks(actor), _("您没有布置任务的权限。"))
    graders = list(markers)
    if not graders:
        raise DomainError(_("请至少指定一名评分教师。"))
    if not rubric.criteria.exists():
        raise DomainError(_("评分标准《%(rubric)s》还没有评分项，请先补充。") % {"rubric": rubric.title})
    task = Task.objects.create(
        context_key=context_key, title=title.strip(), brief=brief.strip(), rubric=rubric, due_at=due_at
    )
    task.markers.set(graders)
    log(task, "assessments.create_task", user=actor, data={"context": context_key})
    assign(actor=actor, task=task, users=users)
    return task


@transaction.atomic
def assign(*, actor: Any, task: Task, users: Iterable[Any]) -> int:
    """Give the task to people who do not have it yet (late members of a class); how many."""
    insist(may_set_tasks(actor), _("您没有布置任务的权限。"))
    there = set(task.submissions.values_list("user_id", flat=True))
    new = {user.pk for user in users} - there
    Submission.objects.bulk_create(Submission(task=task, user_id=pk) for pk in sorted(new))
    return len(new)


@transaction.atomic
def mark_submission(
    *,
    actor: Any,
    submission: Submission,
    levels: Levels,
    comment: str = "",
    reason: str = "",
    seen_round: int | None = None,
) -> Submission:
    """Grade every criterion (1–5 in halves) in a new round; a changed mark needs a reason and takes back its evidence.

    ``seen_round`` is the round that the marker looked at; another one raises ``Conflict``.
    """
    held = Submission.objects.select_related("task", "user").select_for_update(of=("self",)).get(pk=submission.pk)
    _check_marking(held.task, actor)
    criteria = list(RubricCriterion.objects.filter(rubric=held.task.rubric_id).select_related("indicator"))
    _check_levels(criteria, levels)
    last = held.marks.aggregate(last=Max("round"))["last"] or 0
    if last and _same_as(held, last, levels, comment.strip()):
        return held
    if seen_round is not None and seen_round != last:
        raise Conflict(_("其他教师刚刚评过这份作业，请核对最新评分后再保存。"))
    if last and not reason.strip():
        raise DomainError(_("这份作业已经评分，修改时请写明理由。"))
    _add_round(held, actor, criteria, levels, last + 1, comment.strip(), reason.strip())
    _record(held, actor, criteria, levels, last + 1, reason.strip())
    announce_mark(held)
    return held


@transaction.atomic
def close_marking(*, actor: Any, task: Task) -> Task:
    """End the grading of a task; marks cannot be changed afterwards."""
    insist(may_set_tasks(actor), _("您没有结束评分的权限。"))
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


def _check_marking(task: Task, actor: Any) -> None:
    insist(may_mark(actor, task), _("您不是本任务的评分教师，不能评分。"))
    if task.marking_closed_at:
        raise DomainError(_("本任务的评分已经结束，不能再评分或改分。"))


def _check_levels(criteria: list[RubricCriterion], levels: Levels) -> None:
    if {criterion.pk for criterion in criteria} != set(levels):
        missing = [criterion.title for criterion in criteria if criterion.pk not in levels]
        raise DomainError(_("请为每个评分项选择等级，还缺：%(names)s。") % {"names": "、".join(missing) or _("无")})
    if not all(allowed_level(level) for level in levels.values()):
        raise DomainError(_("等级应为 1 至 5，可以有半级。"))


def _same_as(held: Submission, last: int, levels: Levels, comment: str) -> bool:
    """Whether the last round says the same: a repeated save is harmless."""
    rows = held.marks.filter(round=last).values_list("criterion", "level", "comment")
    return {(pk, level, comment) for pk, level in levels.items()} == set(rows)


def _add_round(
    held: Submission,
    actor: Any,
    criteria: list[RubricCriterion],
    levels: Levels,
    number: int,
    comment: str,
    reason: str,
) -> None:
    now = clock.now()
    Mark.objects.bulk_create(
        Mark(
            submission=held, criterion=criterion, level=levels[criterion.pk], comment=comment[:300],
            reason=reason[:200], marked_by=actor, round=number, at=now,
        )
        for criterion in criteria
    )  # fmt: skip
    held.score = weighted_score([CriterionLevel(levels[c.pk], c.weight) for c in criteria])
    held.grade = grade_of(held.score)
    held.save(update_fields=["score", "grade"])
    log(held, "assessments.mark", user=actor, data={"round": number, "reason": reason})


def _record(
    held: Submission, actor: Any, criteria: list[RubricCriterion], levels: Levels, number: int, reason: str
) -> None:
    """Take back what the former round said of the person, then say it anew; unscored indicators are left out."""
    if number > 1:
        former = Evidence.objects.standing().filter(source_ref=_ref(held, number - 1), user=held.user_id)
        reverse_evidence(actor=actor, evidence=list(former), reason=reason)
    entries = [
        EvidenceEntry(
            user_id=held.user_id,
            indicator_id=criterion.indicator_id,
            kind=Kind.TASK,
            phase=Phase.DURING,
            score=levels[criterion.pk],
            items=1,
            source_label=held.task.title,
            source_ref=_ref(held, number),
            context_key=held.task.context_key,
            observed_on=clock.today(),
        )
        for criterion in criteria
        if criterion.indicator.scored
    ]
    record_evidence(actor=actor, entries=entries)


def _ref(held: Submission, number: int) -> str:
    return f"task:{held.task.public_id}:{held.public_id}:{number}"
