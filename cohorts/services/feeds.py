"""A member's subscription to the timetable: an address that only they were shown, renewed and revoked by them."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import CalendarFeed, Membership, MembershipState
from core import clock
from core.errors import DomainError
from core.fields import keyed_hash
from people.models import User

BYTES = 32  # of chance in a secret
GONE = (MembershipState.WITHDRAWN, MembershipState.ABSENT)


@transaction.atomic
def open_feed(*, actor: User, membership: Membership) -> str:
    """Make a new secret address part and end the one before; it is not kept and cannot be shown again."""
    member = _own(actor, membership)
    if member.state in GONE:
        raise DomainError(_("您已不在本班，不能订阅课表。"))
    member.calendar_feeds.standing().update(revoked_at=clock.now())
    secret = secrets.token_urlsafe(BYTES)
    CalendarFeed.objects.create(membership=member, secret_hash=keyed_hash(secret), made_at=clock.now())
    log(membership.cohort, "cohorts.calendar.open", user=actor, data={"who": member.user.name})
    return secret


@transaction.atomic
def revoke_feed(*, actor: User, membership: Membership) -> None:
    """The address answers no more."""
    member = _own(actor, membership)
    if not member.calendar_feeds.standing().update(revoked_at=clock.now()):
        raise DomainError(_("没有正在使用的订阅地址。"))
    log(membership.cohort, "cohorts.calendar.revoke", user=actor, data={"who": member.user.name})


def _own(actor: User, membership: Membership) -> Membership:
    member = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
    if member.user_id != actor.pk:
        raise DomainError(_("订阅地址只能由学员本人办理。"), code="forbidden")
    return member
