"""Statutory hours as a pure function of credited lines, postings and a policy version.

Buckets are never summed into one another. Either measure that a requirement names satisfies it. Every result says
its window and carries the ids of the lines it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

SENIOR, JUNIOR = "senior", "junior"


@dataclass(frozen=True)
class EntryValue:
    id: int
    bucket: str
    days: Decimal
    hours: Decimal
    earned_on: date
    label: str


@dataclass(frozen=True)
class PostingValue:
    regime: str
    is_leading: bool
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class LineValue:
    regime: str
    bucket: str
    window: str
    min_hours: Decimal | None
    min_days: Decimal | None
    min_months: Decimal | None
    days_per_month: Decimal
    certainty: str


@dataclass(frozen=True)
class PolicyValue:
    version: int
    plan_from: date | None
    plan_to: date | None
    lines: tuple[LineValue, ...]


@dataclass(frozen=True)
class Measure:
    """One way to satisfy a requirement: unit is hours (学时), days (天) or months (月)."""

    unit: str
    reached: Decimal
    required: Decimal

    @property
    def met(self) -> bool:
        return self.reached >= self.required

    @property
    def short_by(self) -> Decimal:
        return max(Decimal(0), self.required - self.reached)


@dataclass(frozen=True)
class WindowResult:
    """A requirement in its window on a day; ``applies_to`` is set where a change of regime ended it early."""

    regime: str
    bucket: str
    window: str
    starts_on: date
    ends_on: date
    applies_to: date | None
    measures: tuple[Measure, ...]
    trace: tuple[int, ...]
    policy: int
    certainty: str

    @property
    def met(self) -> bool:
        return any(measure.met for measure in self.measures)


def years_after(day: date, years: int) -> date:
    """The same day ``years`` later (earlier when negative); 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def regime_on(postings: Sequence[PostingValue], day: date) -> str | None:
    """The regime of the posting held on the day; before the first posting None."""
    held = [p for p in postings if p.starts_on <= day and (p.ends_on is None or p.ends_on >= day)]
    return max(held, key=lambda p: p.starts_on).regime if held else None


def promotion(postings: Sequence[PostingValue], on: date) -> date | None:
    """The last day up to ``on`` on which a junior cadre became senior by a leading post."""
    found = None
    ordered = sorted((p for p in postings if p.starts_on <= on), key=lambda p: p.starts_on)
    for before, after in pairwise(ordered):
        if before.regime == JUNIOR and after.regime == SENIOR and after.is_leading:
            found = after.starts_on
    return found


def _measures(line: LineValue, entries: Sequence[EntryValue]) -> tuple[Measure, ...]:
    hours = sum((entry.hours for entry in entries), Decimal(0))
    days = sum((entry.days for entry in entries), Decimal(0))
    measures = []
    if line.min_hours is not None:
        measures.append(Measure("hours", hours, line.min_hours))
    if line.min_days is not None:
        measures.append(Measure("days", days, line.min_days))
    if line.min_months is not None:
        measures.append(
            Measure(
                "months", (days / line.days_per_month).quantize(Decimal("0.01"), rounding=ROUND_DOWN), line.min_months
            )
        )
    return tuple(measures)


def _result(
    line: LineValue, entries: Iterable[EntryValue], first: date, last: date, until: date, policy: int,
    applies_to: date | None = None,
) -> WindowResult:  # fmt: skip
    """``until`` is the day up to which lines count; ``last`` the day the window ends."""
    counted = [e for e in entries if e.bucket == line.bucket and first <= e.earned_on <= until]
    return WindowResult(
        line.regime, line.bucket, line.window, first, last, applies_to, _measures(line, counted),
        tuple(entry.id for entry in counted), policy, line.certainty,
    )  # fmt: skip


def _rolling(line: LineValue, entries: Sequence[EntryValue], on: date, policy: int) -> WindowResult:
    return _result(line, entries, years_after(on, -5) + timedelta(days=1), on, on, policy)


def _yearly(line: LineValue, entries: Sequence[EntryValue], on: date, policy: int, until: date | None) -> WindowResult:
    first, last = date(on.year, 1, 1), date(on.year, 12, 31)
    return _result(line, entries, first, last, until or on, policy, until)


def _from_promotion(
    line: LineValue, entries: Sequence[EntryValue], promoted: date, on: date, policy: int
) -> WindowResult | None:
    """Only where the five-year requirement was not met on the day of promotion; due one year later."""
    at_promotion = _rolling(line, entries, promoted, policy)
    due = years_after(promoted, 1)
    if at_promotion.met or on > due:
        return None
    return _result(line, entries, years_after(on, -5) + timedelta(days=1), due, on, policy)


def assess(
    *, entries: Sequence[EntryValue], postings: Sequence[PostingValue], policy: PolicyValue, on: date
) -> list[WindowResult]:
    """What is required of a cadre on a day and how far it is reached, requirement by requirement.

    A cadre who became senior within the year of ``on`` sees the yearly requirement up to the day before, too.
    Without a posting nothing is required.
    """
    regime = regime_on(postings, on)
    if regime is None:
        return []
    promoted = promotion(postings, on)
    this_year = promoted if promoted and promoted.year == on.year and promoted > date(on.year, 1, 1) else None
    results = []
    for line in policy.lines:
        if line.regime == regime and line.window == "year":
            results.append(_yearly(line, entries, on, policy.version, None))
        elif line.regime == regime and line.window == "rolling_5":
            results.append(_rolling(line, entries, on, policy.version))
        elif line.regime == regime and line.window == "plan" and policy.plan_from and policy.plan_to:
            results.append(_result(line, entries, policy.plan_from, policy.plan_to, on, policy.version))
        elif line.regime == regime and line.window == "from_promotion" and promoted:
            results += [r for r in [_from_promotion(line, entries, promoted, on, policy.version)] if r]
        elif this_year and line.regime == JUNIOR and line.window == "year" and line.bucket == "central":
            results.append(_yearly(line, entries, on, policy.version, this_year - timedelta(days=1)))
    return results
