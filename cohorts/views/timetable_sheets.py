"""The timetable on paper: a week or a day on one sheet of A4."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.models import Cohort
from cohorts.presenters.timetable import (
    calendar_of_week,
    entry_row,
    monday_of,
    sheet_url,
    week_of,
    weeks_around,
)
from cohorts.reading.published import pending
from cohorts.views.loading import class_to_run, office
from core import clock


def _inside(cohort: Cohort, day: date) -> date:
    """A day of a week that the class touches."""
    if not monday_of(cohort.starts_on) <= day <= monday_of(cohort.ends_on) + timedelta(days=6):
        raise Http404
    return day


def _sheet(request: HttpRequest, name: str, cohort: Cohort, **more: Any) -> HttpResponse:
    news = more.pop("news")
    state = "" if news.last and not news.changes else "draft"
    context = {"cohort": cohort, "today": clock.today(), "state": state, **more}
    return render(request, f"cohorts/sheets/{name}.html", context)


@office
@require_safe
def week(request: HttpRequest, public_id: UUID, day: date) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    monday = monday_of(_inside(cohort, day))
    news, weeks = pending(cohort), weeks_around(cohort, monday)
    days = week_of(cohort, news.entries, monday, calendar_of_week(monday), clock.today())
    around = {"before": weeks.before, "after": weeks.after}
    links = {key: sheet_url(cohort, "week", value) for key, value in around.items() if value}
    return _sheet(request, "week", cohort, news=news, weeks=weeks, days=days, links=links)


@office
@require_safe
def day(request: HttpRequest, public_id: UUID, day: date) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    news = pending(cohort)
    rows = [entry_row(entry) for entry in news.entries if entry.day == _inside(cohort, day)]
    days = sorted({entry.day for entry in news.entries})
    around = {"before": max((d for d in days if d < day), default=None),
              "after": min((d for d in days if d > day), default=None)}  # fmt: skip
    links = {key: sheet_url(cohort, "day", value) for key, value in around.items() if value}
    return _sheet(request, "day", cohort, news=news, day=day, rows=rows, links=links)
