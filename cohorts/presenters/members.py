"""Classes, members and half days as ready words, states and addresses for the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import (
    Attendance,
    AttendanceHow,
    AttendanceStatus,
    Cohort,
    LeaveDecision,
    LeaveRecord,
    Membership,
    MembershipState,
    Requirement,
    Scan,
    ScanOutcome,
    Session,
)
from cohorts.presenters.figures import plain
from cohorts.reading.classes import Statuses, Table, label_of
from cohorts.rules import leave
from cohorts.rules.graduation import Condition
from cohorts.rules.halfdays import HalfDay, span_label

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
NOT_DUE = "not_due"  # the half day is for other groups
# What a failed attempt means and what to do; a teacher's record by hand has the same effect.
BY_HAND = gettext_lazy("请班主任现场登记，与扫码效力相同。")
SCAN_FAILURES: dict[str, tuple[Any, Any]] = {
    ScanOutcome.EXPIRED: (
        gettext_lazy("签到码已失效"),
        gettext_lazy("签到码每 10 秒更换一次。请重新扫描屏幕上的二维码，或输入屏幕上最新的六位签到码。"),
    ),
    ScanOutcome.OTHER_CLASS: (
        gettext_lazy("这是其他班次的签到码"),
        gettext_lazy("请核对教室，扫描本班屏幕上的二维码。"),
    ),
    ScanOutcome.NOT_MEMBER: (
        gettext_lazy("您不在这个班次的在班名单里"),
        gettext_lazy("如果您已报到，请找班主任核对名单。"),
    ),
    ScanOutcome.OTHER_GROUP: (
        gettext_lazy("这半天的课不是您所在小组的"),
        gettext_lazy("您这半天不用签到。如果您已调整小组，请找班主任核对名单。"),
    ),
    ScanOutcome.CLOSED: (gettext_lazy("现在不在签到时间内"), gettext_lazy("签到还没有开始，或者已经截止。")),
    ScanOutcome.ON_LEAVE: (
        gettext_lazy("您这半天已登记请假"),
        gettext_lazy("扫码不会改动请假记录。如果已经返班，请找班主任办理。"),
    ),
    ScanOutcome.ABSENT: (
        gettext_lazy("班主任已登记您这半天旷课"),
        gettext_lazy("扫码不会改动班主任的登记。如有出入，请找班主任现场更正。"),
    ),
}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def member_url(cohort: Cohort, member: Membership) -> str:
    return reverse("cohorts:member", args=[cohort.public_id, member.public_id])


def member_state(member: Membership) -> dict[str, str]:
    """The state as a word with its colour; the reason below where there is one."""
    cell = {"text": "", "state": MEMBER_KINDS[MembershipState(member.state)], "state_word": member.get_state_display()}
    return {**cell, "sub": member.reason} if member.reason else cell


def trail(member: Membership) -> str:
    """替换张三 or 由李四替换, or nothing."""
    if member.replaces:
        return _("替换%(name)s") % {"name": member.replaces.user.name}
    if hasattr(member, "replaced_by"):
        return _("由%(name)s替换") % {"name": member.replaced_by.user.name}
    return ""


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


def mark(statuses: Statuses, place: HalfDay, *, is_due: bool = True) -> dict[str, str]:
    """The mark of a half day; where nothing is recorded because it is for other groups, that is said."""
    status = statuses.get(place, "")
    return {"half_day": HALF_DAY_MARKS[status] if status or is_due else NOT_DUE, "text": place.label}


def record_words(row: Attendance) -> str:
    """扫码 09:02; on another day with the day: how and when a status was recorded."""
    at = timezone.localtime(row.recorded_at)
    day = "" if at.date() == row.day else f"{at.month}月{at.day}日 "
    return f"{AttendanceHow(row.how).label} {day}{at:%H:%M}"


def records(rows: Iterable[Attendance]) -> dict[HalfDay, str]:
    """How and when each half day of a member was recorded."""
    return {HalfDay(row.day, row.half): record_words(row) for row in rows}


def scan_words(scan: Scan, recorded: Attendance | None) -> dict[str, Any]:
    """What became of an attempt: state, title, what to do."""
    place = HalfDay(scan.check_in.day, scan.check_in.half).label if scan.check_in else ""
    if recorded is None and scan.outcome in SCAN_FAILURES:
        title, text = SCAN_FAILURES[scan.outcome]
        return {"kind": "failed", "title": title, "text": text, "by_hand": BY_HAND, "place": place}
    if recorded is None:
        text = _("这条签到记录后来已由班主任更正或撤销，请以班级页面的考勤为准。")
        return {"kind": "info", "title": _("签到记录有变化"), "text": text, "place": place}
    at = f"{timezone.localtime(recorded.recorded_at):%H:%M}"
    word = AttendanceStatus(recorded.status).label
    if recorded.how == AttendanceHow.SCAN:
        title = _("您已签到 %(time)s") % {"time": at}
    else:
        title = _("班主任已为您登记 %(time)s") % {"time": at}
    kind = "done" if recorded.status == AttendanceStatus.PRESENT else "risk"
    return {"kind": kind, "title": title, "text": _("考勤记为“%(word)s”。") % {"word": word}, "place": place}


def attendance_words(statuses: Statuses, places: Iterable[HalfDay]) -> str:
    """到课 8 · 迟到 1 · 请假 1 · 未登记 2: what occurs, in order."""
    return counted_words(Counter(statuses.get(place, "") for place in places), attendance_labels())


def attendance_labels() -> dict[str, str]:
    """The word of each status in their order, and of nothing recorded."""
    return {**{status.value: str(status.label) for status in AttendanceStatus}, "": _("未登记")}


def counted_words(counts: Mapping[str, int], labels: Mapping[str, str]) -> str:
    """到课 8 · 迟到 1: the counts that are not nought."""
    return " · ".join(f"{label} {counts[key]}" for key, label in labels.items() if counts.get(key)) or _("还没有课")


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


def requirement_sentence(requirement: Requirement, parts: int) -> str:
    """What a condition asks for, as a sentence."""
    if requirement.edition:
        return _("学完课程《%(title)s》") % {"title": requirement.edition.title}
    if requirement.exam:
        return _("考试《%(title)s》及格") % {"title": requirement.exam.title}
    if requirement.task:
        return _("任务《%(title)s》评为合格或以上") % {"title": requirement.task.title}
    if requirement.survey:
        return _("完成评估《%(title)s》") % {"title": requirement.survey.title}
    if requirement.share is not None:
        return _("到课不少于应到半天数的 %(share)s%%") % {"share": plain(requirement.share)}
    if requirement.need:
        return _("以下 %(all)s 项中至少满足 %(need)s 项：") % {"all": parts, "need": requirement.need}
    return _("以下 %(all)s 项全部满足：") % {"all": parts} if parts else label_of(requirement)


def tree_rows(tree: list[Requirement], met: Mapping[int, int]) -> list[dict[str, Any]]:
    """The conditions below the root, each with its sentence, its parts and how many have met it."""
    children: dict[int | None, list[Requirement]] = {}
    for requirement in tree:
        children.setdefault(requirement.parent_id, []).append(requirement)
    root = next((r.pk for r in children.get(None, [])), None)
    return _branch(children, root, met) if root else []


def _branch(
    children: Mapping[int | None, list[Requirement]], parent: int, met: Mapping[int, int]
) -> list[dict[str, Any]]:
    beside = children.get(parent, [])
    return [
        {
            "pk": r.pk,
            "sentence": requirement_sentence(r, len(children.get(r.pk, []))),
            "met": None if r.kind == Requirement.Kind.ALL else met.get(r.pk),
            "parts": _branch(children, r.pk, met),
            "is_first": at == 0,
            "is_last": at == len(beside) - 1,
        }
        for at, r in enumerate(beside)
    ]


def indented_choices(tree: list[Requirement]) -> list[tuple[int, str]]:
    """Every condition below the root to choose from, in the order of the tree, indented by its level."""
    return list(_indented(tree_rows(tree, {}), 0))


def _indented(rows: list[dict[str, Any]], level: int) -> Iterator[tuple[int, str]]:
    for row in rows:
        yield row["pk"], "　" * level + row["sentence"].rstrip("：")
        yield from _indented(row["parts"], level + 1)


def session_row(session: Session) -> dict[str, Any]:
    return {
        "session": session,
        "time": f"{session.starts_at:%H:%M}—{session.ends_at:%H:%M}",
        "half": session.get_half_display(),
        "kind": session.get_kind_display(),
        "hours": plain(session.hours),
        "lecturer": session.lecturer.name if session.lecturer else "",
    }


def table_places(table: Table) -> list[HalfDay]:
    return sorted(table)
