"""What leave would cost and who would have to approve it, before anybody asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Membership
from cohorts.reading.approvals import approvers_of, ladder_of, names_of
from cohorts.reading.classes import timetable_of
from cohorts.rules import leave
from cohorts.rules.halfdays import HalfDay, hours_between
from cohorts.rules.ladder import Ladder, Step
from core import clock
from core.errors import DomainError


@dataclass(frozen=True)
class Cost:
    """Leave from one half day to another, reckoned: hours (学时), the sum after it, the approvals with their people."""

    hours: Decimal
    before: Decimal
    total: Decimal
    half_days: int
    is_late: bool
    ladder: Ladder
    plan: tuple[Step, ...]
    people: dict[str, list[str]]

    @property
    def after(self) -> Decimal:
        return self.before + self.hours

    @property
    def is_over(self) -> bool:
        return leave.over_limit(self.after, self.total)

    @property
    def arithmetic(self) -> str:
        return leave.arithmetic(self.after, self.total)


def cost_of(membership: Membership, first: HalfDay, last: HalfDay) -> Cost:
    """The cost of a span; DomainError where nobody could approve it or it may no longer be asked for."""
    cohort = membership.cohort
    table = timetable_of(cohort).of(membership.group_id)
    taught = [place for place in table if first <= place <= last]
    ladder = ladder_of(cohort.host)
    plan = ladder.plan(len(taught))
    people = names_of(approvers_of(cohort, [step.key for step in plan]))
    is_late = bool(taught) and _has_begun(taught[0], _begins(cohort, taught[0]))
    _check(ladder, plan, people, is_late)
    hours = hours_between(table, first, last)
    return Cost(hours, membership.leave_hours, cohort.total_hours, len(taught), is_late, ladder, plan, people)


def _begins(cohort: Cohort, place: HalfDay) -> time:
    """The hour of the first lesson of a half day that has one."""
    hours = cohort.sessions.filter(day=place.day, half=place.half).order_by("starts_at")
    return hours.values_list("starts_at", flat=True)[0]


def _has_begun(place: HalfDay, at: time) -> bool:
    begin = datetime.combine(place.day, at, timezone.get_current_timezone())
    return clock.now() >= begin


def _check(ladder: Ladder, plan: tuple[Step, ...], people: dict[str, list[str]], is_late: bool) -> None:
    if is_late and not ladder.allows_late:
        raise DomainError(_("所选时段已经上课，不能再申请请假；如遇紧急情况，请直接联系班主任登记。"), code="late")
    nobody = "、".join(step.title for step in plan if not people[step.key])
    if nobody:
        raise DomainError(_("“%(steps)s”还没有指定审批人，请联系班主任或培训处。") % {"steps": nobody}, code="no_seat")
