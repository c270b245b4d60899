"""The weeks of the year in which the classes are held: one in each month, all five days worked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from core.workdays import is_workday
from portal.demo.calendar import Week

FIRST_DAY = 4  # of the month, so that the week before lies in it for the greater part
CLASSES = 12


def class_weeks(today: date, exceptions: Mapping[date, bool]) -> list[Week]:
    """Twelve weeks of the year of ``today``, the one of this month being this week where it is a whole one."""
    return [_week(date(today.year, month, FIRST_DAY), today, exceptions) for month in range(1, CLASSES + 1)]


def _week(first: date, today: date, exceptions: Mapping[date, bool]) -> Week:
    this = today - timedelta(days=today.weekday())
    if (this.year, this.month) == (first.year, first.month) and _is_whole(this, exceptions):
        return Week(this)
    monday = first + timedelta(days=-first.weekday() % 7)
    while not _is_whole(monday, exceptions):
        monday += timedelta(days=7)
    return Week(monday)


def _is_whole(monday: date, exceptions: Mapping[date, bool]) -> bool:
    return all(is_workday(monday + timedelta(days=day), exceptions) for day in range(5))
