"""Roll call: one status per member and half day; not recorded is not absent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import (
    Attendance,
    AttendanceHow,
    AttendanceStatus,
    Cohort,
    CohortState,
    LeaveRecord,
    Membership,
    MembershipState,
)
from cohorts.permissions import require_runs
from cohorts.presenters.figures import listed
from cohorts.reading.classes import Table, standing_leaves, this_half_day, timetable_of
from cohorts.rules.halfdays import HalfDay
from cohorts.services.leave import ends, recompute, void_requests
from cohorts.services.locking import locked
from cohorts.services.marks import Change, write
from core import clock
from core.errors import Conflict, DomainError
from people.models import User

Rows = dict[tuple[int, HalfDay], Attendance]


class Overtaken(Conflict):
    """Somebody else recorded some of the members meanwhile; ``members`` says whom. Nothing was written."""

    def __init__(self, message: str, members: list[int]) -> None:
        super().__init__(message)
        self.members = members


@transaction.atomic
def record_attendance(
    *,
    actor: User,
    cohort: Cohort,
    day: date,
    half: str,
    statuses: Mapping[int, str],
    reasons: Mapping[int, str] | None = None,
    versions: Mapping[int, int] | None = None,
    signed: Collection[int] = (),
    rest: Collection[int] = (),
) -> int:
    """Record a half day: ``statuses`` and ``reasons`` by membership key; the same again changes nothing.

    A correction after the day needs a reason. 请假 without leave on record makes leave of that half day.
    ``versions`` are those that the page showed (0: not recorded); Overtaken when somebody was faster.
    ``signed`` are there by their signature on paper; ``rest`` are present unless something is on record by now.
    The number of half days that changed.
    """
    require_runs(actor, cohort)
    held = locked(cohort, CohortState.RUNNING)
    place, reasons = HalfDay(day, half), reasons or {}
    table = timetable_of(held, day)
    _check_place(table, place)
    chosen, statuses = statuses, {**dict.fromkeys(rest, AttendanceStatus.PRESENT.value), **statuses}
    members = _members(held, statuses)
    _check_called(table, members, place)
    there = _there(members, place)
    spared = {key for key in rest if key not in chosen and (key, place) in there}
    changes = [
        Change(key, place, status, reasons.get(key, "").strip(), _how(key, signed))
        for key, status in statuses.items()
        if key not in spared and _status(there, key, place) != status
    ]
    _check_versions(changes, there, members, versions)
    _check_reasons(changes, there, members, place)
    _follow_with_leave(actor, held, changes, members, there)
    count = write(actor=actor, changes=changes, there=there)
    _sum_up(actor, held, changes, there, place)
    if count:
        log(held, "cohorts.attendance.record", user=actor, data={"when": place.label, "count": count})
    return count


def _how(key: int, signed: Collection[int]) -> str:
    return AttendanceHow.SIGNATURE if key in signed else AttendanceHow.ROLL_CALL


def _status(there: Rows, key: int, place: HalfDay) -> str:
    row = there.get((key, place))
    return row.status if row else ""


def _there(members: Mapping[int, Membership], place: HalfDay) -> Rows:
    rows = Attendance.objects.filter(membership__in=list(members), day=place.day, half=place.half)
    return {(row.membership_id, place): row for row in rows}


def _check_place(table: Table, place: HalfDay) -> None:
    if place not in table:
        raise DomainError(_("%(when)s没有排课，不能点名。") % {"when": place.label})
    if place > this_half_day():
        raise DomainError(_("%(when)s还没有到，不能提前点名。") % {"when": place.label})


def _members(cohort: Cohort, statuses: Mapping[int, str]) -> dict[int, Membership]:
    if set(statuses.values()) - set(AttendanceStatus.values):
        raise DomainError(_("考勤状态有误，请刷新页面后重新点名。"))
    rows = cohort.memberships.filter(pk__in=list(statuses)).select_related("user")
    members = {row.pk: row for row in rows}
    if len(members) != len(statuses):
        raise DomainError(_("名单里有不在本班的人，请刷新页面后重新点名。"))
    away = [m.user.name for m in members.values() if m.state != MembershipState.REGISTERED]
    if away:
        raise DomainError(_("%(names)s不在班（未报到或已退学），不能登记考勤。") % {"names": listed(away)})
    return members


def _check_called(table: Table, members: Mapping[int, Membership], place: HalfDay) -> None:
    """Where only some groups have lessons nothing is recorded of the others."""
    others = [m.user.name for m in members.values() if not table.calls(place, m.group_id)]
    if others:
        raise DomainError(
            _("%(when)s的课不是%(names)s所在小组的，不登记考勤。") % {"when": place.label, "names": listed(others)}
        )


def _check_versions(
    changes: list[Change], there: Rows, members: dict[int, Membership], versions: Mapping[int, int] | None
) -> None:
    if versions is None:
        return
    late = []
    for change in changes:
        row = there.get((change.member, change.place))
        if versions.get(change.member, 0) != (row.version if row else 0):
            late.append(change.member)
    if late:
        names = listed([members[key].user.name for key in late])
        raise Overtaken(
            _("%(names)s的考勤刚刚已由他人登记，您的修改没有写入。请对照最新记录后再提交。") % {"names": names}, late
        )


def _check_reasons(changes: list[Change], there: Rows, members: dict[int, Membership], place: HalfDay) -> None:
    """After the day a recorded status may change only with a reason; recording late is no correction."""
    if place.day >= clock.today():
        return
    silent = [members[c.member].user.name for c in changes if (c.member, place) in there and not c.reason]
    if silent:
        raise DomainError(
            _("更正%(when)s的考勤须写明原因：%(names)s。") % {"when": place.label, "names": listed(silent)}
        )


def _follow_with_leave(
    actor: User, cohort: Cohort, changes: list[Change], members: dict[int, Membership], there: Rows
) -> None:
    """Make leave of the half day for those marked 请假; end it for those who were there after all."""
    leaves = standing_leaves([c.member for c in changes])
    new, back = [], []
    for change in changes:
        covering = [r for r in leaves.get(change.member, []) if ends(r)[0] <= change.place <= ends(r)[1]]
        if change.status == AttendanceStatus.ON_LEAVE and not covering:
            new.append(_half_day_leave(actor, change))
        elif change.status != AttendanceStatus.ON_LEAVE and covering:
            _check_single(covering[0], members[change.member])
            back.append(covering[0].pk)
    LeaveRecord.objects.bulk_create(new)
    LeaveRecord.objects.filter(pk__in=back).update(cancelled_at=clock.now(), cancel_reason=_("点名时已到课"))
    if back:
        void_requests(back, _("点名时已到课"))


def _half_day_leave(actor: User, change: Change) -> LeaveRecord:
    return LeaveRecord(
        membership_id=change.member,
        category=LeaveRecord.Category.PRIVATE,
        from_day=change.place.day,
        from_half=change.place.half,
        to_day=change.place.day,
        to_half=change.place.half,
        hours=0,
        reason=change.reason or _("点名时登记"),
        approved_by_name=actor.name,
        recorded_by=actor,
        recorded_at=clock.now(),
    )


def _check_single(record: LeaveRecord, member: Membership) -> None:
    first, last = ends(record)
    if first != last:
        raise DomainError(
            _("%(name)s已登记%(first)s至%(last)s的请假，请先办理销假再点名。")
            % {"name": member.user.name, "first": first.label, "last": last.label}
        )


def _sum_up(actor: User, cohort: Cohort, changes: list[Change], there: Rows, place: HalfDay) -> None:
    """The hours of leave follow, where leave was made or ended."""
    touched = [c.member for c in changes if AttendanceStatus.ON_LEAVE in (c.status, _status(there, c.member, place))]
    if touched:
        recompute(actor=actor, cohort=cohort, members=touched)
