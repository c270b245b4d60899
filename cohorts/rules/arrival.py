"""Until which day members of a class may arrive, and places may be taken by others."""

from __future__ import annotations

from datetime import date, timedelta

from core.workdays import Exceptions, workdays_later

LONGEST = 90  # days within which thirty working days lie, whatever the holidays


def last_day(starts_on: date, days: int, exceptions: Exceptions) -> date:
    """The last day of arrival: the ``days``-th working day, the first day of the class counted when it is one."""
    return workdays_later(starts_on - timedelta(days=1), days, exceptions)


def is_late(today: date, starts_on: date, days: int, exceptions: Exceptions) -> bool:
    """Whether the days of arrival are over."""
    return today > last_day(starts_on, days, exceptions)
