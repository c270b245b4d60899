"""What counts of credited lines: caps of a calendar year cut off, surplus of earlier years carried over.

Pure functions on values. The lines themselves never change: a cap or a carry is reckoned each time from all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NONE = Decimal(0)


@dataclass(frozen=True)
class EntryValue:
    """A credited line; hours of a class that is still to come have a negative id."""

    id: int
    bucket: str
    days: Decimal
    hours: Decimal
    earned_on: date
    label: str
    category: str = ""
    mode: str = ""


@dataclass(frozen=True)
class Cap:
    """At most so many hours (and days) of a kind of training count in a calendar year; "" stands for every kind."""

    bucket: str
    category: str
    mode: str
    max_hours: Decimal
    max_days: Decimal | None = None

    def covers(self, entry: EntryValue) -> bool:
        return (
            self.bucket == entry.bucket
            and self.category in ("", entry.category)
            and self.mode in ("", entry.mode)
        )  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """A line as it counts: ``days`` and ``hours`` after the caps, and the cap that cut the rest off."""

    entry: EntryValue
    days: Decimal
    hours: Decimal
    cap: Cap | None = None

    @property
    def cut_hours(self) -> Decimal:
        return self.entry.hours - self.hours

    @property
    def cut_days(self) -> Decimal:
        return self.entry.days - self.days


@dataclass(frozen=True)
class Amount:
    days: Decimal = NONE
    hours: Decimal = NONE


@dataclass(frozen=True)
class Carried:
    """What a year takes from the surplus of an earlier one, and the last day on which that surplus may be used."""

    from_year: int
    until: date
    days: Decimal
    hours: Decimal


@dataclass(frozen=True)
class CarryRule:
    """Surplus over ``need`` of the years from ``first_year`` on may be used in the ``years`` that follow."""

    first_year: int
    years: int
    need: Amount
    asks_days: bool = True
    asks_hours: bool = True


@dataclass
class _Stock:
    """The surplus of a year that is not used yet."""

    from_year: int
    days: Decimal
    hours: Decimal


def counted(entries: Iterable[EntryValue], caps: Sequence[Cap]) -> list[Counted]:
    """Each line with what of it counts; within a calendar year the earlier line goes first."""
    if not caps:
        return [Counted(entry, entry.days, entry.hours) for entry in entries]
    used: dict[tuple[int, Cap], Amount] = defaultdict(Amount)
    return [_cut(entry, caps, used) for entry in sorted(entries, key=lambda e: (e.earned_on, e.id < 0, e.id))]


def _cut(entry: EntryValue, caps: Sequence[Cap], used: dict[tuple[int, Cap], Amount]) -> Counted:
    days, hours, by = entry.days, entry.hours, None
    mine = [(entry.earned_on.year, cap) for cap in caps if cap.covers(entry)]
    for key in mine:
        cap = key[1]
        left_hours = max(NONE, cap.max_hours - used[key].hours)
        left_days = days if cap.max_days is None else max(NONE, cap.max_days - used[key].days)
        if left_hours < hours or left_days < days:
            by = cap
        hours, days = min(hours, left_hours), min(days, left_days)
    for key in mine:
        used[key] = Amount(used[key].days + days, used[key].hours + hours)
    return Counted(entry, days, hours, by)


def by_year(lines: Iterable[Counted]) -> dict[int, Amount]:
    """What counts in each calendar year."""
    found: dict[int, Amount] = {}
    for line in lines:
        year = line.entry.earned_on.year
        so_far = found.get(year, Amount())
        found[year] = Amount(so_far.days + line.days, so_far.hours + line.hours)
    return found


def carried_into(
    year: int, own: Mapping[int, Amount], rule: CarryRule, applies: Callable[[int], bool]
) -> tuple[Carried, ...]:
    """What the year takes from earlier surplus: only what it lacks, the oldest first, nothing that has expired.

    A year that is met by its own hours takes nothing and leaves its surplus; ``applies`` says whether the
    requirement stood for the cadre in a year. Days and hours are two accounts of the same training.
    """
    stock: list[_Stock] = []
    for past in range(rule.first_year, year + 1):
        stock = [s for s in stock if past - s.from_year <= rule.years]
        if not applies(past):
            continue
        mine = own.get(past, Amount())
        taken = () if _met(mine, rule) else _take(stock, mine, rule)
        if past == year:
            return taken
        if _met(mine, rule):
            stock.append(_Stock(past, max(NONE, mine.days - rule.need.days), max(NONE, mine.hours - rule.need.hours)))
    return ()


def _met(own: Amount, rule: CarryRule) -> bool:
    return (rule.asks_hours and own.hours >= rule.need.hours) or (rule.asks_days and own.days >= rule.need.days)


def _take(stock: list[_Stock], own: Amount, rule: CarryRule) -> tuple[Carried, ...]:
    hours = rule.need.hours - own.hours if rule.asks_hours else NONE
    days = rule.need.days - own.days if rule.asks_days else NONE
    taken = []
    for left in stock:
        part_days, part_hours = min(days, left.days), min(hours, left.hours)
        if part_days or part_hours:
            taken.append(Carried(left.from_year, date(left.from_year + rule.years, 12, 31), part_days, part_hours))
        left.days, left.hours = left.days - part_days, left.hours - part_hours
        days, hours = days - part_days, hours - part_hours
    return tuple(taken)
