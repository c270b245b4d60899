"""Everything about one person in this class: beside the member table, or as a page of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts import services
from cohorts.models import AttendanceEvent, Cohort, MemberPhoto, Membership, MembershipState
from cohorts.permissions import is_office_of
from cohorts.presenters.leave import discipline_item
from cohorts.presenters.members import (
    attendance_words,
    condition_cell,
    decision_words,
    leave_row,
    mark,
    member_state,
    records,
    trail,
)
from cohorts.reading import classes as reading
from cohorts.rules import leave
from cohorts.rules.graduation import decide
from cohorts.rules.states import OPEN
from cohorts.views.loading import (
    class_to_run,
    member_of,
    office,
    page,
    tell,
)
from people.services import note_file_read

PANEL = "cohorts/office/panel.html"


@office
@require_safe
def member(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """Everything about one person in this class: attendance, leave with its sum, conditions, corrections."""
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    note_file_read(reader=request.user, subject=one.user, part=_("班次档案：%(title)s") % {"title": cohort.full_title})
    about = _about(cohort, one, request.user)
    if request.headers.get("X-Panel"):
        return render(request, "cohorts/office/member.html", {"cohort": cohort, "frame": PANEL, **about})
    return page(request, "member", cohort, "members", **about)


def _about(cohort: Cohort, one: Membership, reader: Any) -> dict[str, Any]:
    statuses, table = reading.statuses_of([one.pk])[one.pk], reading.timetable_of(cohort)
    how = records(one.attendance.all())
    conditions = decide(reading.standings(cohort, [one], reading.this_half_day())[one.pk])
    decision = reading.last_decisions([one.pk]).get(one.pk)
    decided = reading.is_decided(one, decision, cohort.total_hours)
    awaits = one.over_leave_limit and one.state == MembershipState.REGISTERED and not decided
    return {
        "one": one,
        "state": member_state(one),
        "half_days": [
            {"place": p, "how": how.get(p, ""), **mark(statuses, p, is_due=table.calls(p, one.group_id))} for p in table
        ],
        "attendance": attendance_words(statuses, reading.due(table, one, reading.this_half_day())),
        "arithmetic": leave.arithmetic(one.leave_hours, cohort.total_hours),
        "left": leave.left(one.leave_hours, cohort.total_hours),
        "draft": leave.withdrawal_draft(one.user.name, one.leave_hours, cohort.total_hours) if awaits else "",
        "may_decide": awaits and is_office_of(reader, cohort),
        "decision": decision_words(decision) if decision else "",
        "decision_row": decision,
        "leaves": [leave_row(record) for record in one.leaves.all()],
        "discipline": [discipline_item(row) for row in one.discipline.prefetch_related("events__by")],
        "conditions": [{"label": c.label, **condition_cell(c)} for c in conditions],
        "corrections": _corrections(one),
        "groups": cohort.groups.all(),
        "trail": trail(one),
        "duties": list(one.duties.select_related("cohort")),
        "photo": MemberPhoto.objects.filter(membership=one).first(),
        "is_open": cohort.state in OPEN,
        "may_leave": cohort.state in ("confirmed", "running") and one.state in ("confirmed", "registered"),
    }


def _corrections(one: Membership) -> list[dict[str, Any]]:
    """Statuses that were changed after they had been recorded, the newest first."""
    events = AttendanceEvent.objects.filter(membership=one).exclude(before="").select_related("recorded_by")
    labels = {**dict(reading.AttendanceStatus.choices), "": _("未登记")}
    return [
        {
            "when": event.at,
            "title": _("%(when)s由“%(before)s”改为“%(after)s”") % {
                "when": reading.HalfDay(event.day, event.half).label,
                "before": labels[event.before],
                "after": labels[event.after],
            },
            "text": _by_whom(event),
            "kind": "risk",
        }
        for event in events.order_by("-at", "-pk")[:50]
    ]  # fmt: skip


def _by_whom(event: AttendanceEvent) -> str:
    """李静（点名）：签到表有本人签名."""
    who = f"{event.recorded_by.name}（{event.get_how_display()}）"
    return f"{who}：{event.reason}" if event.reason else who


@office
@require_POST
def move(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    number = request.POST.get("group", "")
    group = get_object_or_404(cohort.groups, pk=int(number) if number.isdecimal() and len(number) < 18 else 0)
    tell(request, lambda: services.move_to_group(actor=request.user, membership=one, group=group), _("已调整小组。"))
    return redirect(reverse("cohorts:member", args=[public_id, member_id]))
