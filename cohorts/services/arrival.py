"""Arrival (报到): who did not come in time loses the place, and a substitute of the unit may take it (换人)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Attendance, Cohort, CohortState, Membership, MembershipState
from cohorts.permissions import require_office, require_runs
from cohorts.presenters.figures import day_words, listed
from cohorts.rules import arrival
from cohorts.services.duties import lay_down
from cohorts.services.locking import locked
from cohorts.services.members import hold, join, keys_of, overlaps
from core import clock, notices
from core.errors import Conflict, DomainError
from core.models import CalendarDay
from people.models import User

ARRIVING = (CohortState.CONFIRMED, CohortState.RUNNING)
AWAITED = (MembershipState.CONFIRMED, MembershipState.ABSENT)


def last_day_of_arrival(cohort: Cohort) -> date:
    """The day until which members may arrive and places may be taken by others, by the calendar."""
    until = cohort.starts_on + timedelta(days=arrival.LONGEST)
    exceptions = CalendarDay.objects.exceptions(cohort.starts_on, until)
    return arrival.last_day(cohort.starts_on, cohort.arrival_days, exceptions)


def is_arrival_over(cohort: Cohort) -> bool:
    return clock.today() > last_day_of_arrival(cohort)


@transaction.atomic
def undo_arrival(*, actor: User, membership: Membership) -> None:
    """Take back an arrival noted by mistake; refused once attendance of the member is recorded."""
    cohort = membership.cohort
    require_runs(actor, cohort)
    held = locked(cohort, *ARRIVING)
    if Attendance.objects.filter(membership=membership).exists():
        raise DomainError(_("%(name)s已有考勤记录，不能撤销报到。") % {"name": membership.user.name})
    arrived = held.memberships.filter(pk=membership.pk, state=MembershipState.REGISTERED)
    if arrived.update(state=MembershipState.CONFIRMED, registered_at=None):
        log(held, "cohorts.members.undo_arrival", user=actor, data={"who": membership.user.name})


@transaction.atomic
def cancel_places(*, actor: User, cohort: Cohort, members: Iterable[Membership], reason: str) -> int:
    """Cancel the places of members who did not arrive within the days of arrival. The number of places."""
    require_office(actor, cohort)
    held = locked(cohort, *ARRIVING)
    if not reason.strip():
        raise DomainError(_("请写明取消名额的原因。"))
    last = last_day_of_arrival(held)
    if clock.today() <= last:
        raise DomainError(_("报到期限到%(day)s为止，期限内不能取消名额。") % {"day": day_words(last)})
    waiting = held.memberships.filter(pk__in=keys_of(held, members), state=MembershipState.CONFIRMED)
    gone = dict(waiting.order_by("user__sort_key").values_list("pk", "user_id"))
    held.memberships.filter(pk__in=gone).update(
        state=MembershipState.ABSENT, ended_on=clock.today(), reason=reason.strip()[:200], group=None
    )
    lay_down(gone, on=clock.today())
    if gone:
        log(held, "cohorts.members.cancel", user=actor, data={"count": len(gone), "reason": reason.strip()[:200]})
        _tell_changed(held, gone.values())
    return len(gone)


def _tell_changed(cohort: Cohort, users: Iterable[int]) -> None:
    words = _("您在“%(title)s”的名额有变动，请在班级页查看；如有疑问，请联系班主任。")
    url = reverse("cohorts:class", args=[cohort.public_id])
    text = words % {"title": cohort.full_title}
    notices.send(to=users, title=_("班次名额有变动"), text=text, url=url, kind="class.place")


def find_substitute(*, actor: User, membership: Membership, work_number: str, outside: bool = False) -> User:
    """The person with the work number who may take the place; DomainError says why nobody may.

    Within the sending unit and the units below it; ``outside`` lets the office take anybody of its scope.
    """
    people = User.objects.active().select_related("unit")
    if outside:
        require_office(actor, membership.cohort)
        people = people.filter(pk__in=User.objects.visible_to(actor).values("pk"))
    else:
        people = people.filter(unit__path__startswith=membership.unit.path)
    by = people.filter(work_number=work_number.strip()).first()
    if by is None or by.unit_id is None:
        place = _("您的管理范围") if outside else _("选派单位“%(unit)s”及其下级单位") % {"unit": membership.unit.name}
        raise DomainError(_("%(place)s里没有这个工号的在职人员，请核对工号。") % {"place": place}, code="no_substitute")
    return by


def check_replacement(*, cohort: Cohort, membership: Membership, by: User) -> None:
    """DomainError when the place cannot be taken by this person now."""
    last = last_day_of_arrival(cohort)
    if clock.today() > last:
        raise DomainError(_("换人只能在报到期限内办理，本班到%(day)s为止。") % {"day": day_words(last)}, code="late")
    if membership.state not in AWAITED or hasattr(membership, "replaced_by"):
        words = {"name": membership.user.name, "state": membership.get_state_display()}
        raise Conflict(_("%(name)s目前是“%(state)s”，不能换人，请刷新后查看。") % words)
    if cohort.memberships.filter(user=by).exists():
        raise DomainError(_("%(name)s已在本班名单里，不能再替换别人。") % {"name": by.name})
    if clashes := overlaps(cohort, [by]):
        raise DomainError("；".join(clashes) + "。", code="overlap")


@transaction.atomic
def replace_member(*, actor: User, membership: Membership, by: User, reason: str, outside: bool = False) -> Membership:
    """Let a substitute of the unit take a member's place (换人); both rows keep the trail. The new membership.

    Refused for somebody who arrived, after the days of arrival, for a person in an overlapping class, and outside
    the sending unit's subtree unless the office says ``outside``. Conflict when somebody was faster.
    """
    require_runs(actor, membership.cohort)
    held = locked(membership.cohort, *ARRIVING)
    if not reason.strip():
        raise DomainError(_("请写明换人的原因。"))
    old = held.memberships.select_related("user", "unit", "group", "cohort").get(pk=membership.pk)
    by = find_substitute(actor=actor, membership=old, work_number=by.work_number, outside=outside)
    hold([by])
    check_replacement(cohort=held, membership=old, by=by)
    left = held.memberships.filter(pk=old.pk, state__in=AWAITED, replaced_by__isnull=True).update(
        state=MembershipState.ABSENT, ended_on=clock.today(), reason=reason.strip()[:200], group=None
    )
    if not left:
        raise Conflict
    lay_down([old.pk], on=clock.today())
    new = join(actor=actor, cohort=held, users=[by], group=old.group, replaces=old)[0]
    data = {"who": old.user.name, "by": by.name, "reason": reason.strip()[:200]}
    log(held, "cohorts.members.replace", user=actor, data=data)
    _tell_changed(held, [old.user_id, by.pk])
    return new


def late_sentence(cohort: Cohort, names: list[str]) -> str:
    """Who did not arrive in time, as a proposal to the office."""
    words = {"day": day_words(last_day_of_arrival(cohort)), "names": listed(names)}
    return _("报到期限%(day)s已过，%(names)s还没有报到。") % words
