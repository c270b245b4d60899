"""Claims of hours earned elsewhere: handed in, decided by the unit, then by the office, credited once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse as address
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock, notices
from core.errors import Conflict, DomainError
from core.uploads import CheckedFile
from people.models import User
from records.models import ClaimDecision, HourClaim, HourEntry
from records.permissions import holders_over, office_reaches, unit_reaches
from records.services.crediting import HourLine, credit, reverse

State, Step, Outcome = HourClaim.State, ClaimDecision.Step, ClaimDecision.Outcome
LONGEST_REASON = 100  # of a reversal: it stands on the line itself
BIGGEST_FILE = 10 * 1024 * 1024  # bytes
MOST_OPEN = 20


@transaction.atomic
def hand_in_claim(
    *, actor: User, bucket: str, category: str, mode: str, days: Decimal, hours: Decimal, starts_on: date,
    ends_on: date, title: str, organiser: str, certificate_no: str, file: CheckedFile, declared: bool,
    follows: HourClaim | None = None,
) -> HourClaim:  # fmt: skip
    """Keep a claim with its evidence and tell who decides first; after a refusal it follows the refused one."""
    _check_claim(days, hours, starts_on, ends_on, title, declared)
    User.objects.select_for_update().get(pk=actor.pk)
    _check_follows(actor, follows)
    if HourClaim.objects.of(actor).open().count() >= MOST_OPEN:
        raise DomainError(_("您有 %(n)s 份申报还没有认定，请等认定以后再申报。") % {"n": MOST_OPEN})
    deciders = holders_over(actor, "unit_admin")
    claim = HourClaim(
        user=actor, unit_id=actor.unit_id, follows=follows, bucket=bucket, category=category, mode=mode, days=days,
        hours=hours, starts_on=starts_on, ends_on=ends_on, title=title.strip(), organiser=organiser.strip(),
        certificate_no=certificate_no.strip(), state=State.UNIT if deciders else State.OFFICE,
        file_name=file.original_name, content_type=file.content_type, sha256=file.sha256, submitted_at=clock.now(),
    )  # fmt: skip
    claim.file.save(file.name, ContentFile(file.data), save=False)
    claim.save(force_insert=True)
    log(claim, "records.claim.hand_in", user=actor, data={"title": claim.title})
    _tell_deciders(claim, deciders or holders_over(actor, "training_office"))
    return claim


def _check_claim(
    days: Decimal, hours: Decimal, starts_on: date, ends_on: date, title: str, declared: bool
) -> None:  # fmt: skip
    if days < 0 or hours < 0 or not (days or hours):
        raise DomainError(_("天数和学时不能为负，且至少填写一项。"))
    if ends_on < starts_on:
        raise DomainError(_("结束日期不能早于开始日期。"))
    if ends_on > clock.today():
        raise DomainError(_("培训还没有结束，请结束以后再申报。"))
    if starts_on.year != ends_on.year:
        raise DomainError(_("跨年度的培训请按年度分两次申报，各填该年度的日期和学时。"))
    if not title.strip():
        raise DomainError(_("请填写培训名称。"))
    if not declared:
        raise DomainError(_("请确认材料不涉密、不含他人个人信息。"))


def _check_follows(actor: User, follows: HourClaim | None) -> None:
    if follows is None:
        return
    if follows.user_id != actor.pk or follows.state not in HourClaim.AGAIN:
        raise DomainError(_("只有不予认定、已撤回或已冲销的申报可以重新提交。"))
    if HourClaim.objects.filter(follows=follows).exists():
        raise Conflict(_("这份申报已经重新提交过，请在列表中查看。"))


@transaction.atomic
def withdraw_claim(*, actor: User, claim: HourClaim) -> HourClaim:
    """Take an open claim back; Conflict when it was decided meanwhile."""
    if claim.user_id != actor.pk:
        raise DomainError(_("只有本人可以撤回申报。"), code="forbidden")
    _move(claim, HourClaim.OPEN, state=State.WITHDRAWN, ended_at=clock.now())
    log(claim, "records.claim.withdraw", user=actor)
    return claim


def _move(claim: HourClaim, before: tuple[str, ...], **changes: Any) -> None:
    """From where it was and from nowhere else: of two who act at once, the later learns of the first."""
    if not HourClaim.objects.filter(pk=claim.pk, state__in=before).update(**changes):
        raise Conflict(_("这份申报刚由他人办理或已撤回，请刷新后查看。"))
    claim.refresh_from_db()


@transaction.atomic
def decide_claim(
    *, actor: User, claim: HourClaim, step: str, accepted: bool, reason: str = "", days: Decimal | None = None,
    hours: Decimal | None = None,
) -> HourClaim:  # fmt: skip
    """Decide a claim at the step that was shown; the office credits it, once, and may credit less with a reason.

    Conflict when the claim stands elsewhere by now.
    """
    require_decider(actor, claim, step)
    days, hours = claim.days if days is None else days, claim.hours if hours is None else hours
    _check_decision(claim, step, accepted, reason.strip(), days, hours)
    _locked_at(claim, step)
    now, forwarded = clock.now(), accepted and step == Step.UNIT
    if forwarded:
        _move(claim, (State.UNIT,), state=State.OFFICE)
    elif accepted:
        entry = _credited(actor, claim, days, hours)
        _move(claim, (State.OFFICE,), state=State.CREDITED, entry=entry, ended_at=now)
    else:
        _move(claim, (step,), state=State.REFUSED, ended_at=now)
    ClaimDecision.objects.create(
        claim=claim, step=step, outcome=Outcome.ACCEPT if accepted else Outcome.REFUSE,
        days=days if accepted else Decimal(0), hours=hours if accepted else Decimal(0), reason=reason.strip(),
        decided_by=actor, at=now,
    )  # fmt: skip
    log(claim, "records.claim.accept" if accepted else "records.claim.refuse", user=actor, data=_said(step))
    if forwarded:
        _tell_deciders(claim, holders_over(claim.user, "training_office"))
    else:
        _tell_claimant(claim)
    return claim


@transaction.atomic
def reverse_claim(*, actor: User, claim: HourClaim, reason: str) -> HourClaim:
    """Take back what was credited by mistake, by a line of the opposite amount; the cadre learns of it.

    Conflict when somebody did so before.
    """
    if claim.user_id == actor.pk:
        raise DomainError(_("不能更正自己的学时，请由其他人办理。"), code="forbidden")
    if not office_reaches(actor, claim.user):
        raise DomainError(_("这名学员不在您的办理范围内。"), code="forbidden")
    if not reason.strip():
        raise DomainError(_("请写明冲销的理由，学员会看到。"))
    if len(reason.strip()) > LONGEST_REASON:
        raise DomainError(_("理由不能超过 %(n)s 个字。") % {"n": LONGEST_REASON})
    _locked_at(claim, State.CREDITED)
    if not reverse(actor=actor, source_keys=[_key(claim)], reason=reason.strip()):
        raise Conflict(_("这笔学时已经冲销，请刷新后查看。"))
    _move(claim, (State.CREDITED,), state=State.REVERSED)
    log(claim, "records.claim.reverse", user=actor, data={"reason": reason.strip()})
    _tell_claimant(claim)
    return claim


def _locked_at(claim: HourClaim, step: str) -> None:
    """Of two who decide at once the later waits here, and finds the claim decided."""
    now = HourClaim.objects.select_for_update().only("state").get(pk=claim.pk)
    if now.state != step:
        raise Conflict(_("这份申报刚由他人办理或已撤回，请刷新后查看。"))


def _said(step: str) -> dict[str, str]:
    return {"step": str(Step(step).label)}


def require_decider(actor: User, claim: HourClaim, step: str) -> None:
    """The unit's step is the unit administrator's; where nobody holds that office, the training office's."""
    if claim.user_id == actor.pk:
        raise DomainError(_("不能认定自己的学时，请由其他人办理。"), code="forbidden")
    if step == Step.UNIT and unit_reaches(actor, claim.user):
        return
    if step == Step.UNIT and holders_over(claim.user, "unit_admin"):
        raise DomainError(_("这份申报先由本单位管理员认定。"), code="forbidden")
    if not office_reaches(actor, claim.user):
        raise DomainError(_("这名学员不在您的办理范围内。"), code="forbidden")


