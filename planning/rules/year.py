"""The year on a grid: a line per class, a bar from its first to its last day, the holidays behind. Pure geometry.

Lengths are in units of the drawing: a day is ``DAY`` wide, a line ``LINE`` high.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY, LINE, HEAD, NAMES = 3, 26, 30, 260
LEAST_BAR = 6


@dataclass(frozen=True)
class Event:
    """A class as the grid needs it; ``kind`` dresses the bar."""

    key: str
    title: str
    starts_on: date
    ends_on: date
    kind: str
    words: str


@dataclass(frozen=True)
class Box:
    """A rectangle with the words that belong to it."""

    x: int
    width: int
    words: str


@dataclass(frozen=True)
class Bar:
    """A bar on its line."""

    event: Event
    x: int
    y: int
    width: int
    text_y: int


@dataclass(frozen=True)
class Grid:
    """Everything that is drawn."""

    width: int
    height: int
    months: tuple[Box, ...]
    rest: tuple[Box, ...]
    extra: tuple[Box, ...]
    bars: tuple[Bar, ...]
    lines: tuple[int, ...]
    today: int | None


def at(day: date, year: int) -> int:
    """Where a day of the year begins, in units from the left edge."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return NAMES + (min(max(day, first), last + timedelta(days=1)) - first).days * DAY


def grid(year: int, events: Sequence[Event], days: Mapping[date, tuple[bool, str]], today: date) -> Grid:
    """``days`` are those that differ from the week's order: worked or not, and their names."""
    bars = tuple(_bar(year, n, event) for n, event in enumerate(events))
    return Grid(
        width=NAMES + (date(year, 12, 31) - date(year, 1, 1)).days * DAY + DAY,
        height=HEAD + LINE * max(len(events), 1) + 4,
        months=tuple(_months(year)),
        rest=tuple(_stretches(year, {d: name for d, (worked, name) in days.items() if not worked})),
        extra=tuple(_stretches(year, {d: name for d, (worked, name) in days.items() if worked})),
        bars=bars,
        lines=tuple(HEAD + LINE * n for n in range(len(events) + 1)),
        today=at(today, year) if today.year == year else None,
    )


def _bar(year: int, n: int, event: Event) -> Bar:
    x = at(event.starts_on, year)
    width = max(at(event.ends_on + timedelta(days=1), year) - x, LEAST_BAR)
    return Bar(event, x, HEAD + LINE * n + 6, width, HEAD + LINE * n + 18)


def _months(year: int) -> Iterable[Box]:
    for month in range(1, 13):
        first = date(year, month, 1)
        after = date(year + month // 12, month % 12 + 1, 1)
        yield Box(at(first, year), at(after, year) - at(first, year) if month < 12 else 31 * DAY, str(month))


def _stretches(year: int, named: Mapping[date, str]) -> Iterable[Box]:
    """Days of one name that follow each other, the weekend between them included, as one box."""
    days = sorted(day for day in named if day.year == year)
    start = previous = None
    for day in days:
        if previous and start and (day - previous).days <= 3 and named[day] == named[previous]:
            previous = day
            continue
        if start and previous:
            yield _stretch(year, start, previous, named[start])
        start = previous = day
    if start and previous:
        yield _stretch(year, start, previous, named[start])


def _stretch(year: int, first: date, last: date, name: str) -> Box:
    return Box(at(first, year), ((last - first).days + 1) * DAY, name)
