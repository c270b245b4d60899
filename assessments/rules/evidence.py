"""What a test says about a person: per indicator a score of 1–5 from the share of its items that are right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")
FEWEST_ITEMS = 2


@dataclass(frozen=True)
class ItemResult:
    """One item of a paper: which indicator it tests, whether that is scored per person, whether it is right."""

    indicator: int
    scored: bool
    right: bool


@dataclass(frozen=True)
class IndicatorResult:
    indicator: int
    score: Decimal
    items: int


def evidence_score(right: int, items: int) -> Decimal:
    """1 + 4 × the share right, to two places."""
    return (1 + Decimal(4) * right / items).quantize(HUNDREDTH, ROUND_HALF_UP)


def by_indicator(items: Iterable[ItemResult]) -> list[IndicatorResult]:
    """The indicators that a paper gives evidence on: scored ones with at least two items."""
    tally: dict[int, list[bool]] = defaultdict(list)
    for item in items:
        if item.scored:
            tally[item.indicator].append(item.right)
    return [
        IndicatorResult(indicator, evidence_score(sum(rights), len(rights)), len(rights))
        for indicator, rights in sorted(tally.items())
        if len(rights) >= FEWEST_ITEMS
    ]
