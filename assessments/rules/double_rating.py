"""双评: whether two ratings of one work agree, and what they come to together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from assessments.rules.grading import grade_of

Levels = Mapping[int, Decimal]


def difference(first: Decimal, second: Decimal) -> Decimal:
    """The points (1–5) between two scores, never negative."""
    return abs(first - second)


def agree(first: Decimal, second: Decimal, tolerance: Decimal) -> bool:
    """Whether two scores stand for one result: the same grade, and no further apart than the tolerance."""
    return grade_of(first) == grade_of(second) and difference(first, second) <= tolerance


def mean_levels(first: Levels, second: Levels) -> dict[int, Decimal]:
    """The mean of the two levels on each criterion; both must hold the same criteria."""
    return {key: (level + second[key]) / 2 for key, level in first.items()}
