"""Grading by rubric, in rounds that are only ever added: by one person, or by two apart and a third in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import FINAL_KINDS, Mark, MarkKind, RubricCriterion, Submission
from assessments.permissions import insist, may_decide, may_mark
from assessments.rules.double_rating import agree, mean_levels
from assessments.rules.grading import CriterionLevel, allowed_level, grade_of, weighted_score
from assessments.services.results import say_of_work
from assessments.signals import announce_mark
from core import clock, notices
from core.errors import Conflict, DomainError

Levels = Mapping[int, Decimal]


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

    ``seen_round`` is the round that the marker looked at; another one raises ``Conflict``. Of a work that two people
    rate this is the actor's own rating; the second one settles the grade or leaves it to the arbiter.
    """
    held = _locked(submission)
    insist(may_mark(actor, held.task), _("您不是本任务的评分教师，不能评分。"))
    criteria = _checked(held, levels)
    words = {"comment": comment.strip(), "reason": reason.strip()}
    if held.task.rated_twice:
        return _rate(held, actor, criteria, levels, words, seen_round)
    last = last_round(held, MarkKind.SINGLE)
    if last and _same_as(held, last, levels, words["comment"]):
        return held
    _check_seen(seen_round, last)
    _check_reason(last, words["reason"])
    _add_round(held, actor, criteria, levels, MarkKind.SINGLE, **words)
    _settle(held, actor, criteria, levels, words["reason"])
    return held


@transaction.atomic
def decide_grade(*, actor: Any, submission: Submission, levels: Levels, reason: str, comment: str = "") -> Submission:
    """Settle two ratings that lie apart, by a third person with a reason; decided anew it is a further round."""
    held = _locked(submission)
    insist(may_decide(actor, held), _("您不能裁定这份作业：裁定人由任务指定或由培训处担任，且不是评分教师。"))
    criteria = _checked(held, levels)
    if held.disputed_at is None:
        raise DomainError(_("这份作业的两次评分没有分歧，不需要裁定。"))
    if not reason.strip():
        raise DomainError(_("请写明裁定的理由。"))
    last = last_round(held, MarkKind.DECIDED)
    if last and _same_as(held, last, levels, comment.strip()):
        return held
    words = {"comment": comment.strip(), "reason": reason.strip()}
    _add_round(held, actor, criteria, levels, MarkKind.DECIDED, **words)
    _settle(held, actor, criteria, levels, words["reason"])
    return held


def last_round(held: Submission, *kinds: str, by: Any = None) -> int:
    """The number of the newest round of these kinds (of one person) on the work as it stands; 0 for none."""
    rows = held.marks.filter(kind__in=kinds, round__gt=rated_from(held))
    rows = rows if by is None else rows.filter(marked_by=by)
    return rows.aggregate(last=Max("round"))["last"] or 0


def newest_round(held: Submission) -> int:
    """The number of the newest round of any kind, those of an earlier work included; 0 for none."""
    return held.marks.aggregate(last=Max("round"))["last"] or 0


def rated_from(held: Submission) -> int:
    """The last round of an earlier work that was voided and may be handed in anew; 0 where there is none."""
    earlier = held.voidings.standing().filter(again_until__isnull=False)
    return earlier.aggregate(last=Max("round"))["last"] or 0


def raters_of(held: Submission) -> set[int]:
    """Who has rated the work as it stands (keys of people), of a work that two people rate."""
    rows = held.marks.filter(kind=MarkKind.RATING, round__gt=rated_from(held))
    return set(rows.values_list("marked_by", flat=True))


def levels_of(held: Submission, number: int) -> dict[int, Decimal]:
    """The levels of a round by criterion."""
    return dict(held.marks.filter(round=number).values_list("criterion", "level"))


def score_of(criteria: list[RubricCriterion], levels: Levels) -> Decimal:
    """1–5 to two places."""
    return weighted_score([CriterionLevel(levels[c.pk], c.weight) for c in criteria])


def settle_again(held: Submission, actor: Any, reason: str) -> None:
    """Let the newest settled round count again, after 取消成绩 was lifted; without one the work waits as it did."""
    number, criteria = last_round(held, *FINAL_KINDS), criteria_of(held)
    apart = len(raters_of(held)) > 1 and not last_round(held, MarkKind.AGREED)
    held.disputed_at = (held.disputed_at or clock.now()) if apart else None
    held.save(update_fields=["disputed_at"])
    if number:
        _settle(held, actor, criteria, levels_of(held, number), reason)


def criteria_of(held: Submission) -> list[RubricCriterion]:
    return list(RubricCriterion.objects.filter(rubric=held.task.rubric_id).select_related("indicator"))


def lock_work(submission: Submission) -> Submission:
    """The work with its task, held until the transaction ends."""
    rows = Submission.objects.select_related("task", "user").select_for_update(of=("self",))
    return rows.get(pk=submission.pk)


