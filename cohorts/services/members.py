"""Who is in a class, and whether they arrived."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, CohortState, Membership, MembershipState
from cohorts.permissions import require_office, require_runs
from cohorts.presenters.figures import listed
from cohorts.rules import states
from cohorts.services.duties import lay_down
from cohorts.services.limits import require_room
from cohorts.services.locking import locked
from cohorts.services.requirements import equip
from core import clock
from core.errors import DomainError
from people.authority import is_installer
from people.models import Posting, User

ATTENDING = (MembershipState.CONFIRMED, MembershipState.REGISTERED)


@transaction.atomic
def add_members(*, actor: User, cohort: Cohort, users: Iterable[User]) -> int:
    """Take people into the class with the posting of today; those already in it stay. The number of new members.

    DomainError names people outside the actor's reach, without a unit, in an overlapping class, or beyond the places.
    """
    require_office(actor, cohort)
    held = locked(cohort, *states.OPEN)
    known = set(held.memberships.values_list("user_id", flat=True))
    new = sorted((u for u in set(users) if u.pk not in known), key=lambda u: (u.sort_key, u.pk))
    require_room(held, len(new))
    hold(new)
    _check_people(actor, held, new)
    members = join(actor=actor, cohort=held, users=new)
    if members:
        log(cohort, "cohorts.members.add", user=actor, data={"count": len(members)})
    return len(members)


def join(*, actor: User, cohort: Cohort, users: list[User], **more: Any) -> list[Membership]:
    """The rows of people who were checked, with their posting of today, and what the class asks of them."""
    members = Membership.objects.bulk_create(_fresh(cohort, users, **more), batch_size=500)
    equip(actor=actor, cohort=cohort, users=users)
    return members


def hold(users: list[User]) -> None:
    """Two classes that take the same person at the same time come one after the other."""
    keys = sorted(u.pk for u in users)
    list(User.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def _fresh(cohort: Cohort, users: list[User], **more: Any) -> list[Membership]:
    postings = {p.user_id: p for p in Posting.objects.open().filter(user__in=users)}
    now = clock.now()
    return [
        Membership(cohort=cohort, user=u, unit_id=u.unit_id, posting=postings.get(u.pk), joined_at=now, **more)
        for u in users
    ]


def _check_people(actor: User, cohort: Cohort, users: list[User]) -> None:
    if homeless := [u.name for u in users if u.unit_id is None]:
        raise DomainError(_("%(names)s没有所在单位，请先在人员档案里补全。") % {"names": listed(homeless)})
    if not is_installer(actor):
        seen = set(User.objects.visible_to(actor).filter(pk__in=[u.pk for u in users]).values_list("pk", flat=True))
        if beyond := [u.name for u in users if u.pk not in seen]:
            raise DomainError(_("%(names)s不在您的管理范围内。") % {"names": listed(beyond)}, code="out_of_scope")
    if clashes := overlaps(cohort, users):
        raise DomainError("；".join(clashes[:5]) + "。", code="overlap")


def overlaps(cohort: Cohort, users: Iterable[User]) -> list[str]:
    """People who are in another class on days of this one, each with the class."""
    others = (
        Membership.objects.filter(user__in=[u.pk for u in users], state__in=ATTENDING)
        .filter(cohort__starts_on__lte=cohort.ends_on, cohort__ends_on__gte=cohort.starts_on)
        .exclude(Q(cohort=cohort) | Q(cohort__state=CohortState.CANCELLED))
        .select_related("user", "cohort")
    )
    return [
        _("%(name)s同期已在“%(other)s”") % {"name": m.user.name, "other": m.cohort.full_title}
        for m in others.order_by("user__sort_key")
    ]


def keys_of(cohort: Cohort, members: Iterable[Membership]) -> list[int]:
    """The keys of the members, all of this class."""
    members = list(members)
    if any(m.cohort_id != cohort.pk for m in members):
        raise DomainError(_("所选学员不都在这个班，请刷新后重选。"))
    return [m.pk for m in members]


@transaction.atomic
def register_members(*, actor: User, cohort: Cohort, members: Iterable[Membership]) -> int:
    """Note that members arrived (报到); those who did before keep their time. The number newly registered."""
    require_runs(actor, cohort)
    held = locked(cohort, CohortState.CONFIRMED, CohortState.RUNNING)
    waiting = cohort.memberships.filter(
        pk__in=keys_of(cohort, members),
        state__in=[MembershipState.CONFIRMED, MembershipState.ABSENT],
        replaced_by__isnull=True,
    )
    returning = [m.user for m in waiting.filter(state=MembershipState.ABSENT).select_related("user")]
    if clashes := overlaps(held, returning):
        raise DomainError("；".join(clashes[:5]) + "。", code="overlap")
    count = waiting.update(state=MembershipState.REGISTERED, registered_at=clock.now(), reason="", ended_on=None)
    if count:
        log(cohort, "cohorts.members.register", user=actor, data={"count": count})
    return count


@transaction.atomic
def mark_no_show(*, actor: User, cohort: Cohort, members: Iterable[Membership], reason: str) -> int:
    """Note that members did not arrive; their place is gone until they register after all."""
    require_runs(actor, cohort)
    locked(cohort, CohortState.CONFIRMED, CohortState.RUNNING)
    if not reason.strip():
        raise DomainError(_("请写明未报到的原因。"))
    waiting = cohort.memberships.filter(pk__in=keys_of(cohort, members), state=MembershipState.CONFIRMED)
    names = list(waiting.values_list("user__name", flat=True))
    lay_down(list(waiting.values_list("pk", flat=True)), on=clock.today())
    waiting.update(state=MembershipState.ABSENT, ended_on=clock.today(), reason=reason.strip())
    if names:
        log(cohort, "cohorts.members.no_show", user=actor, data={"count": len(names), "reason": reason.strip()})
    return len(names)
