"""The timetable as ready words, addresses and figures for the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import Cohort, FacultyMember, Session, TimetablePublication
from cohorts.presenters.figures import plain
from cohorts.reading.published import Pending
from cohorts.rules.halfdays import HALVES, WEEKDAYS, half_word, parallel_hours
from cohorts.rules.ratios import Share, shares
from cohorts.rules.schedule import Entry, groups_words
from core.models import CalendarDay
from core.templatetags.linghang import day as day_long
from core.templatetags.linghang import moment
from core.workdays import SATURDAY

Days = Mapping[date, CalendarDay]


def entry_row(entry: Entry) -> dict[str, Any]:
    """What a list says of an entry."""
    return {
        "entry": entry,
        "time": entry.time_words,
        "half": half_word(entry.half),
        "kind": str(Session.Kind(entry.kind).label),
        "hours": plain(entry.hours),
        "lecturer": entry.lecturer_name,
        "groups": groups_words(entry.tracks),
    }


def entry_days(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The timetable day by day."""
    days: dict[date, list[dict[str, Any]]] = {}
    for entry in entries:
        days.setdefault(entry.day, []).append(entry_row(entry))
    return [{"day": day, "rows": rows} for day, rows in sorted(days.items())]


# A week of a class.


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def mondays(cohort: Cohort) -> list[date]:
    """The Mondays of the weeks that the class touches."""
    first, last = monday_of(cohort.starts_on), monday_of(cohort.ends_on)
    return [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]


def chosen_monday(cohort: Cohort, wanted: str, today: date) -> date:
    """The week asked for, else the present one, else the nearest of the class."""
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        day = today
    return monday_of(min(max(day, cohort.starts_on), cohort.ends_on))


def calendar_of_week(monday: date) -> Days:
    """The days of the week that the calendar names; one query."""
    return {row.day: row for row in CalendarDay.objects.filter(day__range=(monday, monday + timedelta(days=6)))}


def week_of(cohort: Cohort, entries: list[Entry], monday: date, named: Days, today: date) -> list[dict[str, Any]]:
    """The days of a week in class: those that are worked, and others on which something stands."""
    found = []
    for day in (monday + timedelta(days=n) for n in range(7)):
        there = [e for e in entries if e.day == day]
        rest = rest_word(day, named)
        weekend = bool(rest) and day.weekday() >= SATURDAY
        if cohort.starts_on <= day <= cohort.ends_on and (there or not weekend):
            found.append(_day(day, there, rest, named, today))
    return found


def rest_word(day: date, named: Days) -> str:
    """国庆节 or 周六 for a day that is not worked; empty for one that is."""
    row = named.get(day)
    if row is not None:
        return "" if row.is_working else row.name
    return WEEKDAYS[day.weekday()] if day.weekday() >= SATURDAY else ""


def _day(day: date, there: list[Entry], rest: str, named: Days, today: date) -> dict[str, Any]:
    row = named.get(day)
    return {
        "day": day,
        "weekday": WEEKDAYS[day.weekday()],
        "is_today": day == today,
        "rest": rest,
        "exchanged": row.name if row is not None and row.is_working else "",
        "halves": [_half(day, half, [e for e in there if e.half == half]) for half in HALVES],
    }


def _half(day: date, half: str, there: list[Entry]) -> dict[str, Any]:
    return {
        "half": half,
        "word": half_word(half),
        "day": day.isoformat(),
        "hours": plain(parallel_hours(there)) if there else "",
        "rows": [entry_row(entry) for entry in there],
    }


@dataclass(frozen=True)
class Weeks:
    """The weeks of a class to leaf through."""

    monday: date
    number: int
    count: int
    before: date | None
    after: date | None

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def weeks_around(cohort: Cohort, monday: date) -> Weeks:
    every = mondays(cohort)
    at = every.index(monday)
    return Weeks(
        monday,
        at + 1,
        len(every),
        every[at - 1] if at else None,
        every[at + 1] if at + 1 < len(every) else None,
    )


# Publishing.


def publishing_state(news: Pending) -> dict[str, str]:
    """Whether members see what the office sees, in one sentence."""
    if news.last is None:
        words = _("课表尚未发布，学员还看不到。") if news.entries else _("课表尚未发布。排好课后发布，学员才看得到。")
        return {"kind": "todo", "text": words, "button": _("发布课表") if news.entries else ""}
    told = {"n": news.last.number, "when": moment(news.last.at)}
    if not news.changes:
        return {"kind": "done", "text": _("第 %(n)s 次发布于%(when)s，学员看到的与此相同。") % told, "button": ""}
    words = _("有 %(changes)s 处调整尚未通知学员，学员看到的仍是%(when)s发布的课表。")
    return {"kind": "risk", "text": words % {**told, "changes": len(news.changes)}, "button": _("查看并发布调整")}


def publication_item(row: TimetablePublication) -> dict[str, Any]:
    """A publication of the past with its sentences."""
    title = _("第 %(n)s 次发布，%(by)s") % {"n": row.number, "by": row.by.name}
    return {"when": row.at, "title": title, "changes": row.changes}


# Shares.


def _shares_table(first: str, rows: list[Share]) -> dict[str, Any]:
    return {
        "columns": [
            {"label": first},
            {"label": _("学时"), "number": True},
            {"label": _("占比"), "number": True},
        ],
        "rows": [[share.label, plain(share.hours), f"{share.percent}%"] for share in rows],
    }


def ratio_tables(entries: list[Entry], today: date) -> dict[str, Any]:
    """Hours by kind of content and by kind of lecturer; one query."""
    note = _("单位：学时；分组同时上的课分别计算；截至%(day)s的课表") % {"day": day_long(today)}
    kinds = shares((str(Session.Kind(e.kind).label), e.hours) for e in entries)
    teachers = shares(_by_lecturer(entries))
    return {
        "note": note,
        "content": _shares_table(_("课程形式"), kinds),
        "lecturers": _shares_table(_("师资类别"), teachers),
    }


def _by_lecturer(entries: list[Entry]) -> list[tuple[str, Decimal]]:
    people = {e.lecturer for e in entries if e.lecturer}
    rows = FacultyMember.objects.filter(user__in=people)
    kinds = {row.user_id: str(row.get_kind_display()) for row in rows}
    none, outside = _("未指定授课教师"), _("未录入师资库")
    return [(kinds.get(e.lecturer, outside) if e.lecturer else none, e.hours) for e in entries]


def sheet_url(cohort: Cohort, name: str, day: date) -> str:
    return reverse(f"cohorts:timetable-{name}", args=[cohort.public_id, day])
