"""From the levels of a rubric to a score (1–5) and a grade in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")
LOWEST, HIGHEST, STEP = Decimal(1), Decimal(5), Decimal("0.5")

# From which score (1–5) a grade is given, the best first; below the last it is 不合格.
GRADE_FROM: tuple[tuple[Decimal, str], ...] = (
    (Decimal("4.5"), "excellent"),
    (Decimal("3.5"), "good"),
    (Decimal("2.5"), "pass"),
)
FAIL = "fail"


@dataclass(frozen=True)
class CriterionLevel:
    """A level given on a criterion, with the criterion's weight."""

    level: Decimal
    weight: Decimal


def allowed_level(level: Decimal) -> bool:
    """1 to 5 in halves."""
    return LOWEST <= level <= HIGHEST and level % STEP == 0


def weighted_score(levels: Sequence[CriterionLevel]) -> Decimal:
    """The weighted mean of the levels to two places; weights need not sum to one. Raises ValueError for none."""
    total = sum((entry.weight for entry in levels), Decimal(0))
    if not total:
        raise ValueError("no weights")
    mean = sum((entry.level * entry.weight for entry in levels), Decimal(0)) / total
    return mean.quantize(HUNDREDTH, ROUND_HALF_UP)


def grade_of(score: Decimal) -> str:
    """excellent, good, pass or fail."""
    return next((grade for bound, grade in GRADE_FROM if score >= bound), FAIL)
