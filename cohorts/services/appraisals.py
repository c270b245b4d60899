"""The final appraisal: the member's summary, what the class writes, the class teacher's signature."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Grade
from cohorts.models import Appraisal, Cohort, CohortStaff, CohortState, Membership, MembershipState
from cohorts.permissions import require_runs
from cohorts.services.locking import locked
from core import clock
from core.errors import Conflict, DomainError
from people.models import User

LONGEST = 2000
WRITE_STATES = (CohortState.CONFIRMED, CohortState.RUNNING)
SIGNED = "鉴定已经签署，不能再修改。确需修改的，请班主任先撤回签名。"


def appraisal_of(member: Membership) -> Appraisal:
    """The appraisal of a member, made when it is first asked for."""
    found, _new = Appraisal.objects.get_or_create(membership=member)
    return found


def _hold(member: Membership) -> Appraisal:
    """The appraisal of a member in a class that is open, for writing."""
    locked(member.cohort, *WRITE_STATES)
    if not Membership.objects.filter(pk=member.pk, state=MembershipState.REGISTERED).exists():
        raise DomainError(_("该学员目前不在班，不写结业鉴定。"))
    return appraisal_of(member)


def _check_length(*texts: str) -> None:
    if any(len(text) > LONGEST for text in texts):
        raise DomainError(_("每一栏不能超过 %(n)s 字，请精简。") % {"n": LONGEST})


def _save(held: Appraisal, version: int, field: str, **values: Any) -> Appraisal:
    """Written only over what the page showed; else somebody was faster, or it is signed."""
    free = Appraisal.objects.filter(pk=held.pk, signed_at__isnull=True, **{field: version})
    if not free.update(**values, **{field: F(field) + 1}):
        if Appraisal.objects.filter(pk=held.pk, signed_at__isnull=False).exists():
            raise DomainError(_(SIGNED), code="signed")
        raise Conflict(_("这份鉴定刚刚已由他人修改，请核对最新内容后再保存。"))
    held.refresh_from_db()
    return held


@transaction.atomic
def write_summary(*, actor: User, membership: Membership, version: int, text: str) -> Appraisal:
    """The member's own summary; kept as often as wanted until the appraisal is signed."""
    if actor.pk != membership.user_id:
        raise DomainError(_("自我鉴定只能由学员本人填写。"), code="forbidden")
    _check_length(text.strip())
    held = _hold(membership)
    if held.summary == text.strip():
        return held
    return _save(held, version, "summary_version", summary=text.strip(), summary_at=clock.now())


@transaction.atomic
def write_appraisal(
    *, actor: User, membership: Membership, version: int, group_opinion: str, teacher_opinion: str, grade: str
) -> Appraisal:
    """A draft of what the class says; ``version`` is what the page showed."""
    require_runs(actor, membership.cohort)
    values = {"group_opinion": group_opinion.strip(), "teacher_opinion": teacher_opinion.strip(), "grade": grade}
    _check_length(values["group_opinion"], values["teacher_opinion"])
    if grade and grade not in Grade.values:
        raise DomainError(_("鉴定等次请选优秀、良好、合格或不合格。"))
    held = _hold(membership)
    if all(getattr(held, name) == value for name, value in values.items()):
        return held
    return _save(held, version, "version", **values, edited_by=actor, edited_at=clock.now())


def is_teacher(actor: Any, cohort: Cohort) -> bool:
    """Whether the person is the class's teacher, who alone signs."""
    return cohort.staff.filter(user=actor.pk, duty=CohortStaff.Duty.TEACHER).exists()


@transaction.atomic
def sign_appraisal(
    *, actor: User, membership: Membership, version: int, summary_version: int, signed_name: str
) -> Appraisal:
    """The class teacher signs what the page showed, by name and date; from then on nothing changes in it."""
    _check_signer(actor, membership.cohort, signed_name)
    held = _hold(membership)
    if not held.teacher_opinion or not held.grade:
        raise DomainError(_("请先写好班主任鉴定并选定等次，再签名。"))
    seen = Appraisal.objects.filter(
        pk=held.pk, signed_at__isnull=True, version=version, summary_version=summary_version
    )
    if not seen.update(signed_at=clock.now(), signed_by=actor, signed_name=actor.name):
        raise Conflict(_("这份鉴定刚刚有了变化，请核对最新内容后再签名。"))
    log(membership.cohort, "cohorts.appraisals.sign", user=actor, data={"who": membership.user.name})
    held.refresh_from_db()
    return held


def _check_signer(actor: User, cohort: Cohort, signed_name: str) -> None:
    if not is_teacher(actor, cohort):
        raise DomainError(_("结业鉴定由本班班主任签名。"), code="forbidden")
    if signed_name.strip() != actor.name:
        raise DomainError(_("请签上您的姓名“%(name)s”。") % {"name": actor.name})


@transaction.atomic
def unsign_appraisal(*, actor: User, membership: Membership, reason: str) -> None:
    """The class teacher takes the signature back before the closing, with a reason."""
    if not is_teacher(actor, membership.cohort):
        raise DomainError(_("只有本班班主任可以撤回签名。"), code="forbidden")
    if not reason.strip():
        raise DomainError(_("请写明撤回签名的原因。"))
    locked(membership.cohort, *WRITE_STATES)
    signed = Appraisal.objects.filter(membership=membership, signed_at__isnull=False)
    if not signed.update(signed_at=None, signed_by=None, signed_name="", version=F("version") + 1):
        raise Conflict(_("这份鉴定没有签名，可能刚由他人撤回。"))
    data = {"who": membership.user.name, "reason": reason.strip()}
    log(membership.cohort, "cohorts.appraisals.unsign", user=actor, data=data)


@transaction.atomic
def ask_for_appraisals(*, actor: User, cohort: Cohort, required: bool) -> None:
    """Whether the class may be closed only when every member in class has a signed appraisal."""
    require_runs(actor, cohort)
    held = locked(cohort, *WRITE_STATES)
    if held.appraisal_required == required:
        return
    Cohort.objects.filter(pk=held.pk).update(appraisal_required=required, version=F("version") + 1)
    words = _("须先签署结业鉴定") if required else _("不以结业鉴定为条件")
    log(held, "cohorts.appraisals.required", user=actor, data={"what": words})
