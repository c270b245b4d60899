"""Leave: recorded by half days, summed against one seventh, and decided by a person when it is too much."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import (
    Attendance,
    AttendanceHow,
    AttendanceStatus,
    Cohort,
    CohortState,
    LeaveDecision,
    LeaveRecord,
    LeaveRequest,
    Membership,
    MembershipState,
)
from cohorts.permissions import require_office, require_runs
from cohorts.presenters.figures import plain
from cohorts.reading.classes import Table, is_decided, last_decisions, standing_leaves, timetable_of
from cohorts.rules import leave as rule
from cohorts.rules.halfdays import HalfDay, hours_between, span_label
from cohorts.services.locking import locked
from cohorts.services.marks import Change, write
from cohorts.services.withdrawal import withdraw_member
from core import clock
from core.errors import DomainError
from people.models import User

LEAVE_STATES = (CohortState.CONFIRMED, CohortState.RUNNING)
MAY_TAKE = (MembershipState.CONFIRMED, MembershipState.REGISTERED)


def ends(record: LeaveRecord) -> tuple[HalfDay, HalfDay]:
    """The first and the last half day of a leave."""
    return HalfDay(record.from_day, record.from_half), HalfDay(record.to_day, record.to_half)


@transaction.atomic
def record_leave(
    *,
    actor: User,
    membership: Membership,
    category: str,
    from_day: date,
    from_half: str,
    to_day: date,
    to_half: str,
    reason: str,
    approved_by_name: str,
) -> LeaveRecord:
    """Note granted leave; its half days become 请假 and its hours count against one seventh.

    DomainError for a span in the wrong order, without lessons, or that touches other leave of the member.
    """
    require_runs(actor, membership.cohort)
    return enter_leave(
        actor=actor,
        membership=membership,
        category=category,
        from_day=from_day,
        from_half=from_half,
        to_day=to_day,
        to_half=to_half,
        reason=reason,
        approved_by_name=approved_by_name,
    )


@transaction.atomic
def enter_leave(
    *,
    actor: User,
    membership: Membership,
    category: str,
    from_day: date,
    from_half: str,
    to_day: date,
    to_half: str,
    reason: str,
    approved_by_name: str,
) -> LeaveRecord:
    """The same for whoever gave the last approval: the ladder, not the class, says who that is."""
    cohort = locked(membership.cohort, *LEAVE_STATES)
    first, last = HalfDay(from_day, from_half), HalfDay(to_day, to_half)
    _check_words(reason, approved_by_name)
    record = _new(actor, cohort, membership, category, first, last)
    record.reason, record.approved_by_name = reason.strip(), approved_by_name.strip()
    record.save(force_insert=True)
    recompute(actor=actor, cohort=cohort, members=[membership.pk])
    log(cohort, "cohorts.leave.record", user=actor, data=_words(membership, record))
    membership.refresh_from_db()
    record.membership = membership
    return record


def _check_words(reason: str, approved_by_name: str) -> None:
    if not reason.strip() or not approved_by_name.strip():
        raise DomainError(_("请填写请假事由和批准人。"))


def check_span(cohort: Cohort, membership: Membership, first: HalfDay, last: HalfDay) -> Decimal:
    """The hours (学时) that leave of these half days would take; DomainError where there can be none."""
    member = Membership.objects.get(pk=membership.pk)
    if member.state not in MAY_TAKE:
        raise DomainError(_("该学员目前不在班，不能登记请假。"))
    if last < first:
        raise DomainError(_("请假的结束时间不能早于开始时间。"))
    hours = hours_between(timetable_of(cohort).of(member.group_id), first, last)
    if not hours:
        raise DomainError(_("%(span)s没有排课，不需要请假。") % {"span": span_label(first, last)})
    for other in standing_leaves([member.pk]).get(member.pk, []):
        start, end = ends(other)
        if start <= last and first <= end:
            raise DomainError(_("与已登记的请假（%(span)s）重叠。") % {"span": span_label(start, end)})
    return hours


def _new(
    actor: User, cohort: Cohort, membership: Membership, category: str, first: HalfDay, last: HalfDay
) -> LeaveRecord:
    return LeaveRecord(
        membership_id=membership.pk,
        category=category,
        from_day=first.day,
        from_half=first.half,
        to_day=last.day,
        to_half=last.half,
        hours=check_span(cohort, membership, first, last),
        recorded_by=actor,
        recorded_at=clock.now(),
    )


def _words(membership: Membership, record: LeaveRecord) -> dict[str, str]:
    return {"who": membership.user.name, "span": span_label(*ends(record)), "hours": plain(record.hours)}


@transaction.atomic
def cancel_leave(*, actor: User, leave: LeaveRecord, reason: str) -> LeaveRecord:
    """Take leave back whole (销假): its hours are given back, its half days are *not recorded* again."""
    require_runs(actor, leave.membership.cohort)
    cohort = locked(leave.membership.cohort, *LEAVE_STATES)
    if not reason.strip():
        raise DomainError(_("请写明销假的原因。"))
    _cancel(leave, reason.strip())
    void_requests([leave.pk], reason.strip())
    recompute(actor=actor, cohort=cohort, members=[leave.membership_id], why=reason.strip())
    log(cohort, "cohorts.leave.cancel", user=actor, data=_words(leave.membership, leave))
    leave.refresh_from_db()
    return leave


def _cancel(leave: LeaveRecord, reason: str) -> None:
    done = LeaveRecord.objects.filter(pk=leave.pk, cancelled_at__isnull=True).update(
        cancelled_at=clock.now(), cancel_reason=reason
    )
    if not done:
        raise DomainError(_("这次请假已经销假，无需重复办理。"))


def void_requests(leaves: Iterable[int], reason: str) -> None:
    """Leave was taken back whole: the requests that led to it say so."""
    LeaveRequest.objects.filter(leave__in=list(leaves)).update(
        state=LeaveRequest.State.CANCELLED, end_reason=_("已销假：%(reason)s") % {"reason": reason[:180]}
    )


@transaction.atomic
def return_early(*, actor: User, leave: LeaveRecord, last_day: date, last_half: str, reason: str) -> LeaveRecord:
    """Back before the planned end (提前销假): leave ends with the given half day, the rest is given back."""
    require_runs(actor, leave.membership.cohort)
    cohort = locked(leave.membership.cohort, *LEAVE_STATES)
    first, last = ends(leave)
    new_last = HalfDay(last_day, last_half)
    if not first <= new_last < last:
        raise DomainError(_("提前销假的时间须在请假期间（%(span)s）之内。") % {"span": span_label(first, last)})
    if not reason.strip():
        raise DomainError(_("请写明销假的原因。"))
    _cancel(leave, _("提前销假：%(reason)s") % {"reason": reason.strip()})
    shorter = _new(actor, cohort, leave.membership, leave.category, first, new_last)
    shorter.reason, shorter.approved_by_name = leave.reason, leave.approved_by_name
    shorter.save(force_insert=True)
    LeaveRequest.objects.filter(leave=leave).update(leave=shorter, back_confirmed_at=clock.now())
    recompute(actor=actor, cohort=cohort, members=[leave.membership_id], why=reason.strip())
    log(cohort, "cohorts.leave.early", user=actor, data=_words(leave.membership, shorter))
    return shorter


def recompute(*, actor: User, cohort: Cohort, members: Iterable[int] | None = None, why: str = "") -> None:
    """Make hours of leave, flags and half days agree with the leave records and the timetable as they are now."""
    rows, table = list(_concerned(cohort, members)), timetable_of(cohort)
    leaves = standing_leaves([m.pk for m in rows])
    _sum_up(rows, leaves, table, cohort.total_hours)
    _mark(actor, rows, leaves, table, why)


def _concerned(cohort: Cohort, members: Iterable[int] | None) -> QuerySet[Membership]:
    """The members named, else everybody who has leave."""
    if members is not None:
        return cohort.memberships.filter(pk__in=list(members))
    have = LeaveRecord.objects.filter(membership__cohort=cohort, cancelled_at__isnull=True)
    return cohort.memberships.filter(Q(pk__in=have.values("membership")) | Q(leave_hours__gt=0))


def _sum_up(rows: list[Membership], leaves: dict[int, list[LeaveRecord]], table: Table, total: Decimal) -> None:
    """Leave takes what the timetable holds for the member's group."""
    stale_leaves, stale_rows = [], []
    for member in rows:
        records = leaves.get(member.pk, [])
        for record in records:
            hours = hours_between(table.of(member.group_id), *ends(record))
            if hours != record.hours:
                record.hours = hours
                stale_leaves.append(record)
        taken = sum((record.hours for record in records), Decimal(0))
        over = rule.over_limit(taken, total)
        if (member.leave_hours, member.over_leave_limit) != (taken, over):
            member.leave_hours, member.over_leave_limit = taken, over
            stale_rows.append(member)
    LeaveRecord.objects.bulk_update(stale_leaves, ["hours"], batch_size=500)
    Membership.objects.bulk_update(stale_rows, ["leave_hours", "over_leave_limit"], batch_size=500)


