"""Reads for marking: tasks to mark with their counts, the members of a task, the last round of a work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assessments.models import FINAL_KINDS, Grade, Mark, MarkKind, RubricCriterion, Submission, Task
from assessments.rules.double_rating import difference
from assessments.rules.grading import CriterionLevel, grade_of, weighted_score
from assessments.services.rating import last_round, rated_from
from competencies.models import LevelAnchor
from core.templatetags.linghang import hours

LEVEL_NAMES = {1: "知晓", 2: "会用", 3: "胜任", 4: "精通", 5: "示范"}


@dataclass(frozen=True)
class CriterionMark:
    """One criterion of the last round: its level in words and the anchor that it stands for."""

    title: str
    level: str
    anchor: str


@dataclass(frozen=True)
class MarkRound:
    number: int
    kind: str
    marker_id: int
    marker: str
    at: Any
    comment: str
    reason: str
    marks: Sequence[CriterionMark]
    score: Decimal


@dataclass(frozen=True)
class TwoRatings:
    """Both ratings of a work, the points between them, and how the grade came about."""

    first: MarkRound
    second: MarkRound
    difference: Decimal
    tolerance: Decimal
    same_grade: bool


def tasks_to_mark(user: Any) -> QuerySet[Task]:
    """The user's tasks with how many works they hold, were handed in, are graded and are left for the user."""
    mine = Submission.objects.to_mark_by(user).filter(task=OuterRef("pk")).order_by().values("task")
    counts = {
        "members": Count("submissions"),
        "handed_in": Count("submissions", filter=Q(submissions__handed_in_at__isnull=False)),
        "graded": Count("submissions", filter=~Q(submissions__grade="")),
        "left": Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
    }
    return Task.objects.filter(pk__in=user.tasks_to_mark.values("pk")).annotate(**counts).order_by("-due_at", "pk")


def members_of(task: Task, user: Any) -> QuerySet[Submission]:
    """The works of a task by the members' names, with whether the user has rated them."""
    rows = Submission.objects.filter(task=task).select_related("user__unit").rated_by(user)
    return rows.order_by("user__sort_key", "user__work_number")


@dataclass(frozen=True)
class Queue:
    """The works of a task in the order of its members (public ids), and those that the user still has to rate."""

    works: list[UUID]
    left: list[UUID]

    def beside(self, work: UUID, step: int) -> UUID | None:
        """The one before (-1) or after (1)."""
        at = self.works.index(work) + step
        return self.works[at] if 0 <= at < len(self.works) else None

    def around(self, work: UUID, reach: int) -> list[UUID]:
        """The work with its neighbours on both sides."""
        at = self.works.index(work)
        return self.works[max(at - reach, 0) : at + reach + 1]

    def next_after(self, work: UUID) -> UUID | None:
        """The next one that is left, from this one on and around; None when all are done."""
        at, left = self.works.index(work), set(self.left)
        return next((one for one in self.works[at + 1 :] + self.works[:at] if one in left), None)


def queue_of(task: Task, user: Any) -> Queue:
    """Two columns of every work, in one query: lists of a thousand members stay cheap."""
    done = ~Q(grade="") | Q(rated_by_me=True) | Q(disputed_at__isnull=False) | Q(voided_at__isnull=False)
    rows = (
        members_of(task, user)
        .annotate(done=ExpressionWrapper(done, output_field=BooleanField()))
        .values_list("public_id", "done")
    )
    found = list(rows)
    return Queue([work for work, _done in found], [work for work, done in found if not done])


def to_decide(user: Any) -> QuerySet[Submission]:
    """Works with two ratings apart that wait for this person, the longest waiting first."""
    rows = Submission.objects.to_decide_by(user).select_related("task", "user__unit")
    return rows.order_by("disputed_at", "pk")


def criteria_of(task: Task) -> list[RubricCriterion]:
    """The criteria with their indicators and anchors; two queries."""
    anchors = Prefetch("indicator__anchors", LevelAnchor.objects.order_by("level"))
    rows = RubricCriterion.objects.filter(rubric=task.rubric_id).select_related("indicator__dimension")
    return list(rows.prefetch_related(anchors))


