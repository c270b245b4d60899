"""The year's classes on one page: the grid, the same as a list by month, and what gets in each other's way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohorts.models import Cohort, CohortState
from core import clock
from core.models import CalendarDay
from people.models import Unit
from planning.filters.plans import YearFilter
from planning.models import PlannedClass
from planning.presenters import plans as words
from planning.presenters.plan_lines import money
from planning.reading.plans import known_rooms
from planning.rules.overlaps import Span, days_words, troubles
from planning.rules.year import Event, grid
from planning.views.plan_loading import office

FIRST, LAST = 2000, 2100
MOST_DRAWN = 300
CROWDS = range(1, 11)
MOST_AT_ONCE = 3


def _number(request: HttpRequest, name: str, usual: int, allowed: range) -> int:
    """A number of the address; anything else counts for nothing."""
    text = request.GET.get(name, "")
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else usual
    return found if found in allowed else usual


@dataclass(frozen=True)
class Shown:
    """A class of the year in every form in which the page shows it."""

    event: Event
    span: Span
    row: list[Any]
    places: int = 0


def context_of(request: HttpRequest) -> dict[str, Any]:
    """Both pages show the same; a constant number of queries."""
    chosen = _number(request, "year", clock.today().year, range(FIRST, LAST + 1))
    most = _number(request, "most", MOST_AT_ONCE, CROWDS)
    seen = PlannedClass.objects.visible_to(request.user).standing().filter(plan__year=chosen)
    units = Unit.objects.filter(pk__in=PlannedClass.objects.visible_to(request.user).values("plan__unit"))
    filters = YearFilter(request.GET, queryset=seen, units=units)
    rows = filters.qs.select_related("plan__unit", "cohort").order_by("starts_on", "pk")[: MOST_DRAWN + 1]
    found = [*map(_planned, rows), *map(_unplanned, _beside_plans(request, chosen, filters))]
    found.sort(key=lambda one: (one.event.starts_on, one.event.key))
    drawn = found[:MOST_DRAWN]
    days = CalendarDay.objects.filter(day__year=chosen).values_list("day", "is_working", "name")
    named = {day: (worked, name) for day, worked, name in days}
    holidays = {day: name for day, (worked, name) in named.items() if not worked}
    return {
        "year": chosen, "before": chosen - 1, "after": chosen + 1, "most": most, "crowds": CROWDS,
        "filters": filters, "count": len(drawn), "too_many": len(found) > MOST_DRAWN,
        "places": sum(one.places for one in drawn),
        "grid": grid(chosen, [one.event for one in drawn], named, clock.today()),
        "months": _by_month(drawn), "troubles": troubles([one.span for one in drawn], holidays, most, known_rooms()),
        "no_calendar": not named, "today": clock.today(),
    }  # fmt: skip


def _beside_plans(request: HttpRequest, year: int, filters: YearFilter) -> list[Cohort]:
    """Classes of the office that no plan knows; none where the filters ask about plans or themes."""
    chosen = filters.form.cleaned_data if filters.form.is_valid() else {}
    if chosen.get("theme") or chosen.get("state") or chosen.get("there") == "planned":
        return []
    rows = Cohort.objects.hosted_by_office_of(request.user).filter(planned__isnull=True, starts_on__year=year)
    rows = rows.exclude(state=CohortState.CANCELLED).select_related("host").order_by("starts_on", "pk")
    if chosen.get("unit"):
        rows = rows.filter(host=chosen["unit"])
    return list(rows[: MOST_DRAWN + 1])


def _planned(one: PlannedClass) -> Shown:
    kind, state = ("founded", "done") if one.cohort_id else (one.plan.state, words.STATE_KINDS[one.plan.state])
    said = _("已设立班次") if one.cohort_id else one.plan.get_state_display()
    dates = days_words(one.starts_on, one.ends_on)
    title = {"text": one.full_title, "url": reverse("planning:class", args=[one.public_id]), "sub": one.plan.unit.name}
    row = [
        title, dates, str(one.get_theme_display()), words.audience_words(one), one.places, one.venue or _("未定"),
        money(one.budget), {"state": state, "state_word": said},
    ]  # fmt: skip
    event = Event(f"p{one.pk}", one.full_title, one.starts_on, one.ends_on, kind, f"{one.full_title} {dates} {said}")
    return Shown(event, words.span_of(one), row, one.places)


def _unplanned(cohort: Cohort) -> Shown:
    dates, said = days_words(cohort.starts_on, cohort.ends_on), _("计划外")
    title = {"text": cohort.full_title, "url": reverse("cohorts:board", args=[cohort.public_id]),
             "sub": cohort.host.name}  # fmt: skip
    row = [title, dates, "—", "—", "—", cohort.place or _("未定"), "—",
           {"state": "info", "state_word": _("计划外，%(state)s") % {"state": cohort.get_state_display()}}]  # fmt: skip
    key, title_ = f"c{cohort.pk}", cohort.full_title
    event = Event(key, title_, cohort.starts_on, cohort.ends_on, "unplanned", f"{title_} {dates} {said}")
    return Shown(event, Span(key, title_, cohort.starts_on, cohort.ends_on, cohort.place), row)


def _by_month(shown: list[Shown]) -> list[dict[str, Any]]:
    """Month by month in the order of the first day."""
    found = groupby(shown, key=lambda one: (one.event.starts_on.year, one.event.starts_on.month))
    return [{"month": _("%(n)s月") % {"n": key[1]}, "rows": [one.row for one in rows]} for key, rows in found]


def columns() -> list[dict[str, Any]]:
    labels = (_("班次"), _("时间"), _("主题"), _("培训对象"), _("人数"), _("地点"), _("预算"), _("状态"))
    return [{"label": label, "number": label == _("人数")} for label in labels]


@office
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    context = {**context_of(request), "columns": columns()}
    return render(request, "planning/plans/year.html", context)


@office
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The same on A4, lying across."""
    context = {**context_of(request), "columns": columns()}
    return render(request, "planning/plans/year_sheet.html", context)
