"""Whether a requirement will be met in time, and what would close the gap; pure functions on values.

A requirement looks forward to its *horizon*: the end of its window, for the rolling five years the end of the
calendar year. It is

- **met** when it is met today;
- **on course** when confirmed classes will meet it at the horizon, or when at least as large a share is reached as
  whole months of the window have passed;
- **at risk** when neither holds and the days left are enough for the training that is missing;
- **short** when they are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from math import ceil

from records.rules.compliance import PolicyValue, PostingValue, WindowResult, assess, years_after
from records.rules.counting import EntryValue

MET, ON_COURSE, AT_RISK, SHORT = "met", "on_course", "at_risk", "short"
STATES = (MET, ON_COURSE, AT_RISK, SHORT)
OPEN_STATES = (ON_COURSE, AT_RISK, SHORT)
NONE, HALF = Decimal(0), Decimal("0.5")
HOURS, DAYS = ("hours",), ("days", "months")


@dataclass(frozen=True)
class Rates:
    """What a day and a half day of 集中培训 and one long online lesson are worth under an hour rule, in 学时."""

    per_day: Decimal
    per_half_day: Decimal
    per_lesson: Decimal


@dataclass(frozen=True)
class Lack:
    """What is missing to meet a requirement by either measure; None where the requirement has no such measure."""

    hours: Decimal | None
    days: Decimal | None


@dataclass(frozen=True)
class Outlook:
    """A requirement as it stands and as it will stand at its horizon.

    ``later`` counts confirmed classes; ``class_days`` and ``lessons`` are the least further training that would
    meet it; ``falls_out`` says that a requirement met today will not be at the horizon, as old lines leave the window.
    """

    result: WindowResult
    later: WindowResult
    horizon: date
    state: str
    now: Lack
    open: Lack
    expected_hours: Decimal
    expected_days: Decimal
    class_days: Decimal
    lessons: int
    falls_out: bool
    rates: Rates


def outlooks(
    *, entries: Sequence[EntryValue], expected: Sequence[EntryValue], postings: Sequence[PostingValue],
    policy: PolicyValue, rates: Rates, on: date,
) -> list[Outlook]:  # fmt: skip
    """Every requirement that stands on the day; while the year after a promotion runs, it stands for the five years."""
    standing = decisive(assess(entries=entries, postings=postings, policy=policy, on=on))
    at: dict[date, list[WindowResult]] = {}
    found = []
    for result in standing:
        horizon = horizon_of(result, on)
        if horizon not in at:
            at[horizon] = assess(entries=[*entries, *expected], postings=postings, policy=policy, on=horizon)
        later = next((r for r in at[horizon] if same_requirement(r, result)), result)
        found.append(_outlook(result, later, horizon, rates, on))
    return found


def decisive(results: Sequence[WindowResult]) -> list[WindowResult]:
    """Those that apply today; the five years yield to the year after a promotion that is still running."""
    promoted = {r.bucket for r in results if r.window == "from_promotion"}
    return [
        r for r in results
        if r.applies_to is None and not (r.window == "rolling_5" and r.bucket in promoted)
    ]  # fmt: skip


def same_requirement(one: WindowResult, other: WindowResult) -> bool:
    return one.applies_to is None and (one.regime, one.bucket, one.window) == (other.regime, other.bucket, other.window)


def horizon_of(result: WindowResult, on: date) -> date:
    """The day on which the requirement is looked at: the end of its window, never before today."""
    last = date(on.year, 12, 31) if result.window == "rolling_5" else result.ends_on
    return max(last, on)


def _outlook(result: WindowResult, later: WindowResult, horizon: date, rates: Rates, on: date) -> Outlook:
    coming = [line for line in later.lines if line.entry.id < 0]
    left = lack_of(later)
    days, lessons = closing(later.bucket, left, rates)
    return Outlook(
        result=result,
        later=later,
        horizon=horizon,
        state=_state(result, later, days_needed(later.bucket, left, rates), on, horizon),
        now=lack_of(result),
        open=left,
        expected_hours=sum((line.hours for line in coming), NONE),
        expected_days=sum((line.days for line in coming), NONE),
        class_days=days,
        lessons=lessons,
        falls_out=result.met and not later.met,
        rates=rates,
    )


def _state(result: WindowResult, later: WindowResult, needed: Decimal, on: date, horizon: date) -> str:
    if result.met:
        return MET
    if later.met or keeps_pace(result, on):
        return ON_COURSE
    return AT_RISK if needed <= (horizon - on).days else SHORT


def keeps_pace(result: WindowResult, on: date) -> bool:
    """Whether one measure is reached by the share of whole months that have passed; the rolling five years have none.

    The year after a promotion is paced from the promotion on.
    """
    if result.window == "rolling_5" or on >= result.ends_on:
        return False
    first = years_after(result.ends_on, -1) if result.window == "from_promotion" else result.starts_on
    passed, whole = _months(first, on), max(1, _months(first, result.ends_on) + 1)
    return any(measure.reached * whole >= measure.required * passed for measure in result.measures)


def _months(first: date, last: date) -> int:
    """Whole months from one day to another."""
    return max(0, (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day))


def lack_of(result: WindowResult) -> Lack:
    """What is missing today in hours and in days; months are read as days."""
    if result.met:
        return Lack(*(NONE if any(m.unit in units for m in result.measures) else None for units in (HOURS, DAYS)))
    hours = [m.short_by for m in result.measures if m.unit in HOURS]
    days = [max(NONE, m.required * m.days_each - result.days) for m in result.measures if m.unit in DAYS]
    return Lack(min(hours, default=None), min(days, default=None))


def closing(bucket: str, lack: Lack, rates: Rates) -> tuple[Decimal, int]:
    """The least training that would do: days of 集中培训, or whole online lessons of full length."""
    if bucket == "online":
        return NONE, ceil((lack.hours or NONE) / rates.per_lesson) if rates.per_lesson else 0
    return class_days(lack, rates), 0


def class_days(lack: Lack, rates: Rates) -> Decimal:
    """Days and half days of class that supply the missing hours or the missing days, whichever is sooner."""
    ways = []
    if lack.hours is not None and rates.per_day:
        ways.append(_days_for(lack.hours, rates))
    if lack.days is not None:
        ways.append((lack.days * 2).to_integral_value(rounding=ROUND_CEILING) / 2)
    return min(ways, default=NONE)


def _days_for(hours: Decimal, rates: Rates) -> Decimal:
    whole, rest = divmod(hours, rates.per_day)
    if not rest:
        return whole
    return whole + (HALF if rest <= rates.per_half_day else 1)


def hours_in(days: Decimal, rates: Rates) -> Decimal:
    """学时 of so many whole and half days."""
    whole, half = divmod(days, Decimal(1))
    return whole * rates.per_day + (rates.per_half_day if half else NONE)


def days_needed(bucket: str, lack: Lack, rates: Rates) -> Decimal:
    """Days that the missing training takes at a full day's hours; online study is reckoned the same way."""
    if bucket == "online":
        return _days_for(lack.hours or NONE, rates) if rates.per_day else NONE
    return class_days(lack, rates)


def worst(states: Iterable[str]) -> str:
    """The state of a cadre as a whole; "" where nothing is required."""
    order = [state for state in states if state in STATES]
    return max(order, key=STATES.index) if order else ""
