"""Issuing: a confirmed run, then one certificate a step, numbered without gaps."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from certificates.models import Certificate, CertificateTemplate, Issuance, NumberSequence
from certificates.numbers import new_code, number_text
from certificates.printing import printed_values
from certificates.services.eligibility import candidates, standing_closing
from certificates.signals import certificates_issued
from cohorts.models import Cohort, GraduationDecision, Membership
from cohorts.services.photos import photo_bytes
from core import clock, jobs, notices
from core.drawing import (
    DEFAULT_LAYOUT,
    LayoutError,
    MissingGlyphs,
    PhotoError,
    TextDoesNotFit,
    check_layout,
    draw_certificate,
)
from core.errors import DomainError
from core.models import Job

KIND = "certificates.issue"


@transaction.atomic
def create_template(
    *, actor: Any, name: str, issuer: str, seal_text: str, number_prefix: str, layout: dict[str, Any] | None = None
) -> CertificateTemplate:
    """The next version of the template of that name; the same content again is the version that stands."""
    chosen = layout or DEFAULT_LAYOUT
    try:
        check_layout(chosen)
    except LayoutError as error:
        raise DomainError(str(error)) from error
    fields = {"layout": chosen, "issuer": issuer, "seal_text": seal_text, "number_prefix": number_prefix}
    last = CertificateTemplate.objects.filter(name=name).order_by("-version").first()
    if last and all(getattr(last, key) == value for key, value in fields.items()):
        return last
    template = CertificateTemplate.objects.create(
        name=name, version=last.version + 1 if last else 1, made_by=actor, **fields
    )
    log(template, "certificates.template.create", user=actor, data={"version": template.version})
    return template


@transaction.atomic
def confirm_issuance(
    *, actor: Any, cohort: Cohort, template: CertificateTemplate, members: list[int], client_key: UUID
) -> Issuance:
    """Order certificates for the chosen members; the same ``client_key`` again is the same order.

    Refused while the class is open, without anybody chosen, or with anybody who may not be issued one.
    """
    known = Issuance.objects.filter(client_key=client_key).first()
    if known:
        return known
    if standing_closing(cohort) is None:
        raise DomainError("班次尚未结班，不能签发证书。请先完成结班。")
    allowed = {c.membership.pk: c for c in candidates(cohort)}
    chosen = [pk for pk in allowed if pk in set(members)]
    if not chosen or set(members) - set(allowed):
        raise DomainError("请至少选择一名本班学员，再签发证书。")
    refused = [allowed[pk] for pk in chosen if not allowed[pk].ok]
    if refused:
        names = "；".join(f"{c.membership.user.name}（{'，'.join(c.reasons)}）" for c in refused[:5])
        raise DomainError(f"以下学员不能签发证书，请取消选择后重试：{names}。")
    issuance = Issuance.objects.create(
        cohort=cohort, template=template, members=chosen, client_key=client_key, confirmed_by=actor
    )
    issuance.job = jobs.enqueue(
        kind=KIND, owner=actor, params={"issuance": issuance.pk}, title=f"签发证书：{cohort.full_title}"
    )
    issuance.save(update_fields=["job"])
    log(cohort, "certificates.issue.confirm", user=actor, data={"members": len(chosen)})
    return issuance


def next_number(prefix: str, year: int) -> str:
    """The next number of the year, under the sequence's row lock until the transaction ends."""
    sequence, _ = NumberSequence.objects.get_or_create(prefix=prefix, year=year)
    NumberSequence.objects.filter(pk=sequence.pk).update(last=F("last") + 1)  # takes the lock and keeps it
    sequence.refresh_from_db()
    return number_text(prefix, year, sequence.last)


def _drawn(template: CertificateTemplate, values: dict[str, str], photo: bytes | None) -> bytes:
    try:
        return draw_certificate(template.layout, values, photo=photo)
    except (MissingGlyphs, TextDoesNotFit, PhotoError) as error:
        raise DomainError(f"{values['name']}：{error}") from error


def _decision(member: Membership) -> GraduationDecision:
    closing = standing_closing(member.cohort)
    decision = closing and closing.decisions.filter(membership=member, granted=True).first()
    if not decision:
        raise DomainError(f"{member.user.name}未准予结业，不能签发证书。")
    return decision


@transaction.atomic
def issue_one(*, issuance: Issuance, membership_id: int, predecessor: Certificate | None = None) -> Certificate:
    """Draw and store one certificate of a run; run again for the same member it is the one that was issued."""
    issued = issuance.certificates.filter(membership_id=membership_id).first()
    if issued:
        return issued
    member = Membership.objects.select_related("user", "unit", "posting", "cohort").get(pk=membership_id)
    decision = _decision(member)
    decision.membership = member
    today, template, code = clock.today(), issuance.template, new_code()
    number = next_number(template.number_prefix, today.year)
    if Certificate.objects.valid().filter(membership=member).exists():
        raise DomainError(f"{member.user.name}已有有效证书，未重复签发。")
    values = printed_values(decision=decision, template=template, number=number, code=code, issued_on=today)
    photo = photo_bytes(member)
    pdf = _drawn(template, values, photo)
    return Certificate.objects.create(
        number=number, code=code, membership=member, decision=decision, issuance=issuance, template=template,
        printed=values, photo=photo,
        pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), issued_on=today, predecessor=predecessor,
    )  # fmt: skip


# The job.


def _issuance(job: Job) -> Issuance:
    return Issuance.objects.select_related("template", "cohort").get(pk=job.params["issuance"])


def _total(job: Job) -> int:
    return len(_issuance(job).members)


def _step(job: Job, n: int) -> str:
    issuance = _issuance(job)
    certificate = issue_one(issuance=issuance, membership_id=issuance.members[n])
    return f"{certificate.printed['name']} {certificate.number}"


def _finish(job: Job) -> dict[str, Any]:
    issuance = _issuance(job)
    issued = issuance.certificates.count()
    log(issuance.cohort, "certificates.issue.done", user=job.owner, data={"issued": issued})
    _tell(issuance)
    transaction.on_commit(lambda: certificates_issued.send(sender=Issuance, issuance_id=issuance.pk))
    return {"issued": issued, "cohort": str(issuance.cohort.public_id)}


def _tell(issuance: Issuance) -> None:
    """Whoever has a certificate of the run finds it among the own ones."""
    notices.send(
        to=issuance.certificates.values_list("membership__user", flat=True),
        title=_("结业证书已经签发"),
        text=issuance.cohort.full_title,
        url=reverse("certificates:mine"),
        key=f"certificates:{issuance.pk}",
        kind="certificate.issued",
    )


JOB = jobs.JobKind(name=KIND, title="签发证书", total=_total, step=_step, finish=_finish)