def _mark(
    actor: User,
    rows: list[Membership],
    leaves: dict[int, list[LeaveRecord]],
    table: Table,
    why: str,
) -> None:
    """Half days inside leave are 请假; those that are so without leave are withdrawn."""
    there = {
        (a.membership_id, HalfDay(a.day, a.half)): a
        for a in Attendance.objects.filter(membership__in=[m.pk for m in rows])
    }
    changes = []
    for member in rows:
        covered = {
            (member.pk, place): record
            for record in leaves.get(member.pk, [])
            for place in table.of(member.group_id)
            if ends(record)[0] <= place <= ends(record)[1]
        }
        for key, record in covered.items():
            if key not in there or there[key].status != AttendanceStatus.ON_LEAVE:
                why_so = _("请假：%(why)s") % {"why": record.reason}
                changes.append(Change(*key, AttendanceStatus.ON_LEAVE, why_so, AttendanceHow.LEAVE))
        for key, row in there.items():
            if key[0] == member.pk and key not in covered and row.status == AttendanceStatus.ON_LEAVE:
                changes.append(Change(*key, "", why or _("课表调整"), AttendanceHow.LEAVE))
    write(actor=actor, changes=changes, there=there)


@transaction.atomic
def decide_on_leave(
    *, actor: User, membership: Membership, outcome: str, reason: str, document_no: str
) -> LeaveDecision:
    """Confirm the withdrawal that the flag drafted, or waive it; the flag stays visible either way."""
    require_office(actor, membership.cohort)
    cohort = locked(membership.cohort, *LEAVE_STATES)
    member = Membership.objects.select_for_update().get(pk=membership.pk)
    _check_decision(member, cohort, reason, document_no)
    decision = LeaveDecision.objects.create(
        membership=member,
        outcome=LeaveDecision.Outcome(outcome),
        leave_hours=member.leave_hours,
        total_hours=cohort.total_hours,
        reason=reason.strip(),
        document_no=document_no.strip(),
        decided_by=actor,
        at=clock.now(),
    )
    if decision.outcome == LeaveDecision.Outcome.WITHDRAW:
        withdraw_member(member, _("请假超过七分之一（%(number)s）") % {"number": decision.document_no})
    log(cohort, "cohorts.leave.decide", user=actor, data=_decided(member, decision))
    membership.refresh_from_db()
    return decision


def _decided(member: Membership, decision: LeaveDecision) -> dict[str, str]:
    return {
        "who": member.user.name,
        "outcome": str(decision.get_outcome_display()),
        "document_no": decision.document_no,
    }


def _check_decision(member: Membership, cohort: Cohort, reason: str, document_no: str) -> None:
    if not reason.strip() or not document_no.strip():
        raise DomainError(_("请填写理由和文号。"))
    if member.state != MembershipState.REGISTERED:
        raise DomainError(_("该学员目前不在班，不需要决定。"))
    if not member.over_leave_limit:
        raise DomainError(_("该学员请假没有超过七分之一，不需要决定。"))
    if is_decided(member, last_decisions([member.pk]).get(member.pk), cohort.total_hours):
        raise DomainError(_("这名学员的请假已有决定；请假增加后才能再次决定。"), code="decided")
