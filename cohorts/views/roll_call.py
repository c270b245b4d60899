"""Roll call on the phone: by group, big buttons, one form that works without a script."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts import services
from cohorts.halfdays import HalfDay
from cohorts.models import Attendance, AttendanceStatus, Cohort, CohortState, Membership, MembershipState
from cohorts.reading import this_half_day, timetable_of
from cohorts.views.loading import class_to_run, office
from core import clock
from core.errors import DomainError

KEYS = {"present": "done", "late": "risk", "left_early": "risk", "on_leave": "info", "absent": "failed"}


@office
@require_http_methods(["GET", "POST"])
def roll_call(request: HttpRequest, public_id: UUID, day: date, half: str) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    place = HalfDay(day, half)
    if request.method == "POST":
        posted = _posted(request.POST)
        try:
            count = services.record_attendance(actor=request.user, cohort=cohort, day=day, half=half, **posted)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            chosen = posted["statuses"] | {k: posted["statuses"].get(k, "") for k in posted["versions"]}
            return _page(request, cohort, place, chosen=chosen, reasons=posted["reasons"], status=422)
        words = _("已登记，%(n)s 人有变化。") % {"n": count} if count else _("没有变化，记录与之前一致。")
        messages.success(request, words)
        return redirect("cohorts:roll-call", public_id, day, half)
    return _page(request, cohort, place)


def _posted(data: Any) -> dict[str, dict[int, Any]]:
    """What the form holds by member: a status where one was chosen, its reason, the version that was shown."""
    found: dict[str, dict[int, Any]] = {"statuses": {}, "reasons": {}, "versions": {}}
    for name, value in data.items():
        kind, _dash, key = name.partition("-")
        if not (key.isdecimal() and len(key) < 18):
            continue
        if kind == "status" and value:
            found["statuses"][int(key)] = value
        elif kind == "reason" and value.strip():
            found["reasons"][int(key)] = value.strip()[:200]
        elif kind == "version" and value.isdecimal() and len(value) < 9:
            found["versions"][int(key)] = int(value)
    _everybody_else(data, found)
    return found


def _everybody_else(data: Any, found: dict[str, dict[int, Any]]) -> None:
    """The button 其余全部到课 marks everybody of the form for whom nothing was chosen."""
    if data.get("rest") == AttendanceStatus.PRESENT:
        for key in found["versions"]:
            found["statuses"].setdefault(key, AttendanceStatus.PRESENT.value)


def _page(
    request: HttpRequest,
    cohort: Cohort,
    place: HalfDay,
    *,
    chosen: dict[int, str] | None = None,
    reasons: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    members = list(
        cohort.memberships.filter(state=MembershipState.REGISTERED)
        .select_related("user", "group", "unit")
        .order_by("group__number", "user__sort_key", "pk")
    )
    rows = Attendance.objects.filter(membership__in=[m.pk for m in members], day=place.day, half=place.half)
    there = {row.membership_id: row for row in rows}
    table = timetable_of(cohort)
    context = {
        "cohort": cohort,
        "place": place,
        "sessions": cohort.sessions.filter(day=place.day, half=place.half).select_related("lecturer"),
        "groups": _groups(members, there, chosen, reasons or {}),
        "count": len(members),
        "recorded": len(there),
        "totals": _totals(there),
        "is_past": place.day < clock.today(),
        "closed_to": _closed_to(cohort, place, table),
        "neighbours": _neighbours(cohort, place, sorted(table)),
        "statuses": AttendanceStatus.choices,
    }
    return render(request, "cohorts/roll_call.html", context, status=status)


def _closed_to(cohort: Cohort, place: HalfDay, table: Any) -> str:
    """Why nothing can be recorded here, or nothing."""
    if cohort.state != CohortState.RUNNING:
        return _("班次目前是“%(state)s”，只能查看。") % {"state": cohort.get_state_display()}
    if place not in table:
        return _("这半天没有排课。")
    return _("还没有到上课时间，不能提前点名。") if place > this_half_day() else ""


def _groups(
    members: list[Membership],
    there: dict[int, Attendance],
    chosen: dict[int, str] | None,
    reasons: dict[int, str],
) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for member in members:
        row = there.get(member.pk)
        now = row.status if row else ""
        status = now if chosen is None else chosen.get(member.pk, now)
        groups.setdefault(str(member.group) if member.group else _("未分组"), []).append(
            {
                "member": member,
                "status": status,
                "recorded": AttendanceStatus(now).label if now else "",
                "version": row.version if row else 0,
                "reason": reasons.get(member.pk, ""),
                "buttons": [
                    {"value": s.value, "label": s.label, "kind": KEYS[s.value], "on": s.value == status}
                    for s in AttendanceStatus
                ],
            }
        )
    return [
        {"title": title, "rows": rows, "recorded": sum(bool(r["recorded"]) for r in rows)}
        for title, rows in groups.items()
    ]


def _totals(there: dict[int, Attendance]) -> list[tuple[str, int]]:
    counts = [(str(s.label), sum(row.status == s for row in there.values())) for s in AttendanceStatus]
    return [(label, n) for label, n in counts if n]


def _neighbours(cohort: Cohort, place: HalfDay, places: list[HalfDay]) -> dict[str, str]:
    """The half days before and after this one."""
    before = [p for p in places if p < place][-1:]
    after = [p for p in places if p > place][:1]
    address = lambda p: reverse("cohorts:roll-call", args=[cohort.public_id, p.day, p.half])  # noqa: E731
    return {"before": address(before[0]) if before else "", "after": address(after[0]) if after else ""}
