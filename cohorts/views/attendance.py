"""Attendance in the office: half days by members; not recorded is its own mark."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohorts import reading
from cohorts.halfdays import HalfDay
from cohorts.models import AttendanceStatus, Cohort, CohortState, Membership
from cohorts.presenters import column_label, days_of, mark, member_url
from cohorts.views.loading import class_to_run, office, page
from core import clock
from core.spreadsheets.writer import SheetSpec, download_response, write_xlsx

PER_PAGE = 50


def _members(cohort: Cohort) -> Any:
    rows = cohort.memberships.exclude(state="no_show").select_related("user", "group", "unit")
    return rows.order_by("group__number", "user__sort_key", "pk")


@office
@require_safe
def table(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    places = list(reading.timetable_of(cohort))
    shown = Paginator(_members(cohort), PER_PAGE).get_page(request.GET.get("page"))
    statuses = reading.statuses_of(m.pk for m in shown)
    rows = [_row(cohort, m, statuses[m.pk], places) for m in shown]
    return page(
        request,
        "attendance",
        cohort,
        "attendance",
        columns=[{"label": _("姓名")}, *({"label": column_label(p), "short": True} for p in places)],
        rows=rows,
        listing=shown,
        days=_days(cohort, places),
    )


def _row(cohort: Cohort, member: Membership, statuses: reading.Statuses, places: list[HalfDay]) -> list[Any]:
    who = {"text": member.user.name, "url": member_url(cohort, member), "sub": str(member.group or "")}
    return [who, *(mark(statuses, place) for place in places)]


def _days(cohort: Cohort, places: list[HalfDay]) -> list[dict[str, Any]]:
    """Each day with its table, and its half days with how many of those in class are recorded."""
    here = cohort.memberships.filter(state="registered").count()
    counts, now = reading.recorded_by_half_day(cohort), reading.this_half_day()
    return [
        {
            "day": day,
            "url": reverse("cohorts:attendance-day", args=[cohort.public_id, day]),
            "halves": [
                {
                    "place": place,
                    "recorded": counts.get(place, 0),
                    "all": here,
                    "url": _roll_call(cohort, place) if place <= now and cohort.state == CohortState.RUNNING else "",
                }
                for place in halves
            ],
        }
        for day, halves in days_of(places)
    ]


def _roll_call(cohort: Cohort, place: HalfDay) -> str:
    return reverse("cohorts:roll-call", args=[cohort.public_id, place.day, place.half])


@office
@require_safe
def export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole table as a workbook, states in words."""
    cohort = class_to_run(request, public_id)
    places, members = list(reading.timetable_of(cohort)), list(_members(cohort))
    statuses = reading.statuses_of(m.pk for m in members)
    words = {**{s.value: str(s.label) for s in AttendanceStatus}, "": _("未登记")}
    rows = [
        [m.user.name, m.unit.name, str(m.group or ""), *(words[statuses[m.pk].get(p, "")] for p in places)]
        for m in members
    ]
    columns = [_("姓名"), _("单位"), _("小组"), *(p.long_label for p in places)]
    sheet = SheetSpec(_("考勤表"), columns, rows, note=f"{cohort.full_title}（{clock.today():%Y-%m-%d}）")
    return download_response(f"{cohort.code}-{_('考勤表')}.xlsx", write_xlsx([sheet]))
