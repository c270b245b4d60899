"""What the answers of an evaluation come to: means, shares and grades, never of fewer than five answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEWEST = 5
TENTH = Decimal("0.1")

# The first questionnaire: five indicators of 20 points, four choices each, four grades of the sum.
FIRST_TITLE = "教学评估表"
FIRST_INDICATORS = (
    ("content", "教学内容", "观点正确，内容充实，反映最新政策和实践。"),
    ("method", "教学方法", "条理清楚，方法得当，注意互动和案例。"),
    ("attitude", "教学态度", "准备充分，认真负责，遵守课堂纪律。"),
    ("relevance", "教学针对性", "切合岗位实际，回应工作中的问题。"),
    ("effect", "教学效果", "有启发、有收获，能用于工作。"),
)
FIRST_POINTS = 20
FIRST_CHOICES = (("优", 100), ("良", 80), ("中", 60), ("差", 40))
FIRST_GRADES = (("优秀", 90), ("良好", 75), ("合格", 60), ("不合格", 0))


@dataclass(frozen=True)
class Indicator:
    """What is judged, and how many points it has at most."""

    key: str
    label: str
    points: int


@dataclass(frozen=True)
class GradeBound:
    """A grade and the percentage of the full score from which it is given; bounds come from the best on."""

    label: str
    percent: Decimal


@dataclass(frozen=True)
class Score:
    """The mean of one indicator, in points."""

    label: str
    mean: Decimal
    points: int


@dataclass(frozen=True)
class Tally:
    """The figures of an evaluation: the mean of the sums with its grade, each indicator, answers by grade."""

    answers: int
    mean: Decimal
    full: int
    grade: str
    scores: tuple[Score, ...]
    grades: tuple[tuple[str, int], ...]


def points_for(full: int, share: int) -> Decimal:
    """The points of a choice that stands for ``share`` per cent of the indicator's points."""
    return Decimal(full) * share / 100


def mean(values: Sequence[Decimal]) -> Decimal:
    """To one place, halves up. Raises ValueError for none."""
    if not values:
        raise ValueError("no values")
    return (sum(values, Decimal(0)) / len(values)).quantize(TENTH, ROUND_HALF_UP)


def grade_of(points: Decimal, full: int, bounds: Sequence[GradeBound]) -> str:
    """The best grade whose bound the points reach, else the last one."""
    percent = points * 100 / full
    return next((bound.label for bound in bounds if percent >= bound.percent), bounds[-1].label)


def tally(
    answers: Sequence[Mapping[str, Decimal]], indicators: Sequence[Indicator], bounds: Sequence[GradeBound]
) -> Tally | None:
    """The figures, or None for fewer than five answers: nothing of these may be shown."""
    if len(answers) < FEWEST:
        return None
    full = sum(indicator.points for indicator in indicators)
    sums = [sum((answer[i.key] for i in indicators), Decimal(0)) for answer in answers]
    counts = Counter(grade_of(total, full, bounds) for total in sums)
    overall = mean(sums)
    return Tally(
        answers=len(answers),
        mean=overall,
        full=full,
        grade=grade_of(overall, full, bounds),
        scores=tuple(Score(i.label, mean([answer[i.key] for answer in answers]), i.points) for i in indicators),
        grades=tuple((bound.label, counts[bound.label]) for bound in bounds),
    )


def response_rate(answered: int, invited: int) -> Decimal:
    """The share of those asked who answered, in per cent to one place; 0 where nobody was asked."""
    if not invited:
        return Decimal(0)
    return (Decimal(answered) * 100 / invited).quantize(TENTH, ROUND_HALF_UP)
