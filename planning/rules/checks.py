"""What a planned class has to keep to, and what is only worth a second look. Pure functions, sentences out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from cohorts.presenters.figures import day_words, plain
from core.workdays import Exceptions, is_workday

LONGEST = 366  # days


@dataclass(frozen=True)
class Facts:
    """When a class is held and for how long; days and 学时 as they are planned."""

    starts_on: date
    ends_on: date
    days: Decimal
    hours: Decimal


def workdays_within(first: date, last: date, exceptions: Exceptions) -> int:
    """How many working days there are from the first day to the last, both counted."""
    return sum(is_workday(day, exceptions) for day in span(first, last))


def span(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def refusals(facts: Facts, year: int) -> list[str]:
    """Why the class cannot stand in the plan of the year."""
    found = []
    if facts.ends_on < facts.starts_on:
        found.append(_("结束日期不能早于开班日期。"))
    if facts.starts_on.year != year:
        found.append(
            _("开班日期%(day)s不在%(year)s年，请改期，或者列入当年的计划。")
            % {"day": day_words(facts.starts_on), "year": year}
        )
    if (facts.ends_on - facts.starts_on).days > LONGEST:
        found.append(_("一个班次不能超过一年，请核对结束日期。"))
    if facts.days <= 0 or facts.hours <= 0:
        found.append(_("天数和学时须大于 0。"))
    return found


def warnings(facts: Facts, exceptions: Exceptions, hours_per_day: Decimal | None) -> list[str]:
    """What does not fit together, as far as it can be told; none of it stands in the way."""
    return [*_about_days(facts, exceptions), *_about_hours(facts, hours_per_day)]


def _about_days(facts: Facts, exceptions: Exceptions) -> list[str]:
    found = [
        _("%(what)s%(day)s是休息日。") % {"what": what, "day": day_words(day)}
        for what, day in ((_("开班日期"), facts.starts_on), (_("结束日期"), facts.ends_on))
        if not is_workday(day, exceptions)
    ]
    there = workdays_within(facts.starts_on, facts.ends_on, exceptions)
    if facts.days > there:
        words = {"days": plain(facts.days), "there": there}
        found.append(_("计划 %(days)s 天，起止日期之间只有 %(there)s 个工作日。") % words)
    if facts.ends_on.year != facts.starts_on.year:
        found.append(_("班次跨年，学时将按上课日期分别计入两个年度。"))
    return found


def _about_hours(facts: Facts, hours_per_day: Decimal | None) -> list[str]:
    if hours_per_day is None:
        return []
    suggested = facts.days * hours_per_day
    if suggested == facts.hours:
        return []
    words = {"rate": plain(hours_per_day), "days": plain(facts.days), "sum": plain(suggested),
             "hours": plain(facts.hours)}  # fmt: skip
    return [_("按学时规则每天 %(rate)s 学时，%(days)s 天为 %(sum)s 学时，现填 %(hours)s 学时。") % words]
