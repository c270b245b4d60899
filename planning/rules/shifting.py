"""Last year's dates in another year: the same weekday, a working day, as many working days. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cohorts.presenters.figures import day_words
from core.workdays import Exceptions, is_workday, workdays_later
from planning.rules.checks import workdays_within


@dataclass(frozen=True)
class Moved:
    """New dates; ``aimed`` is the day of the same weekday, from which a day of rest had to be left."""

    starts_on: date
    ends_on: date
    aimed: date

    @property
    def was_put_off(self) -> bool:
        return self.starts_on != self.aimed


def same_weekday(day: date, year: int) -> date:
    """The day of the other year with the same weekday that lies nearest to the same date, within that year."""
    aim = day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year, 2, 28)
    ahead = (day.weekday() - aim.weekday()) % 7
    found = aim + timedelta(days=ahead if ahead <= 3 else ahead - 7)
    if found.year != year:
        found += timedelta(days=7 if found.year < year else -7)
    return found


def to_year(starts_on: date, ends_on: date, year: int, exceptions: Exceptions) -> Moved:
    """The class in the other year; a first day of rest is put off to the next working day, or drawn forward in
    the last days of the year; it lasts as many working days as before."""
    aimed = same_weekday(starts_on, year)
    first = aimed if is_workday(aimed, exceptions) else _nearest_workday(aimed, year, exceptions)
    worked = max(workdays_within(starts_on, ends_on, exceptions), 1)
    return Moved(first, workdays_later(first, worked - 1, exceptions), aimed)


def _nearest_workday(day: date, year: int, exceptions: Exceptions) -> date:
    later = workdays_later(day, 1, exceptions)
    if later.year == year:
        return later
    while not is_workday(day, exceptions):
        day -= timedelta(days=1)
    return day


def workdays_before(day: date, count: int, exceptions: Exceptions) -> date:
    """The ``count``-th working day before ``day``, the day itself not counted."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_workday(day, exceptions)
    return day


def put_off_words(title: str, moved: Moved, why: str) -> str:
    """“数字政府班”原对应2027年10月4日（国庆节），改为10月8日开班."""
    words = {"title": title, "aimed": day_words(moved.aimed), "why": why or _("休息日"),
             "first": day_words(moved.starts_on)}  # fmt: skip
    return _("“%(title)s”按星期对应%(aimed)s，遇%(why)s，改为%(first)s开班。") % words


def free_week(weeks: list[date], busy: list[tuple[date, date]], exceptions: Exceptions, days: int) -> date | None:
    """The Monday of the week with the fewest classes in which ``days`` working days follow from Monday on; earliest
    first; None where no week is whole."""
    whole = [monday for monday in weeks if _is_whole(monday, days, exceptions)]
    if not whole:
        return None
    return min(whole, key=lambda monday: (_held_in(monday, busy), monday))


def _is_whole(monday: date, days: int, exceptions: Exceptions) -> bool:
    return all(is_workday(monday + timedelta(days=n), exceptions) for n in range(min(days, 5)))


def _held_in(monday: date, busy: list[tuple[date, date]]) -> int:
    friday = monday + timedelta(days=4)
    return sum(first <= friday and last >= monday for first, last in busy)


def mondays(first: date, last: date) -> list[date]:
    """Every Monday from one day to the other."""
    start = first + timedelta(days=-first.weekday() % 7)
    return [start + timedelta(days=n) for n in range(0, max((last - start).days + 1, 0), 7)]
