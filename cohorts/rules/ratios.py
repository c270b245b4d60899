"""Shares of the timetable's hours: by kind of content, by kind of lecturer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Share:
    """Hours (学时) of one kind and their share of all in per cent, to one decimal."""

    label: str
    hours: Decimal
    percent: Decimal


def shares(parts: Iterable[tuple[str, Decimal]]) -> list[Share]:
    """The hours by label, the largest first; nothing where there are no hours at all."""
    sums: dict[str, Decimal] = {}
    for label, hours in parts:
        sums[label] = sums.get(label, Decimal(0)) + hours
    total = sum(sums.values(), Decimal(0))
    if not total:
        return []
    rows = [Share(label, hours, _percent(hours, total)) for label, hours in sums.items() if hours]
    return sorted(rows, key=lambda share: (-share.hours, share.label))


def _percent(part: Decimal, total: Decimal) -> Decimal:
    return (part * 100 / total).quantize(TENTH, ROUND_HALF_UP)