def _check_decision(
    claim: HourClaim, step: str, accepted: bool, reason: str, days: Decimal, hours: Decimal
) -> None:  # fmt: skip
    if not accepted and not reason:
        raise DomainError(_("请写明不予认定的理由，学员据此补充材料后重新提交。"))
    if len(reason) > 200:
        raise DomainError(_("理由不能超过 200 个字。"))
    if not accepted:
        return
    if not 0 <= days <= claim.days or not 0 <= hours <= claim.hours:
        raise DomainError(_("认定的天数和学时不能多于申报的天数和学时。"))
    if not (days or hours):
        raise DomainError(_("天数和学时都不认定的，请选择“不予认定”。"))
    fewer = (days, hours) != (claim.days, claim.hours)
    if fewer and step == Step.UNIT:
        raise DomainError(_("单位只表示同意与否；需要减少学时的，请在理由中写明，由培训处认定。"))
    if fewer and not reason:
        raise DomainError(_("认定的天数或学时少于申报的，请写明理由。"))


def _key(claim: HourClaim) -> str:
    """The cause that the credited line names."""
    return f"claim:{claim.public_id}"


def _credited(actor: User, claim: HourClaim, days: Decimal, hours: Decimal) -> HourEntry:
    key = _key(claim)
    line = HourLine(
        claim.user_id, claim.unit_id, claim.bucket, claim.category, claim.mode, days, hours, claim.ends_on,
        claim.title, key, None, claim.certificate_no or proof_number(claim),
    )  # fmt: skip
    credit(actor=actor, lines=[line])
    return HourEntry.objects.get(source_key=key)


def proof_number(claim: HourClaim) -> str:
    """The number by which a claim without a certificate is found again."""
    return f"SB{claim.submitted_at:%Y%m%d}-{claim.pk}"


def _tell_deciders(claim: HourClaim, people: list[int]) -> None:
    notices.send(
        to=people,
        title=_("有学时申报等待认定"),
        text=_("请核对证明材料后办理。"),
        url=address("records:claim", args=[claim.public_id]),
        key=f"claim:{claim.public_id}:{claim.state}",
        kind="claim.waiting",
    )


def _tell_claimant(claim: HourClaim) -> None:
    notices.send(
        to=[claim.user_id],
        title=_("您已认定的学时有更正") if claim.state == State.REVERSED else _("您的学时申报已有结果"),
        url=address("records_own:claim", args=[claim.public_id]),
        key=f"claim:{claim.public_id}:{'reversed' if claim.state == State.REVERSED else 'ended'}",
        kind="claim.ended",
    )