def rounds_of(submission: Submission, viewer: Any = None) -> list[MarkRound]:
    """Every round of marks, the newest first; for a ``viewer`` without what the other rater gave."""
    rows = Mark.objects.filter(submission=submission).select_related("criterion__indicator", "marked_by")
    if viewer is not None:
        rows = rows.filter(~Q(kind=MarkKind.RATING) | Q(marked_by=viewer))
    found: dict[int, list[Mark]] = {}
    for mark in rows.prefetch_related("criterion__indicator__anchors").order_by("criterion__position", "pk"):
        found.setdefault(mark.round, []).append(mark)
    return [_round(number, found[number]) for number in sorted(found, reverse=True)]


def last_marks(submission: Submission) -> MarkRound | None:
    """The round that stands, as its learner reads it; None before grading.

    Of a work that two people rated the learner reads the result alone, with what both had to say.
    """
    if not submission.grade:
        return None
    rounds = rounds_of(submission)
    final = next(one for one in rounds if one.kind in FINAL_KINDS)
    if final.kind == MarkKind.SINGLE:
        return final
    said = [one.comment for one in _ratings(rounds)] if final.kind == MarkKind.AGREED else [final.comment]
    return replace(final, kind=MarkKind.SINGLE, marker=_("双人评分"), reason="", comment="；".join(filter(None, said)))


def two_ratings(submission: Submission) -> TwoRatings | None:
    """Both ratings of the work as it stands; None before both are there: nobody reads one alone."""
    start = rated_from(submission)
    pair = _ratings([one for one in rounds_of(submission) if one.number > start])
    if len(pair) < 2:
        return None
    first, second = pair
    return TwoRatings(
        first,
        second,
        difference(first.score, second.score),
        submission.task.tolerance,
        grade_of(first.score) == grade_of(second.score),
    )


def _ratings(rounds: Sequence[MarkRound]) -> list[MarkRound]:
    """The newest rating of each rater, the earlier one first."""
    newest: dict[int, MarkRound] = {}
    for one in rounds:
        if one.kind == MarkKind.RATING:
            newest.setdefault(one.marker_id, one)
    return sorted(newest.values(), key=lambda one: one.number)[-2:]


def last_levels(submission: Submission, user: Any) -> tuple[int, dict[int, Mark]]:
    """The number of the last round that the user goes on from (0 for none) and its marks by criterion."""
    if submission.task.rated_twice:
        last = last_round(submission, MarkKind.RATING, by=user)
    else:
        last = last_round(submission, MarkKind.SINGLE)
    return last, {mark.criterion_id: mark for mark in submission.marks.filter(round=last)}


def _round(number: int, marks: list[Mark]) -> MarkRound:
    first = marks[0]
    score = weighted_score([CriterionLevel(mark.level, mark.criterion.weight) for mark in marks])
    return MarkRound(
        number=number,
        kind=first.kind,
        marker_id=first.marked_by_id,
        marker=first.marked_by.name,
        at=first.at,
        comment=first.comment,
        reason=first.reason,
        marks=[_words(mark) for mark in marks],
        score=score,
    )


def _words(mark: Mark) -> CriterionMark:
    anchors = {anchor.level: anchor.text for anchor in mark.criterion.indicator.anchors.all()}
    return CriterionMark(mark.criterion.title, level_words(mark.level), anchors.get(int(mark.level), ""))


def level_words(level: Any) -> str:
    """L3 胜任; L3.5 胜任—精通."""
    low = int(level)
    if level == low:
        return f"L{low} {_(LEVEL_NAMES[low])}"
    return f"L{hours(level)} {_(LEVEL_NAMES[low])}—{_(LEVEL_NAMES[low + 1])}"


def grade_words(submission: Submission) -> str:
    return str(Grade(submission.grade).label) if submission.grade else ""
