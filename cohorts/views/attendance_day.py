"""The attendance of one day: the table, the sheet to print, the workbook, and the scans that failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohorts.models import Cohort, CohortState, Membership, Scan
from cohorts.presenters.figures import day_words
from cohorts.presenters.members import member_url
from cohorts.reading import daily
from cohorts.reading.classes import Table, this_half_day, timetable_of
from cohorts.rules.halfdays import HalfDay, half_word
from cohorts.views.loading import class_to_run, office, page
from core import clock
from core.spreadsheets.writer import ColumnSpec, SheetSpec, download_response, write_xlsx

PER_PAGE = 50


@office
@require_safe
def table(request: HttpRequest, public_id: UUID, day: date) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    day_table = timetable_of(cohort, day)
    shown = Paginator(daily.members_on(cohort, day, day_table), PER_PAGE).get_page(request.GET.get("page"))
    totals = daily.totals_of(cohort, day, day_table)
    return page(
        request, "attendance_day", cohort, "attendance",
        day=day, totals=totals, rows=_rows(cohort, list(shown), day_table, day), listing=shown,
        halves=[_links(cohort, t.place) for t in totals], neighbours=_neighbours(cohort, day),
        failed=daily.failed_scans(cohort, day).count(),
    )  # fmt: skip


@office
@require_safe
def sheet(request: HttpRequest, public_id: UUID, day: date) -> HttpResponse:
    """Everybody on paper, with room for a signature."""
    cohort = class_to_run(request, public_id)
    day_table = timetable_of(cohort, day)
    totals, members = daily.totals_of(cohort, day, day_table), list(daily.members_on(cohort, day, day_table))
    context = {"cohort": cohort, "day": day, "totals": totals, "rows": _rows(cohort, members, day_table, day)}
    return render(request, "cohorts/attendance_sheet.html", {**context, "now": clock.now()})


@office
@require_safe
def scans(request: HttpRequest, public_id: UUID, day: date) -> HttpResponse:
    """Scans that failed, with the reason; people of other classes stay without a name."""
    cohort = class_to_run(request, public_id)
    shown = Paginator(daily.failed_scans(cohort, day), PER_PAGE).get_page(request.GET.get("page"))
    known = _known(cohort, shown)
    rows = [[_who(s, known), _half(s), s.get_outcome_display(), _time(s)] for s in shown]
    columns = [{"label": label} for label in (_("姓名"), _("时段"), _("原因"), _("时间"))]
    return page(request, "attendance_scans", cohort, "attendance", day=day, rows=rows, columns=columns, listing=shown)


@office
@require_safe
def export(request: HttpRequest, public_id: UUID, day: date) -> HttpResponse:
    """The day as a workbook: the table, the totals, the failed scans."""
    cohort = class_to_run(request, public_id)
    day_table = timetable_of(cohort, day)
    totals = daily.totals_of(cohort, day, day_table)
    note = f"{cohort.full_title}，{day_words(day)}"
    sheets = [_table_sheet(cohort, day_table, day, note), _totals_sheet(totals, note), _scans_sheet(cohort, day, note)]
    return download_response(f"{cohort.code}-{_('考勤日表')}-{day:%Y%m%d}.xlsx", write_xlsx(sheets))


def _rows(cohort: Cohort, members: list[Membership], day_table: Table, day: date) -> list[dict[str, Any]]:
    recorded = daily.recorded_on(members, day)
    return [
        {
            "member": m,
            "url": member_url(cohort, m),
            "cells": [{"label": half_word(p.half), **_cell(m, p, recorded[m.pk], day_table)} for p in day_table],
        }
        for m in members
    ]


def _cell(member: Membership, place: HalfDay, recorded: dict[str, Any], day_table: Table) -> dict[str, Any]:
    return daily.cell(recorded.get(place.half), is_due=day_table.calls(place, member.group_id))


def _links(cohort: Cohort, place: HalfDay) -> dict[str, Any]:
    """The way to the roll call and to the check-in of a half day that has come."""
    open_now = place <= this_half_day() and cohort.state == CohortState.RUNNING
    args = [cohort.public_id, place.day, place.half]
    return {
        "place": place,
        "roll_call": reverse("cohorts:roll-call", args=args) if open_now else "",
        "check_in": reverse("cohorts:check-in-screen", args=args) if open_now and place.day == clock.today() else "",
    }


def _neighbours(cohort: Cohort, day: date) -> dict[str, str]:
    """The days of the timetable before and after."""
    days = cohort.sessions.order_by("day").values_list("day", flat=True)
    before, after = days.filter(day__lt=day).last(), days.filter(day__gt=day).first()
    address = lambda d: reverse("cohorts:attendance-day", args=[cohort.public_id, d]) if d else ""  # noqa: E731
    return {"before": address(before), "after": address(after)}


def _known(cohort: Cohort, scans: Iterable[Scan]) -> set[int]:
    """Which of the people belong or belonged to the class."""
    rows = cohort.memberships.filter(user__in=[s.user_id for s in scans])
    return set(rows.values_list("user", flat=True))


def _who(scan: Scan, known: set[int]) -> str:
    return scan.user.name if scan.user_id in known else _("非本班人员")


def _half(scan: Scan) -> str:
    return half_word(scan.check_in.half) if scan.check_in else "—"


def _time(scan: Scan) -> str:
    return f"{timezone.localtime(scan.at):%H:%M:%S}"


def _table_sheet(cohort: Cohort, day_table: Table, day: date, note: str) -> SheetSpec:
    members = list(daily.members_on(cohort, day, day_table))
    recorded = daily.recorded_on(members, day)
    columns: list[ColumnSpec | str] = [_("姓名"), ColumnSpec(_("工号"), code=True), _("单位"), _("小组")]
    for place in day_table:
        half = half_word(place.half)
        columns += [f"{half}{part}" for part in (_("考勤"), _("方式与时间"), _("登记人"))]
    rows = [
        [m.user.name, m.user.work_number, m.unit.name, str(m.group or ""), *_exported(m, recorded[m.pk], day_table)]
        for m in members
    ]
    return SheetSpec(_("考勤日表"), columns, rows, note=note)


def _exported(member: Membership, recorded: dict[str, Any], day_table: Table) -> list[str]:
    found: list[str] = []
    for place in day_table:
        row = recorded.get(place.half)
        shown = _cell(member, place, recorded, day_table)
        found += [str(shown["word"]), shown["how"], row.recorded_by.name if row else ""]
    return found


def _totals_sheet(totals: list[daily.Totals], note: str) -> SheetSpec:
    labels = [label for label, n in totals[0].figures] if totals else []
    rows = [[t.place.label, *(n for label, n in t.figures)] for t in totals]
    return SheetSpec(_("半天合计"), [_("时段"), *labels], rows, note=note)


def _scans_sheet(cohort: Cohort, day: date, note: str) -> SheetSpec:
    found = list(daily.failed_scans(cohort, day))
    known = _known(cohort, found)
    rows = [[_who(s, known), _half(s), str(s.get_outcome_display()), _time(s)] for s in found]
    return SheetSpec(_("未成功的扫码"), [_("姓名"), _("时段"), _("原因"), _("时间")], rows, note=note)
