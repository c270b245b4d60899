"""Offices of the class (职务): who is monitor, who leads a group, who sits on the temporary Party branch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, Duty, Group, Membership
from cohorts.permissions import require_runs
from cohorts.rules import states
from cohorts.services.locking import locked
from core import clock
from core.errors import Conflict, DomainError
from people.models import User

BEFORE_CLASS = timedelta(days=31)
PARTY_MEMBER = "中共党员"  # a probationary member may not be elected
BRANCH = frozenset(
    {
        Duty.Office.BRANCH_SECRETARY,
        Duty.Office.BRANCH_ORGANISER,
        Duty.Office.BRANCH_PUBLICITY,
        Duty.Office.BRANCH_DISCIPLINE,
    }
)


def may_hold(user: User, office: str) -> bool:
    """Offices of the Party branch are for full members of the Party; the others for everybody."""
    return office not in BRANCH or user.political_status == PARTY_MEMBER


@transaction.atomic
def give_duty(*, actor: User, membership: Membership, office: str, from_day: date, group: Group | None = None) -> Duty:
    """Give a member an office from a day on; who held it until then ends on that day and stays in the history."""
    cohort = membership.cohort
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    member = held.memberships.select_related("user", "group").get(pk=membership.pk)
    number = _group_number(held, office, group)
    _check_holder(member, office, number)
    _check_day(held, from_day)
    before = held.duties.filter(office=office, group_number=number, to_day__isnull=True)
    there = before.select_related("membership__user").first()
    if there and there.membership_id == member.pk:
        return there
    if there and there.from_day > from_day:
        words = {"name": there.membership.user.name, "title": there.title}
        raise DomainError(_("%(name)s任%(title)s的日期晚于所填日期，请改填之后的日期。") % words)
    before.update(to_day=from_day)
    duty = Duty.objects.create(
        cohort=held, membership=member, office=office, group_number=number, from_day=from_day,
        appointed_by=actor, appointed_at=clock.now(),
    )  # fmt: skip
    log(held, "cohorts.duties.give", user=actor, data={"who": member.user.name, "title": duty.title})
    return duty


def _group_number(cohort: Cohort, office: str, group: Group | None) -> int | None:
    if office not in Duty.Office.values:
        raise DomainError(_("没有这项职务，请刷新页面后重选。"))
    if office != Duty.Office.GROUP_LEADER:
        return None
    if group is None or group.cohort_id != cohort.pk:
        raise DomainError(_("请选择是哪个小组的组长。"))
    return group.number


def _check_holder(member: Membership, office: str, number: int | None) -> None:
    words = {"name": member.user.name, "title": str(Duty.Office(office).label), "number": number}
    if member.state not in ("confirmed", "registered"):
        raise DomainError(_("%(name)s不在班，不能担任%(title)s。") % words)
    if not may_hold(member.user, office):
        raise DomainError(_("%(name)s的政治面貌不是中共党员，不能担任%(title)s。") % words)
    if number is not None and (member.group is None or member.group.number != number):
        raise DomainError(_("%(name)s不在第%(number)s组，请先调整小组再任组长。") % words)


def _check_day(cohort: Cohort, day: date) -> None:
    if not cohort.starts_on - BEFORE_CLASS <= day <= cohort.ends_on:
        raise DomainError(_("任职日期须在开班前一个月至班次结束日期之间。"))


@transaction.atomic
def end_duty(*, actor: User, duty: Duty, to_day: date) -> Duty:
    """End an office on a day; the row stays."""
    require_runs(actor, duty.cohort)
    held = locked(duty.cohort, *states.OPEN)
    if to_day < duty.from_day:
        raise DomainError(_("免职日期不能早于任职日期。"))
    if not Duty.objects.filter(pk=duty.pk, to_day__isnull=True).update(to_day=to_day):
        raise Conflict(_("这项职务刚刚已由他人免去，请刷新后查看。"))
    duty.refresh_from_db()
    data = {"who": duty.membership.user.name, "title": duty.title}
    log(held, "cohorts.duties.end", user=actor, data=data)
    return duty


def lay_down(members: Iterable[int], *, on: date, only: str = "") -> int:
    """End what these members (keys) hold, because they left the class or their group. The number of offices."""
    rows = Duty.objects.filter(membership__in=list(members), to_day__isnull=True)
    if only:
        rows = rows.filter(office=only)
    return rows.update(to_day=Greatest(F("from_day"), on))
