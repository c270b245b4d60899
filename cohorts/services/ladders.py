"""Drawing up the ladder of a host, its seats, and who stands in."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Approver, LadderStep, LeaveLadder, StepKey
from cohorts.permissions import may_plan_for
from cohorts.rules.ladder import Ladder, faults
from core import clock
from core.errors import Conflict, DomainError
from people.models import Unit, User


def _require_office(actor: User, host: Unit) -> None:
    if not may_plan_for(actor, host):
        raise DomainError(_("“%(unit)s”的请假审批规则须由其培训处设置。") % {"unit": host.name}, code="forbidden")


@transaction.atomic
def save_ladder(*, actor: User, host: Unit, version: int, ladder: Ladder) -> LeaveLadder:
    """Put a ladder in force for the host; ``version`` is what the page showed, 0 where there was none.

    Requests that are already under way keep the steps with which they were handed in.
    """
    _require_office(actor, host)
    if wrong := faults(ladder.steps, dict(StepKey.choices)):
        raise DomainError("".join(wrong))
    row = _first(actor, host) if version == 0 else _next(actor, host, version)
    LeaveLadder.objects.filter(pk=row.pk).update(allows_late=ladder.allows_late, keep_proof_days=ladder.keep_proof_days)
    row.steps.all().delete()
    LadderStep.objects.bulk_create(
        LadderStep(ladder=row, key=StepKey(s.key), title=s.title.strip(), over_half_days=s.over, days=s.days)
        for s in ladder.steps
    )
    row.refresh_from_db()
    log(row, "cohorts.ladder.save", user=actor, data={"unit": host.name, "version": row.version})
    return row


def _first(actor: User, host: Unit) -> LeaveLadder:
    try:
        with transaction.atomic():
            return LeaveLadder.objects.create(host=host, changed_by=actor, changed_at=clock.now())
    except IntegrityError as taken:
        raise Conflict from taken


def _next(actor: User, host: Unit, version: int) -> LeaveLadder:
    moved = LeaveLadder.objects.filter(host=host, version=version).update(
        version=F("version") + 1, changed_by=actor, changed_at=clock.now()
    )
    if not moved:
        raise Conflict
    return LeaveLadder.objects.get(host=host)


@transaction.atomic
def seat_approver(*, actor: User, host: Unit, step: str, user: User, title: str) -> Approver:
    """Give somebody a seat on the ladder of the host."""
    _require_office(actor, host)
    if not title.strip():
        raise DomainError(_("请填写审批人的职务。"))
    if Approver.objects.filter(host=host, step=step, user=user).exists():
        raise DomainError(_("%(who)s已经是这一环节的审批人。") % {"who": user.name})
    seat = Approver.objects.create(host=host, step=StepKey(step), user=user, title=title.strip())
    log(host, "cohorts.ladder.seat", user=actor, data={"who": user.name, "step": str(StepKey(step).label)})
    return seat


@transaction.atomic
def delegate_seat(
    *, actor: User, seat: Approver, delegate: User | None, first: date | None, last: date | None
) -> Approver:
    """Name who stands in from one day to another; without a name nobody does any more.

    The holder of the seat may do it, and the office of the host.
    """
    if seat.user_id != actor.pk:
        _require_office(actor, seat.host)
    if delegate is not None:
        _check_delegation(seat, delegate, first, last)
    else:
        first = last = None
    Approver.objects.filter(pk=seat.pk).update(delegate=delegate, delegate_from=first, delegate_to=last)
    words = {"who": seat.user.name, "delegate": delegate.name if delegate else _("无")}
    log(seat.host, "cohorts.ladder.delegate", user=actor, data=words)
    seat.refresh_from_db()
    return seat


def _check_delegation(seat: Approver, delegate: User, first: date | None, last: date | None) -> None:
    if delegate.pk == seat.user_id:
        raise DomainError(_("代办人不能是审批人自己。"))
    if first is None or last is None or last < first:
        raise DomainError(_("请填写代办的起止日期，结束日期不能早于开始日期。"))


@transaction.atomic
def unseat_approver(*, actor: User, seat: Approver) -> None:
    """Take a seat away; what its holder decided stays in the requests."""
    _require_office(actor, seat.host)
    log(
        seat.host, "cohorts.ladder.unseat", user=actor,
        data={"who": seat.user.name, "step": str(seat.get_step_display())},
    )  # fmt: skip
    Approver.objects.filter(pk=seat.pk).delete()
