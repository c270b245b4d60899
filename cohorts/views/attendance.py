"""Attendance in the office: half days by members; not recorded is its own mark."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohorts.models import AttendanceStatus, Cohort, CohortState, Membership
from cohorts.presenters.members import column_label, days_of, mark, member_url
from cohorts.reading import classes as reading
from cohorts.rules.halfdays import HalfDay
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
    table = reading.timetable_of(cohort)
    places = list(table)
    shown = Paginator(_members(cohort), PER_PAGE).get_page(request.GET.get("page"))
    statuses = reading.statuses_of(m.pk for m in shown)
    rows = [_row(cohort, m, statuses[m.pk], table) for m in shown]
    return page(
        request,
        "attendance",
        cohort,
        "attendance",
        columns=[{"label": _("姓名")}, *({"label": column_label(p), "short": True} for p in places)],
        rows=rows,
        listing=shown,
        days=_days(cohort, table),
    )


def _row(cohort: Cohort, member: Membership, statuses: reading.Statuses, table: reading.Table) -> list[Any]:
    who = {"text": member.user.name, "url": member_url(cohort, member), "sub": str(member.group or "")}
    return [who, *(mark(statuses, place, is_due=table.calls(place, member.group_id)) for place in table)]


def _days(cohort: Cohort, table: reading.Table) -> list[dict[str, Any]]:
    """Each day with its table, and its half days with how many of those whom they call are recorded."""
    counts, now = reading.recorded_by_half_day(cohort, table), reading.this_half_day()
    return [
        {
            "day": day,
            "url": reverse("cohorts:attendance-day", args=[cohort.public_id, day]),
            "halves": [
                {
                    "place": place,
                    "recorded": counts[place][0],
                    "all": counts[place][1],
                    "url": _roll_call(cohort, place) if place <= now and cohort.state == CohortState.RUNNING else "",
                }
                for place in halves
            ],
        }
        for day, halves in days_of(table)
    ]


def _roll_call(cohort: Cohort, place: HalfDay) -> str:
    return reverse("cohorts:roll-call", args=[cohort.public_id, place.day, place.half])


@office
@require_safe
def export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole table as a workbook, states in words."""
    cohort = class_to_run(request, public_id)
    table, members = reading.timetable_of(cohort), list(_members(cohort))
    statuses = reading.statuses_of(m.pk for m in members)
    words = {**{s.value: str(s.label) for s in AttendanceStatus}, "": _("未登记")}
    rows = [
        [m.user.name, m.unit.name, str(m.group or ""), *_exported(statuses[m.pk], table.of(m.group_id), table, words)]
        for m in members
    ]
    columns = [_("姓名"), _("单位"), _("小组"), *(p.long_label for p in table)]
    sheet = SheetSpec(_("考勤表"), columns, rows, note=f"{cohort.full_title}（{clock.today():%Y-%m-%d}）")
    return download_response(f"{cohort.code}-{_('考勤表')}.xlsx", write_xlsx([sheet]))


def _exported(statuses: reading.Statuses, own: reading.Table, table: reading.Table, words: dict[str, str]) -> list[str]:
    """A word for each half day; nothing recorded where other groups had lessons is no gap."""
    return [words[statuses.get(p, "")] if p in own or p in statuses else _("本组没有课") for p in table]
