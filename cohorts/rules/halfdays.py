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
    """An entry of a timetable as the rules see it; ``tracks`` are its groups, none for the whole class."""

    @property
    def day(self) -> date: ...

    @property
    def half(self) -> str: ...

    @property
    def hours(self) -> Decimal: ...

    @property
    def tracks(self) -> frozenset[int]: ...


class Timetable(dict[HalfDay, Decimal]):
    """The hours (学时) of each half day in order of time; ``called`` holds the groups where not the whole class is."""

    def __init__(
        self, hours: Mapping[HalfDay, Decimal], called: Mapping[HalfDay, frozenset[int]] | None = None
    ) -> None:
        super().__init__(hours)
        self.called = dict(called or {})

    def calls(self, place: HalfDay, group: int | None) -> bool:
        """Whether a half day is for a member of the group, by its key; who has no group yet is called to each."""
        groups = self.called.get(place)
        return groups is None or group is None or group in groups

    def of(self, group: int | None) -> Timetable:
        """The half days that are for members of the group, with the class's hours."""
        return Timetable({place: hours for place, hours in self.items() if self.calls(place, group)}, self.called)


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
    places: dict[HalfDay, list[Timed]] = {}
    for session in sessions:
        places.setdefault(HalfDay(session.day, session.half), []).append(session)
    return {place: parallel_hours(rows) for place, rows in sorted(places.items())}


def called_groups(entries: Iterable[tuple[HalfDay, frozenset[int]]]) -> dict[HalfDay, frozenset[int]]:
    """The groups of each half day in which nothing is taught to the whole class; an entry for no group is for all."""
    found: dict[HalfDay, list[frozenset[int]]] = {}
    for place, groups in entries:
        found.setdefault(place, []).append(groups)
    return {place: frozenset().union(*groups) for place, groups in found.items() if all(groups)}


def parallel_hours(rows: Iterable[Timed]) -> Decimal:
    """What one member can attend at most: the whole class's hours and those of the fullest group.

    Groups that are taught side by side count once.
    """
    shared, by_group = Decimal(0), dict[int, Decimal]()
    for row in rows:
        if not row.tracks:
            shared += row.hours
        for group in row.tracks:
            by_group[group] = by_group.get(group, Decimal(0)) + row.hours
    return shared + max(by_group.values(), default=Decimal(0))


def hours_between(table: Mapping[HalfDay, Decimal], first: HalfDay, last: HalfDay) -> Decimal:
    """The hours (学时) of the timetable from the first to the last half day."""
    return sum((hours for place, hours in table.items() if first <= place <= last), Decimal(0))
