"""Members whom a higher app has decided on: taken into the class, and let go again before they arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, Membership, MembershipState
from cohorts.presenters.figures import listed
from cohorts.rules import states
from cohorts.services.duties import lay_down
from cohorts.services.locking import locked
from cohorts.services.members import hold, join, overlaps
from core import clock
from core.errors import Conflict, DomainError
from people.models import User


@transaction.atomic
def admit_members(*, actor: User, cohort: Cohort, users: Iterable[User]) -> dict[int, Membership]:
    """Take people into the class, by person; who gave the place up before comes back on the same row.

    The caller answers for the right to do so. DomainError names people without a unit or in an overlapping class.
    """
    held = locked(cohort, *states.OPEN)
    wanted = sorted(set(users), key=lambda user: (user.sort_key, user.pk))
    hold(wanted)
    if homeless := [user.name for user in wanted if user.unit_id is None]:
        raise DomainError(_("%(names)s没有所在单位，请先在人员档案里补全。") % {"names": listed(homeless)})
    if clashes := overlaps(held, wanted):
        raise DomainError("；".join(clashes[:5]) + "。", code="overlap")
    known = {row.user_id: row for row in held.memberships.filter(user__in=wanted).select_related("user", "replaced_by")}
    _take_back(held, known)
    new = join(actor=actor, cohort=held, users=[user for user in wanted if user.pk not in known])
    if new:
        log(held, "cohorts.members.add", user=actor, data={"count": len(new)})
    return {row.user_id: row for row in (*known.values(), *new)}


def _take_back(cohort: Cohort, known: dict[int, Membership]) -> None:
    """Members who had let their place go are expected again; whoever left the class otherwise cannot come back."""
    _refuse(known, _("%(names)s已从本班退学，不能再加入。"), lambda row: row.state == MembershipState.WITHDRAWN)
    _refuse(known, _("%(names)s在本班的名额已由他人替换，不能再加入。"), lambda row: hasattr(row, "replaced_by"))
    gone = [row.pk for row in known.values() if row.state == MembershipState.ABSENT]
    cohort.memberships.filter(pk__in=gone).update(state=MembershipState.CONFIRMED, ended_on=None, reason="")


def _refuse(known: dict[int, Membership], words: str, gone: Callable[[Membership], bool]) -> None:
    if names := [row.user.name for row in known.values() if gone(row)]:
        raise DomainError(words % {"names": listed(names)})


@transaction.atomic
def release_member(*, actor: User, membership: Membership, reason: str) -> None:
    """End the membership of somebody who will not come, before they arrived; Conflict where they did.

    The caller answers for the right to do so.
    """
    held = locked(membership.cohort, *states.OPEN)
    if not reason.strip():
        raise DomainError(_("请写明不能参加的原因。"))
    awaited = held.memberships.filter(pk=membership.pk, state=MembershipState.CONFIRMED)
    words = reason.strip()[:200]
    if not awaited.update(state=MembershipState.ABSENT, ended_on=clock.today(), reason=words, group=None):
        raise Conflict(_("%(name)s已经报到或不在名单里，不能再退出名额。") % {"name": membership.user.name})
    lay_down([membership.pk], on=clock.today())
    log(held, "cohorts.members.release", user=actor, data={"who": membership.user.name, "reason": words})
