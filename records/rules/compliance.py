"""Statutory hours as a pure function of credited lines, postings and a policy version.

Buckets are never summed into one another. Either measure that a requirement names satisfies it. Every result says
its window and carries the lines it rests on, what a cap cut off them and what an earlier year left over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

from records.rules.counting import Amount, Cap, Carried, CarryRule, Counted, EntryValue, by_year, carried_into, counted

__all__ = [
    "JUNIOR", "SENIOR", "EntryValue", "LineValue", "Measure", "PolicyValue", "PostingValue", "WindowResult", "assess",
    "promotion", "regime_on", "years_after",
]  # fmt: skip

SENIOR, JUNIOR = "senior", "junior"


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
    carry_years: int = 0


@dataclass(frozen=True)
class PolicyValue:
    """A version of the requirements; surplus of the years before ``carry_from`` is not carried."""

    version: int
    plan_from: date | None
    plan_to: date | None
    lines: tuple[LineValue, ...]
    caps: tuple[Cap, ...] = ()
    carry_from: int | None = None


@dataclass(frozen=True)
class Measure:
    """One way to satisfy a requirement: unit is hours (学时), days (天) or months (月, of ``days_each`` days)."""

    unit: str
    reached: Decimal
    required: Decimal
    days_each: Decimal = Decimal(1)

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
    lines: tuple[Counted, ...] = ()
    carried: tuple[Carried, ...] = ()

    @property
    def met(self) -> bool:
        return any(measure.met for measure in self.measures)

    @property
    def hours(self) -> Decimal:
        """学时 that count, carried ones with them."""
        return _sum(self.lines, self.carried).hours

    @property
    def days(self) -> Decimal:
        """Days that count, carried ones with them."""
        return _sum(self.lines, self.carried).days


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


def became_senior(postings: Sequence[PostingValue], on: date) -> date | None:
    """The last day up to ``on`` on which a junior cadre became senior, by post or by rank alone."""
    ordered = sorted((p for p in postings if p.starts_on <= on), key=lambda p: p.starts_on)
    days = [after.starts_on for before, after in pairwise(ordered) if (before.regime, after.regime) == (JUNIOR, SENIOR)]
    return days[-1] if days else None


def _sum(lines: Iterable[Counted], carried: Iterable[Carried]) -> Amount:
    parts: list[Counted | Carried] = [*lines, *carried]
    return Amount(sum((p.days for p in parts), Decimal(0)), sum((p.hours for p in parts), Decimal(0)))


def _measures(line: LineValue, total: Amount) -> tuple[Measure, ...]:
    measures = []
    if line.min_hours is not None:
        measures.append(Measure("hours", total.hours, line.min_hours))
    if line.min_days is not None:
        measures.append(Measure("days", total.days, line.min_days))
    if line.min_months is not None:
        months = (total.days / line.days_per_month).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
        measures.append(Measure("months", months, line.min_months, line.days_per_month))
    return tuple(measures)


def _result(
    line: LineValue, lines: Iterable[Counted], first: date, last: date, until: date, policy: int,
    applies_to: date | None = None, carried: tuple[Carried, ...] = (),
) -> WindowResult:  # fmt: skip
    """``until`` is the day up to which lines count; ``last`` the day the window ends."""
    mine = tuple(c for c in lines if c.entry.bucket == line.bucket and first <= c.entry.earned_on <= until)
    return WindowResult(
        line.regime, line.bucket, line.window, first, last, applies_to, _measures(line, _sum(mine, carried)),
        tuple(c.entry.id for c in mine), policy, line.certainty, mine, carried,
    )  # fmt: skip


@dataclass(frozen=True)
class _Case:
    """One cadre on one day: what counts, under which postings and which version."""

    lines: tuple[Counted, ...]
    postings: Sequence[PostingValue]
    policy: PolicyValue
    on: date


def _rolling(line: LineValue, case: _Case, on: date) -> WindowResult:
    return _result(line, case.lines, years_after(on, -5) + timedelta(days=1), on, on, case.policy.version)


def _yearly(line: LineValue, case: _Case, until: date | None = None) -> WindowResult:
    """``until`` is the last day of an earlier regime within the year."""
    first, last = date(case.on.year, 1, 1), date(case.on.year, 12, 31)
    carried = _carried(line, case, until or case.on)
    return _result(line, case.lines, first, last, until or case.on, case.policy.version, until, carried)


def _carried(line: LineValue, case: _Case, until: date) -> tuple[Carried, ...]:
    if not line.carry_years or case.policy.carry_from is None:
        return ()
    mine = [c for c in case.lines if c.entry.bucket == line.bucket and c.entry.earned_on <= until]
    need = Amount(line.min_days or Decimal(0), line.min_hours or Decimal(0))
    rule = CarryRule(
        case.policy.carry_from, line.carry_years, need, line.min_days is not None, line.min_hours is not None
    )

    def applies(year: int) -> bool:
        return regime_on(case.postings, min(date(year, 12, 31), until)) == line.regime

    return carried_into(case.on.year, by_year(mine), rule, applies)


def _from_promotion(line: LineValue, case: _Case, promoted: date) -> WindowResult | None:
    """Only where the five-year requirement was not met on the day of promotion; due one year later."""
    due = years_after(promoted, 1)
    if case.on > due or _rolling(line, case, promoted).met:
        return None
    first = years_after(case.on, -5) + timedelta(days=1)
    return _result(line, case.lines, first, due, case.on, case.policy.version)


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
    case = _Case(tuple(counted(entries, policy.caps)), postings, policy, on)
    promoted, senior = promotion(postings, on), became_senior(postings, on)
    this_year = senior if senior and senior.year == on.year and senior > date(on.year, 1, 1) else None
    results = []
    for line in policy.lines:
        if line.regime == regime:
            results += [r for r in [_standing(line, case, promoted)] if r]
        elif this_year and regime == SENIOR and line.window == "year" and line.bucket == "central":
            results.append(_yearly(line, case, this_year - timedelta(days=1)))
    return results


def _standing(line: LineValue, case: _Case, promoted: date | None) -> WindowResult | None:
    """The requirement of a line that applies on the day; None where its window does not."""
    plan_from, plan_to = case.policy.plan_from, case.policy.plan_to
    if line.window == "year":
        return _yearly(line, case)
    if line.window == "rolling_5":
        return _rolling(line, case, case.on)
    if line.window == "plan" and plan_from and plan_to:
        return _result(line, case.lines, plan_from, plan_to, case.on, case.policy.version)
    if line.window == "from_promotion" and promoted:
        return _from_promotion(line, case, promoted)
    return None
