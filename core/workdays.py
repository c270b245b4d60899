"""Working days: the week's order and the days that differ from it (holidays, and weekend days worked in exchange)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

SATURDAY = 5
Exceptions = Mapping[date, bool]  # day → worked or not, for days that differ from the week's order


def is_workday(day: date, exceptions: Exceptions) -> bool:
    """Whether the day is worked: Monday to Friday, unless the calendar says otherwise."""
    return exceptions.get(day, day.weekday() < SATURDAY)


def workdays_later(day: date, count: int, exceptions: Exceptions) -> date:
    """The ``count``-th working day after ``day``, the day itself not counted; for 0 the day itself."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day, exceptions)
    return day
