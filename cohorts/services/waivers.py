"""Exceptions dated and signed: the training office waives one condition of graduation for one member."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, CohortState, ConditionWaiver, Membership, MembershipState
from cohorts.permissions import require_office
from cohorts.reading.classes import standings, this_half_day
from cohorts.rules.graduation import Condition, decide, why_not_waivable
from cohorts.services.locking import locked
from core import clock, notices
from core.errors import Conflict, DomainError
from people.models import User

WAIVE_STATES = (CohortState.CONFIRMED, CohortState.RUNNING)


def conditions_of(member: Membership) -> list[Condition]:
    """Every condition of one member as it stands now."""
    return decide(standings(member.cohort, [member], this_half_day())[member.pk])


@transaction.atomic
def waive(*, actor: User, membership: Membership, condition: str, reason: str, document_no: str) -> ConditionWaiver:
    """Waive a condition for a member in class; DomainError says which may not be waived, and why."""
    require_office(actor, membership.cohort)
    cohort = locked(membership.cohort, *WAIVE_STATES)
    member = Membership.objects.select_for_update().select_related("user").get(pk=membership.pk)
    member.cohort = cohort
    _check_words(reason, document_no)
    found = _check_condition(member, condition)
    waiver = ConditionWaiver.objects.create(
        membership=member,
        condition=found.key,
        label=found.label[:200],
        reason=reason.strip(),
        document_no=document_no.strip(),
        granted_by=actor,
        at=clock.now(),
    )
    data = {"who": member.user.name, "what": found.label, "document_no": waiver.document_no}
    log(cohort, "cohorts.waivers.grant", user=actor, data=data)
    _tell(member, _("您的一项结业条件已获批准豁免"))
    return waiver


def _check_words(reason: str, document_no: str) -> None:
    if not reason.strip() or not document_no.strip():
        raise DomainError(_("请填写理由和文号。"))


def _check_condition(member: Membership, key: str) -> Condition:
    if member.state != MembershipState.REGISTERED:
        raise DomainError(_("该学员目前不在班，不能豁免结业条件。"))
    if reason := why_not_waivable(key):
        raise DomainError(reason)
    found = next((c for c in conditions_of(member) if c.key == key), None)
    if found is None:
        raise DomainError(_("本班没有这项结业条件，请刷新后再试。"))
    if found.waived:
        raise Conflict(_("这项条件已经豁免，可能刚由他人办理。"))
    if found.met:
        raise DomainError(_("这项条件已经满足，不需要豁免。"))
    return found


def _tell(member: Membership, title: str) -> None:
    words = _("请在“%(title)s”的班级页面查看结业条件。") % {"title": member.cohort.full_title}
    url = reverse("cohorts:class", args=[member.cohort.public_id])
    notices.send(to=[member.user_id], title=title, text=words, url=url, kind="class.member")


@transaction.atomic
def revoke_waiver(*, actor: User, waiver: ConditionWaiver, reason: str) -> ConditionWaiver:
    """Take a waiver back before the class is closed; of two who do so, the later learns of the first."""
    cohort: Cohort = waiver.membership.cohort
    require_office(actor, cohort)
    locked(cohort, *WAIVE_STATES)
    if not reason.strip():
        raise DomainError(_("请写明撤销豁免的原因。"))
    standing = ConditionWaiver.objects.filter(pk=waiver.pk, revoked_at__isnull=True)
    if not standing.update(revoked_at=clock.now(), revoked_by=actor, revoke_reason=reason.strip()[:200]):
        raise Conflict(_("这项豁免已经撤销，可能刚由他人办理。"))
    data = {"who": waiver.membership.user.name, "what": waiver.label, "reason": reason.strip()}
    log(cohort, "cohorts.waivers.revoke", user=actor, data=data)
    _tell(waiver.membership, _("您的一项结业条件豁免已撤销"))
    waiver.refresh_from_db()
    return waiver
