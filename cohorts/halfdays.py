"""Half days: the unit of attendance and leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

HALVES = ("am", "pm")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclass(frozen=True, order=True)
class HalfDay:
    """The morning (am) or the afternoon (pm) of a day; mornings sort first."""

    day: date
    half: str

    @property
    def label(self) -> str:
        """11月23日上午."""
        return f"{self.day.month}月{self.day.day}日{half_word(self.half)}"

    @property
    def long_label(self) -> str:
        """11月23日 周一 上午."""
        return f"{self.day.month}月{self.day.day}日 {WEEKDAYS[self.day.weekday()]} {half_word(self.half)}"


class Timed(Protocol):
    """An entry of a timetable as the rules see it."""

    day: date
    half: str
    hours: Decimal


def half_word(half: str) -> str:
    return _("上午") if half == "am" else _("下午")


def span(first: HalfDay, last: HalfDay) -> Iterator[HalfDay]:
    """Every half day from the first to the last, both included; nothing when they stand in the wrong order."""
    day = first.day
    while day <= last.day:
        yield from (HalfDay(day, half) for half in HALVES if first <= HalfDay(day, half) <= last)
        day += timedelta(days=1)


def span_label(first: HalfDay, last: HalfDay) -> str:
    """11月23日上午至11月24日下午, or the one half day alone."""
    return first.label if first == last else _("%(first)s至%(last)s") % {"first": first.label, "last": last.label}


def timetable_hours(sessions: Iterable[Timed]) -> dict[HalfDay, Decimal]:
    """The hours (学时) that the timetable holds in each half day, in order of time."""
    hours: dict[HalfDay, Decimal] = {}
    for session in sessions:
        place = HalfDay(session.day, session.half)
        hours[place] = hours.get(place, Decimal(0)) + session.hours
    return dict(sorted(hours.items()))


def hours_between(table: Mapping[HalfDay, Decimal], first: HalfDay, last: HalfDay) -> Decimal:
    """The hours (学时) of the timetable from the first to the last half day."""
    return sum((hours for place, hours in table.items() if first <= place <= last), Decimal(0))
