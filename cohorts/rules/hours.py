"""What a member's attendance is worth in days and hours, by a version of the hour rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cohorts.rules.halfdays import HalfDay

ATTENDED = frozenset({"present", "late", "left_early"})
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Factors:
    """The 学时 of a whole and of a half day under one version of the rule."""

    per_day: Decimal
    per_half_day: Decimal


@dataclass(frozen=True)
class Credit:
    """Days and 学时 earned in one calendar year, and the last day on which something was earned."""

    year: int
    days: Decimal
    hours: Decimal
    earned_on: date


def attended(statuses: Mapping[HalfDay, str], table: Mapping[HalfDay, Decimal]) -> list[HalfDay]:
    """The half days that count: something worth hours was taught and the member was there, late or not."""
    return [p for p, hours in table.items() if hours > 0 and statuses.get(p) in ATTENDED]


def credits(statuses: Mapping[HalfDay, str], table: Mapping[HalfDay, Decimal], factors: Factors) -> list[Credit]:
    """One credit per calendar year; a half day shorter than the rule's counts what the timetable holds."""
    days = _by_day(attended(statuses, table))
    years = sorted({day.year for day in days})
    return [_year(year, {d: p for d, p in days.items() if d.year == year}, table, factors) for year in years]


def _by_day(places: Iterable[HalfDay]) -> dict[date, list[HalfDay]]:
    days: dict[date, list[HalfDay]] = {}
    for place in places:
        days.setdefault(place.day, []).append(place)
    return days


def _year(year: int, days: Mapping[date, list[HalfDay]], table: Mapping[HalfDay, Decimal], factors: Factors) -> Credit:
    return Credit(
        year=year,
        days=sum((HALF * len(places) for places in days.values()), Decimal(0)),
        hours=sum((_day_hours(places, table, factors) for places in days.values()), Decimal(0)),
        earned_on=max(days),
    )


def _day_hours(places: list[HalfDay], table: Mapping[HalfDay, Decimal], factors: Factors) -> Decimal:
    taught = sum((min(table[p], factors.per_half_day) for p in places), Decimal(0))
    return min(taught, factors.per_day) if len(places) > 1 else taught


def totals(lines: Iterable[Credit]) -> tuple[Decimal, Decimal]:
    """Days and hours of all years together, for the decision and the certificate."""
    lines = list(lines)
    return sum((c.days for c in lines), Decimal(0)), sum((c.hours for c in lines), Decimal(0))
