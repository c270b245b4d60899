"""The phone number in the contact list: shown only where its owner said so."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Membership, PhoneConsent
from cohorts.permissions import expected_member
from cohorts.services.space.opening import held_open
from core import clock
from core.errors import DomainError
from people.models import User


@transaction.atomic
def say_about_phone(*, actor: User, member: Membership, agreed: bool) -> None:
    """Agree, or no longer agree, to have one's own phone number in the contact list of this class."""
    if member.user_id != actor.pk:
        raise DomainError(_("手机号是否显示由本人决定。"), code="forbidden")
    held = held_open(member.cohort)
    if expected_member(actor, held) is None:
        raise DomainError(_("您已不在本班，通讯录不再显示您的信息。"), code="left")
    before = PhoneConsent.objects.filter(membership=member).last()
    if (before.agreed if before else False) == agreed:
        return
    if agreed and not actor.phone:
        raise DomainError(_("您的档案里还没有手机号，请先联系本单位管理员补录。"), code="no_phone")
    PhoneConsent.objects.create(membership=member, agreed=agreed, at=clock.now())
    choice = _("显示手机号") if agreed else _("不再显示手机号")
    log(held, "cohorts.space.phone", user=actor, data={"who": actor.name, "choice": choice})
