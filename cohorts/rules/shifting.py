"""Moving a timetable to other dates: what was on the n-th working day is on the n-th working day again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from core.workdays import Exceptions, is_workday, workdays_later


def shifted(days: Iterable[date], old_start: date, new_start: date, exceptions: Exceptions) -> dict[date, date]:
    """The new day of each old one; no entry for a day of rest whose place in the new week is a working day.

    Working days are counted from the first day of the class on. A day of rest keeps its distance from the working
    day before it, as far as it is a day of rest there too. No two days meet on one.
    """
    found = {}
    for day in sorted(set(days)):
        count, rest = _place(day, old_start, exceptions)
        base = workdays_later(new_start - timedelta(days=1), count, exceptions) + timedelta(days=rest)
        if not rest or not any(is_workday(base - timedelta(days=n), exceptions) for n in range(rest)):
            found[day] = base
    return found


def _place(day: date, start: date, exceptions: Exceptions) -> tuple[int, int]:
    """The how-manieth working day since ``start``, and how many days of rest after it."""
    count, rest = 0, 0
    for n in range((day - start).days + 1):
        worked = is_workday(start + timedelta(days=n), exceptions)
        count, rest = (count + 1, 0) if worked else (count, rest + 1)
    return count, rest
