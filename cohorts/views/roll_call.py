"""Roll call on the phone: by group, big buttons, one form that works without a script."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohorts import services
from cohorts.models import (
    Attendance,
    AttendanceHow,
    AttendanceStatus,
    Cohort,
    CohortState,
    Membership,
    MembershipState,
    Session,
)
from cohorts.presenters.members import record_words
from cohorts.reading.classes import Table, called_to, this_half_day, timetable_of
from cohorts.rules.halfdays import HalfDay
from cohorts.rules.schedule import groups_words
from cohorts.views.loading import class_to_run, office
from core import clock
from core.errors import Conflict, DomainError
from people.permissions import public

KEYS = {"present": "done", "late": "risk", "left_early": "risk", "on_leave": "info", "absent": "failed"}
WORKER = Path(__file__).parents[1] / "static" / "cohorts" / "roll-call-worker.js"
SIGNED = AttendanceHow.SIGNATURE.value  # a button of its own: present, by a signature on paper
CHOICES = [
    *((s.value, s.label, KEYS[s.value]) for s in AttendanceStatus),
    (SIGNED, AttendanceHow.SIGNATURE.label, "done"),
]


@office
@require_http_methods(["GET", "POST"])
def roll_call(request: HttpRequest, public_id: UUID, day: date, half: str) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    place = HalfDay(day, half)
    if request.method == "POST":
        return _recorded(request, cohort, place)
    return _page(request, cohort, place)


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that opens the roll call without a network; it lies here as it answers for its own folder only."""
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@cache
def _worker() -> bytes:
    return WORKER.read_bytes()


def _recorded(request: HttpRequest, cohort: Cohort, place: HalfDay) -> HttpResponse:
    """What was sent is recorded, or it is said why not; the page's script is answered with values."""
    posted, wants_values = _posted(request.POST), "application/json" in request.headers.get("Accept", "")
    try:
        count = services.record_attendance(actor=request.user, cohort=cohort, day=place.day, half=place.half, **posted)
    except DomainError as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        if wants_values:
            return _values(cohort, place, refusal.message, getattr(refusal, "members", []), status)
        messages.error(request, refusal.message)
        chosen = {k: _choice_posted(posted, k) for k in posted["versions"]}
        return _page(request, cohort, place, chosen=chosen, reasons=posted["reasons"], status=status)
    words = _("已登记，%(n)s 人有变化。") % {"n": count} if count else _("没有变化，记录与之前一致。")
    if wants_values:
        return _values(cohort, place, words)
    messages.success(request, words)
    return redirect("cohorts:roll-call", cohort.public_id, place.day, place.half)


def _posted(data: Any) -> dict[str, Any]:
    """What the form holds by member: a status where one was chosen, its reason, the version that was shown."""
    found: dict[str, Any] = {"statuses": {}, "reasons": {}, "versions": {}, "signed": set(), "rest": set()}
    for name, value in data.items():
        kind, _dash, key = name.partition("-")
        if not (key.isdecimal() and len(key) < 18):
            continue
        if kind == "status" and value:
            found["statuses"][int(key)] = AttendanceStatus.PRESENT.value if value == SIGNED else value
            found["signed"] |= {int(key)} if value == SIGNED else set()
        elif kind == "reason" and value.strip():
            found["reasons"][int(key)] = value.strip()[:200]
        elif kind == "version" and value.isdecimal() and len(value) < 9:
            found["versions"][int(key)] = int(value)
    if data.get("rest") == AttendanceStatus.PRESENT:  # the button 其余全部到课: everybody of the form without a choice
        found["rest"] = set(found["versions"]) - set(found["statuses"])
    return found


def _choice_posted(posted: dict[str, Any], key: int) -> str:
    if key in posted["signed"]:
        return SIGNED
    return str(posted["statuses"].get(key, "present" if key in posted["rest"] else ""))


def _choice(row: Attendance | None) -> str:
    """Which button stands for what is on record."""
    if row is None:
        return ""
    return SIGNED if (row.status, row.how) == (AttendanceStatus.PRESENT, SIGNED) else row.status


