"""Reads for marking: tasks to mark with their counts, the members of a task, the last round of a work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from assessments.models import Grade, Mark, RubricCriterion, Submission, Task
from competencies.models import LevelAnchor

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
    marker: str
    at: Any
    comment: str
    reason: str
    marks: Sequence[CriterionMark]


def tasks_to_mark(user: Any) -> QuerySet[Task]:
    """The user's tasks with how many works they hold, were handed in and are graded; two queries or fewer."""
    counts = {
        "members": Count("submissions"),
        "handed_in": Count("submissions", filter=Q(submissions__handed_in_at__isnull=False)),
        "graded": Count("submissions", filter=~Q(submissions__grade="")),
    }
    return Task.objects.filter(pk__in=user.tasks_to_mark.values("pk")).annotate(**counts).order_by("-due_at", "pk")


def members_of(task: Task) -> QuerySet[Submission]:
    """The works of a task by the members' names."""
    rows = Submission.objects.filter(task=task).select_related("user__unit")
    return rows.order_by("user__sort_key", "user__work_number")


def criteria_of(task: Task) -> list[RubricCriterion]:
    """The criteria with their indicators and anchors; two queries."""
    anchors = Prefetch("indicator__anchors", LevelAnchor.objects.order_by("level"))
    rows = RubricCriterion.objects.filter(rubric=task.rubric_id).select_related("indicator__dimension")
    return list(rows.prefetch_related(anchors))


def rounds_of(submission: Submission) -> list[MarkRound]:
    """Every round of marks, the newest first."""
    rows = Mark.objects.filter(submission=submission).select_related("criterion__indicator", "marked_by")
    found: dict[int, list[Mark]] = {}
    for mark in rows.prefetch_related("criterion__indicator__anchors").order_by("criterion__position", "pk"):
        found.setdefault(mark.round, []).append(mark)
    return [_round(number, found[number]) for number in sorted(found, reverse=True)]


def last_marks(submission: Submission) -> MarkRound | None:
    """The round that stands; None before grading."""
    return next(iter(rounds_of(submission)), None) if submission.grade else None


def last_levels(submission: Submission) -> tuple[int, dict[int, Mark]]:
    """The number of the last round (0 for none) and its marks by criterion."""
    last = submission.marks.aggregate(last=Max("round"))["last"] or 0
    return last, {mark.criterion_id: mark for mark in submission.marks.filter(round=last)}


def _round(number: int, marks: list[Mark]) -> MarkRound:
    first = marks[0]
    return MarkRound(number, first.marked_by.name, first.at, first.comment, first.reason, [_words(m) for m in marks])


def _words(mark: Mark) -> CriterionMark:
    anchors = {anchor.level: anchor.text for anchor in mark.criterion.indicator.anchors.all()}
    return CriterionMark(mark.criterion.title, level_words(mark.level), anchors.get(int(mark.level), ""))


def level_words(level: Any) -> str:
    """L3 胜任; L3.5 胜任—精通."""
    low = int(level)
    if level == low:
        return f"L{low} {_(LEVEL_NAMES[low])}"
    return f"L{level:.1f} {_(LEVEL_NAMES[low])}—{_(LEVEL_NAMES[low + 1])}"


def grade_words(submission: Submission) -> str:
    return str(Grade(submission.grade).label) if submission.grade else ""