def _locked(submission: Submission) -> Submission:
    held = lock_work(submission)
    if held.task.marking_closed_at:
        raise DomainError(_("本任务的评分已经结束，不能再评分或改分。"))
    if held.voided_at:
        raise DomainError(_("这份作业的成绩已经取消，不能评分。"))
    return held


def _checked(held: Submission, levels: Levels) -> list[RubricCriterion]:
    """The criteria, where every one has a level that can be given."""
    criteria = criteria_of(held)
    if {criterion.pk for criterion in criteria} != set(levels):
        missing = [criterion.title for criterion in criteria if criterion.pk not in levels]
        raise DomainError(_("请为每个评分项选择等级，还缺：%(names)s。") % {"names": "、".join(missing) or _("无")})
    if not all(allowed_level(level) for level in levels.values()):
        raise DomainError(_("等级应为 1 至 5，可以有半级。"))
    return criteria


def _check_seen(seen: int | None, last: int) -> None:
    if seen is not None and seen != last:
        raise Conflict(_("其他教师刚刚评过这份作业，请核对最新评分后再保存。"))


def _check_reason(last: int, reason: str) -> None:
    if last and not reason:
        raise DomainError(_("这份作业已经评分，修改时请写明理由。"))


def _same_as(held: Submission, last: int, levels: Levels, comment: str) -> bool:
    """Whether the last round says the same: a repeated save is harmless."""
    rows = held.marks.filter(round=last).values_list("criterion", "level", "comment")
    return {(pk, level, comment) for pk, level in levels.items()} == set(rows)


# --- two raters ---


def _rate(
    held: Submission,
    actor: Any,
    criteria: list[RubricCriterion],
    levels: Levels,
    words: dict[str, str],
    seen_round: int | None,
) -> Submission:
    """Keep the actor's own rating; with the second one the work is settled or disputed."""
    own = last_round(held, MarkKind.RATING, by=actor)
    if own and _same_as(held, own, levels, words["comment"]):
        return held
    others = raters_of(held) - {actor.pk}
    _check_rater(held, own, others)
    _check_seen(seen_round, own)
    _check_reason(own, words["reason"])
    _add_round(held, actor, criteria, levels, MarkKind.RATING, **words)
    if others:
        _compare(held, actor, criteria, levels, levels_of(held, last_round(held, MarkKind.RATING, by=others.pop())))
    return held


def _check_rater(held: Submission, own: int, others: set[int]) -> None:
    if own and others:
        raise DomainError(_("两位教师都已评分，不能再修改；确需改动的，由裁定人处理。"))
    if len(others) > 1:
        raise DomainError(_("这份作业已有两位教师评分，不需要再评。"))


def _compare(held: Submission, actor: Any, criteria: list[RubricCriterion], second: Levels, first: Levels) -> None:
    """Settle two ratings by their mean where they agree; else leave them to the arbiter."""
    if agree(score_of(criteria, first), score_of(criteria, second), held.task.tolerance):
        mean = mean_levels(first, second)
        _add_round(held, actor, criteria, mean, MarkKind.AGREED)
        _settle(held, actor, criteria, mean, "")
        return
    held.disputed_at = clock.now()
    held.save(update_fields=["disputed_at"])
    if held.task.arbiter_id:
        notices.send(
            to=[held.task.arbiter_id],
            title=_("有作业需要裁定"),
            text=_("任务《%(title)s》有作业两次评分不一致，请裁定。") % {"title": held.task.title},
            url=reverse("assessments:decide", args=[held.task.public_id, held.public_id]),
            key=f"dispute:{held.public_id}:{held.disputed_at.isoformat()}",
            kind="marking.dispute",
        )


# --- writing ---


def _add_round(
    held: Submission,
    actor: Any,
    criteria: list[RubricCriterion],
    levels: Levels,
    kind: str,
    comment: str = "",
    reason: str = "",
) -> None:
    """A further round of marks."""
    number, now = newest_round(held) + 1, clock.now()
    Mark.objects.bulk_create(
        Mark(
            submission=held, criterion=criterion, kind=kind, level=levels[criterion.pk], comment=comment[:300],
            reason=reason[:200], marked_by=actor, round=number, at=now,
        )
        for criterion in criteria
    )  # fmt: skip
    log(held, "assessments.mark", user=actor, data={"round": number, "kind": kind, "reason": reason})


def _settle(held: Submission, actor: Any, criteria: list[RubricCriterion], levels: Levels, reason: str) -> None:
    """Let a round be the work's grade and what is said of the person."""
    held.score = score_of(criteria, levels)
    held.grade = grade_of(held.score)
    held.save(update_fields=["score", "grade"])
    say_of_work(held, actor, criteria, levels, reason or _("重新评定"))
    announce_mark(held)
