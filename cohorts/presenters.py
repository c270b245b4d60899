"""Classes, members and half days as ready words, states and addresses for the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts import leave
from cohorts.figures import plain
from cohorts.graduation import Condition
from cohorts.halfdays import HalfDay, span_label
from cohorts.models import AttendanceStatus, Cohort, LeaveDecision, LeaveRecord, Membership, MembershipState, Session
from cohorts.reading import Statuses, Table

MEMBER_KINDS = {
    MembershipState.CONFIRMED: "waiting",
    MembershipState.REGISTERED: "info",
    MembershipState.ABSENT: "failed",
    MembershipState.WITHDRAWN: "failed",
    MembershipState.GRADUATED: "done",
    MembershipState.NOT_GRADUATED: "risk",
}
# The marks of core's half-day component.
HALF_DAY_MARKS = {
    AttendanceStatus.PRESENT: "present",
    AttendanceStatus.LATE: "late",
    AttendanceStatus.LEFT_EARLY: "left_early",
    AttendanceStatus.ON_LEAVE: "leave",
    AttendanceStatus.ABSENT: "absent",
    "": "not_recorded",
}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def member_url(cohort: Cohort, member: Membership) -> str:
    return reverse("cohorts:member", args=[cohort.public_id, member.public_id])


def member_state(member: Membership) -> dict[str, str]:
    """The state as a word with its colour; the reason below where there is one."""
    cell = {"text": "", "state": MEMBER_KINDS[MembershipState(member.state)], "state_word": member.get_state_display()}
    return {**cell, "sub": member.reason} if member.reason else cell


def leave_cell(member: Membership, total: Any) -> dict[str, Any]:
    """The hours of leave; above one seventh flagged with the arithmetic."""
    if not member.over_leave_limit:
        return {"text": _("%(hours)s 学时") % {"hours": plain(member.leave_hours)} if member.leave_hours else "—"}
    return {
        "text": "",
        "state": "risk",
        "state_word": _("超过七分之一"),
        "sub": leave.arithmetic(member.leave_hours, total),
    }


def days_of(table: Iterable[HalfDay]) -> list[tuple[date, list[HalfDay]]]:
    """Half days by day, in order."""
    days: dict[date, list[HalfDay]] = {}
    for place in sorted(table):
        days.setdefault(place.day, []).append(place)
    return list(days.items())


def column_label(place: HalfDay) -> str:
    """11.23 上 : short enough for a grid of many half days."""
    return f"{place.day.month}.{place.day.day}{_('上') if place.half == 'am' else _('下')}"


def mark(statuses: Statuses, place: HalfDay) -> dict[str, str]:
    return {"half_day": HALF_DAY_MARKS[statuses.get(place, "")], "text": place.label}


def attendance_words(statuses: Statuses, places: Iterable[HalfDay]) -> str:
    """到课 8 · 迟到 1 · 请假 1 · 未登记 2: what occurs, in order."""
    counts = Counter(statuses.get(place, "") for place in places)
    labels = [(status.value, str(status.label)) for status in AttendanceStatus] + [("", _("未登记"))]
    return " · ".join(f"{label} {counts[key]}" for key, label in labels if counts[key]) or _("还没有课")


def half_day_counts(statuses: Mapping[int, Statuses], members: Iterable[int], place: HalfDay) -> dict[str, int]:
    return Counter(statuses.get(member, {}).get(place, "") for member in members)


def leave_row(record: LeaveRecord) -> dict[str, Any]:
    first, last = HalfDay(record.from_day, record.from_half), HalfDay(record.to_day, record.to_half)
    return {
        "record": record,
        "span": span_label(first, last),
        "hours": plain(record.hours),
        "category": record.get_category_display(),
        "cancelled": record.cancelled_at is not None,
    }


def decision_words(decision: LeaveDecision) -> str:
    return _("%(outcome)s（%(number)s）：%(reason)s，当时累计请假 %(leave)s 学时 ÷ %(total)s 学时") % {
        "outcome": decision.get_outcome_display(),
        "number": decision.document_no,
        "reason": decision.reason,
        "leave": plain(decision.leave_hours),
        "total": plain(decision.total_hours),
    }


def condition_cell(condition: Condition, *, decided: bool = True) -> dict[str, Any]:
    """A cell of the graduation board: met, missing or waived, with its reason; before the closing missing is open."""
    if condition.waived:
        return {"text": "", "state": "risk", "state_word": _("已豁免"), "sub": condition.detail}
    word = _("已满足") if condition.met else _("未满足")
    return {
        "text": "",
        "state": "done" if condition.met else "failed" if decided else "todo",
        "state_word": word,
        "sub": condition.detail,
    }


def session_row(session: Session) -> dict[str, Any]:
    return {
        "session": session,
        "time": f"{session.starts_at:%H:%M}—{session.ends_at:%H:%M}",
        "half": session.get_half_display(),
        "kind": session.get_kind_display(),
        "hours": plain(session.hours),
        "lecturer": session.lecturer.name if session.lecturer else "",
    }


def timetable_days(sessions: Iterable[Session]) -> list[dict[str, Any]]:
    """The timetable day by day."""
    days: dict[date, list[dict[str, Any]]] = {}
    for session in sessions:
        days.setdefault(session.day, []).append(session_row(session))
    return [{"day": day, "rows": rows} for day, rows in sorted(days.items())]


def table_places(table: Table) -> list[HalfDay]:
    return sorted(table)
