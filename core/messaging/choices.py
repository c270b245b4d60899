"""A person's own choice of channels."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import DomainError
from core.messaging.addresses import book
from core.messaging.channels import configured
from core.messaging.kinds import SMS
from core.messaging.models import ChannelChoice, Delivery

NEED_CONSENT = frozenset({SMS})  # the number was given for other ends: silence is not consent


def willing(people: Collection[int], channel: str) -> set[int]:
    """Those who have not switched the channel off, for short messages those who agreed. One query."""
    rows = ChannelChoice.objects.filter(user__in=people, channel=channel).order_by("pk")
    said = dict(rows.values_list("user", "agreed"))
    return {person for person in people if said.get(person, channel not in NEED_CONSENT)}


def switches(user: Any) -> list[tuple[Any, bool, str]]:
    """Each channel of this installation, whether the person has it on, and the address; for their own page."""
    return [
        (channel, user.pk in willing([user.pk], name), book().address(user.pk, name))
        for name, channel in configured().items()
    ]


@transaction.atomic
def choose(*, user: Any, channel: str, agreed: bool) -> None:
    """Note that the person wants the channel or not; the same choice again writes nothing.

    DomainError for a channel that this installation does not have, or without an address. Switched off, what still
    waits is not sent any more.
    """
    if channel not in configured():
        raise DomainError(_("本系统没有开通这个渠道，请刷新页面。"))
    if agreed and not book().address(user.pk, channel):
        raise DomainError(_("没有登记可用的地址，请先登记再开启。"))
    if (user.pk in willing([user.pk], channel)) == agreed:
        return
    ChannelChoice.objects.create(user=user, channel=channel, agreed=agreed)
    if not agreed:
        waiting = Delivery.objects.open().filter(recipient=user, channel=channel, must=False)
        waiting.update(state=Delivery.State.DROPPED, reason=_("本人关闭了这个渠道"), hold="", ended_at=clock.now())
