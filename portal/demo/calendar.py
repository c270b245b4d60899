"""When the demo's classes are held: the finished one two weeks before, the running one around today."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core import clock


@dataclass(frozen=True)
class Week:
    """Five class days from a Monday on."""

    monday: date

    def day(self, number: int) -> date:
        """0 is Monday; negative numbers lie before the class."""
        return self.monday + timedelta(days=number)

    def moment(self, number: int, hour: int, minute: int = 0) -> datetime:
        return timezone.make_aware(datetime.combine(self.day(number), time(hour, minute)))

    def at(self, number: int, hour: int, minute: int = 0) -> AbstractContextManager[None]:
        """Hold the clock at a moment of the class."""
        return clock.freeze(self.moment(number, hour, minute))


def finished_week(today: date) -> Week:
    """The week that began two Mondays before this week's."""
    return Week(today - timedelta(days=today.weekday() + 14))


def running_week(today: date) -> Week:
    """This week, so that something is always next; on a weekend the week to come has begun on Monday as well."""
    return Week(today - timedelta(days=today.weekday()))