def _values(cohort: Cohort, place: HalfDay, message: str, taken: Iterable[int] = (), status: int = 200) -> JsonResponse:
    """Where every member of the list stands now; ``taken`` are those that somebody else recorded meanwhile."""
    members = _members(cohort, place)
    there = _there(members, place)
    rows = {
        m.pk: {
            "choice": _choice(there.get(m.pk)),
            "words": _record(there.get(m.pk)),
            "by": there[m.pk].recorded_by.name if m.pk in there else "",
            "version": there[m.pk].version if m.pk in there else 0,
        }
        for m in members
    }
    summary = _summary(there, len(members))
    return JsonResponse({"message": message, "taken": list(taken), "rows": rows, "summary": summary}, status=status)


def _members(cohort: Cohort, place: HalfDay) -> list[Membership]:
    """Those in class whom the half day calls: everybody, or the groups for which it is held."""
    rows = cohort.memberships.filter(called_to(cohort, place), state=MembershipState.REGISTERED)
    return list(rows.select_related("user", "group", "unit").order_by("group__number", "user__sort_key", "pk"))


def _there(members: Iterable[Membership], place: HalfDay) -> dict[int, Attendance]:
    rows = Attendance.objects.filter(membership__in=[m.pk for m in members], day=place.day, half=place.half)
    return {row.membership_id: row for row in rows.select_related("recorded_by")}


def _record(row: Attendance | None) -> str:
    """已登记：迟到（扫码 09:12）, or that nothing is on record."""
    if row is None:
        return _("未登记")
    return _("已登记：%(status)s（%(how)s）") % {"status": row.get_status_display(), "how": record_words(row)}


def _summary(there: dict[int, Attendance], count: int) -> str:
    counts = [(str(s.label), sum(row.status == s for row in there.values())) for s in AttendanceStatus]
    first = _("已登记 %(recorded)s / %(count)s 人") % {"recorded": len(there), "count": count}
    return " · ".join([first, *(f"{label} {n}" for label, n in counts if n)])


def _page(
    request: HttpRequest,
    cohort: Cohort,
    place: HalfDay,
    *,
    chosen: dict[int, str] | None = None,
    reasons: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    members, table = _members(cohort, place), timetable_of(cohort)
    there = _there(members, place)
    context = {
        "cohort": cohort,
        "place": place,
        "lessons": [_lesson(s) for s in cohort.sessions.filter(day=place.day, half=place.half).with_groups()],
        "only": _only(cohort, place, table),
        "groups": _groups(members, there, chosen, reasons or {}),
        "summary": _summary(there, len(members)),
        "is_past": place.day < clock.today(),
        "closed_to": _closed_to(cohort, place, table),
        "neighbours": _neighbours(cohort, place, sorted(table)),
        "check_in": place.day == clock.today() and place <= this_half_day(),
    }
    return render(request, "cohorts/roll_call.html", context, status=status)


def _lesson(session: Session) -> str:
    """09:00 《…》（第1组） 三楼报告厅."""
    groups = f"（{groups_words(session.tracks)}）" if session.tracks else ""
    return f"{session.starts_at:%H:%M} 《{session.title}》{groups} {session.room}".rstrip()


def _only(cohort: Cohort, place: HalfDay, table: Table) -> str:
    """That the roll call is of some groups alone, with their names; nothing where it is of the whole class."""
    keys = table.called.get(place)
    if keys is None:
        return ""
    numbers = cohort.groups.filter(pk__in=keys).values_list("number", flat=True)
    return _("这半天只有%(groups)s上课，点名只列这些小组。") % {"groups": groups_words(numbers)}


def _closed_to(cohort: Cohort, place: HalfDay, table: Table) -> str:
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
        now = _choice(row)
        choice = now if chosen is None else chosen.get(member.pk, now)
        groups.setdefault(str(member.group) if member.group else _("未分组"), []).append(
            {
                "member": member,
                "now": now,
                "recorded": _record(row),
                "version": row.version if row else 0,
                "reason": reasons.get(member.pk, ""),
                "buttons": [{"value": v, "label": label, "kind": k, "on": v == choice} for v, label, k in CHOICES],
            }
        )
    return [
        {"title": title, "rows": rows, "recorded": sum(bool(r["now"]) for r in rows)} for title, rows in groups.items()
    ]


def _neighbours(cohort: Cohort, place: HalfDay, places: list[HalfDay]) -> dict[str, str]:
    """The half days before and after this one."""
    before = [p for p in places if p < place][-1:]
    after = [p for p in places if p > place][:1]
    address = lambda p: reverse("cohorts:roll-call", args=[cohort.public_id, p.day, p.half])  # noqa: E731
    return {"before": address(before[0]) if before else "", "after": address(after[0]) if after else ""}
