"""Groups of a class: dealt so that they are alike, then mended by hand."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, Duty, Group, Membership
from cohorts.permissions import require_runs
from cohorts.rules import states
from cohorts.rules.grouping import Person, deal
from cohorts.services.duties import lay_down
from cohorts.services.leave import recompute
from cohorts.services.locking import locked
from cohorts.services.members import keys_of
from core import clock
from core.errors import DomainError
from people.models import User

SMALLEST, LARGEST = 2, 50


@transaction.atomic
def form_groups(*, actor: User, cohort: Cohort, size: int) -> int:
    """Deal the members into groups of about ``size``, alike in units, sex and level. The number of groups.

    Forming anew replaces the groups; who led one leads it no longer.
    """
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    if not SMALLEST <= size <= LARGEST:
        raise DomainError(_("每组人数请填 2 到 50。"))
    members = {m.pk: m for m in held.memberships.expected().select_related("user", "unit", "posting")}
    if not members:
        raise DomainError(_("还没有学员，不能分组。"))
    count = -(-len(members) // size)
    groups = _numbered(held, count)
    for group, keys in zip(groups, deal(map(_person, members.values()), count), strict=True):
        for key in keys:
            members[key].group = group
    Membership.objects.bulk_update(members.values(), ["group"], batch_size=500)
    lay_down(held.memberships.values_list("pk", flat=True), on=clock.today(), only=Duty.Office.GROUP_LEADER)
    _drop_above(held, count)
    recompute(actor=actor, cohort=held)
    log(cohort, "cohorts.groups.form", user=actor, data={"groups": count, "members": len(members)})
    return count


def _person(member: Membership) -> Person:
    level = member.posting.level if member.posting else ""
    return Person(unit=member.unit.path, sex=member.user.gender, level=level, key=member.pk)


def _numbered(cohort: Cohort, count: int) -> list[Group]:
    there = {g.number: g for g in cohort.groups.all()}
    missing = [Group(cohort=cohort, number=n) for n in range(1, count + 1) if n not in there]
    there.update({g.number: g for g in Group.objects.bulk_create(missing)})
    return [there[n] for n in range(1, count + 1)]


def _drop_above(cohort: Cohort, count: int) -> None:
    surplus = cohort.groups.filter(number__gt=count)
    taught = cohort.sessions.filter(groups__in=surplus).distinct().count()
    if taught:
        raise DomainError(_("课表里有 %(n)s 节分组课排给了将取消的小组，请先调整课表。") % {"n": taught})
    cohort.memberships.filter(group__in=surplus).update(group=None)
    surplus.filter(notices=None, topics=None).delete()  # a group that was written to stays, empty


@transaction.atomic
def move_members(*, actor: User, cohort: Cohort, members: Iterable[Membership], group: Group) -> int:
    """Put members into another group of the class; who led the old one leads it no longer. How many moved."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    if group.cohort_id != held.pk:
        raise DomainError(_("这个小组不在本班，请刷新后重选。"))
    moving = held.memberships.expected().filter(pk__in=keys_of(held, members)).exclude(group=group)
    names = dict(moving.order_by("user__sort_key").values_list("pk", "user__name"))
    held.memberships.filter(pk__in=names).update(group=group)
    lay_down(names, on=clock.today(), only=Duty.Office.GROUP_LEADER)
    if names:
        recompute(actor=actor, cohort=held, members=names, why=_("调整小组"))
        data = {"who": list(names.values()), "group": group.number}
        log(held, "cohorts.groups.move", user=actor, data=data)
    return len(names)


def move_to_group(*, actor: User, membership: Membership, group: Group) -> None:
    """Put one member into another group of the same class."""
    move_members(actor=actor, cohort=membership.cohort, members=[membership], group=group)
