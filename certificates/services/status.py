"""What may still happen to an issued certificate: it is revoked, or another takes its place."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from certificates.models import Certificate, Issuance
from certificates.services.issuing import issue_one
from core import clock
from core.errors import Conflict, DomainError


def _end(certificate: Certificate, status: str, *, actor: Any, reason: str) -> None:
    if not reason.strip():
        raise DomainError("请写明原因，并注明依据的文号或申请。")
    changed = Certificate.objects.filter(pk=certificate.pk, status=Certificate.Status.VALID).update(
        status=status, revoked_at=clock.now(), revoked_by=actor, revoke_reason=reason.strip()
    )
    if not changed:
        raise Conflict("这张证书已经不是有效状态，未作改动。请刷新后查看。")
    certificate.refresh_from_db(fields=["status", "revoked_at", "revoked_by", "revoke_reason"])


@transaction.atomic
def revoke(*, actor: Any, certificate: Certificate, reason: str) -> Certificate:
    """Withdraw a valid certificate; the document stays in the archive and the public page says 已撤销."""
    _end(certificate, Certificate.Status.REVOKED, actor=actor, reason=reason)
    log(certificate, "certificates.revoke", user=actor, data={"number": certificate.number})
    return certificate


@transaction.atomic
def reissue(*, actor: Any, certificate: Certificate, reason: str) -> Certificate:
    """Issue a successor with a number of its own from the facts of today; the old one says 已补发 and points at it."""
    _end(certificate, Certificate.Status.REISSUED, actor=actor, reason=reason)
    issuance = Issuance.objects.create(
        cohort=certificate.membership.cohort,
        template=certificate.template,
        members=[certificate.membership_id],
        client_key=uuid.uuid4(),
        confirmed_by=actor,
    )
    successor = issue_one(issuance=issuance, membership_id=certificate.membership_id, predecessor=certificate)
    log(certificate, "certificates.reissue", user=actor, data={"number": successor.number})
    return successor
