"""What days of class and online lessons are worth under an hour rule, for its worked examples; pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from records.rules.forecast import Rates

WHOLE, HALF = Decimal(1), Decimal("0.5")


@dataclass(frozen=True)
class YearWorth:
    """Days and 学时 that a class brings in one calendar year."""

    year: int
    days: Decimal
    hours: Decimal


def class_worth(days: Iterable[tuple[date, Decimal]], rates: Rates) -> list[YearWorth]:
    """A class by its days (1 or 0.5 each), its hours split by the year in which each day lies."""
    found: dict[int, YearWorth] = {}
    for day, length in days:
        hours = rates.per_day if length == WHOLE else rates.per_half_day
        so_far = found.get(day.year, YearWorth(day.year, Decimal(0), Decimal(0)))
        found[day.year] = YearWorth(day.year, so_far.days + length, so_far.hours + hours)
    return [found[year] for year in sorted(found)]


def whole_days(first: date, count: int) -> list[tuple[date, Decimal]]:
    return [(first + timedelta(days=number), WHOLE) for number in range(count)]
