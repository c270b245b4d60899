"""Reviewing a nomination at a unit's desk: one decision per step, in one's own name, for somebody, or taken over."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.permissions import require_office
from cohorts.presenters.figures import listed
from core import clock
from core.errors import Conflict, DomainError
from people.models import User
from planning.call_notices import tell_cadres, tell_senders
from planning.models import CallUp, Nomination, NominationStep
from planning.reading.desks import Right, right_to, rights_to
from planning.rules.nominating import REFUSED, after
from planning.services import passing, places, quotas
from planning.services.calls import locked_call_up
from planning.services.ending import already, end

Decision = NominationStep.Decision


@transaction.atomic
def review(*, actor: User, nomination: Nomination, position: int, agree: bool, reason: str = "") -> Nomination:
    """Agree to or refuse a nomination at the step that the page showed; a refusal needs its reason.

    Conflict says what happened when somebody was faster. Nobody reviews a nomination of themselves.
    """
    held = locked_call_up(nomination.call_up)
    steps = {row.position: row for row in _steps(nomination)}
    step = steps.get(position)
    if step is None or step.unit is None:
        raise DomainError(_("审核环节有误，请刷新页面后重试。"))
    right = right_to(actor, step, steps.get(position + 1))
    if right is None:
        raise DomainError(_("这一环节不由您审核，或者代办期限已过。"), code="forbidden")
    if not agree and not reason.strip():
        raise DomainError(_("不同意请写明理由，提名单位会看到。"))
    _claim(actor, step, right, agree=agree, reason=reason)
    now = held.nominations.with_people().select_related("replaces").get(pk=nomination.pk)
    outcome = Decision.AGREED if agree else Decision.REFUSED
    words = {"step": step.unit.name, "who": now.user.name, "outcome": str(outcome.label)}
    log(held, "planning.nomination.review", user=actor, data=words)
    if agree:
        passing.onward(actor=actor, call_up=held, nominations=[now], position=position)
    else:
        end(now, "refuse", reason)
        tell_cadres([now], held) if now.own_application else tell_senders([now], held)
    return held.nominations.with_people().get(pk=now.pk)


@transaction.atomic
def agree_many(*, actor: User, call_up: CallUp, nominations: Iterable[Nomination]) -> int:
    """Agree to every one of these nominations at the unit's desk where it waits; how many went on.

    Those that were decided meanwhile stay as they are. DomainError where one of them is not at a desk of the actor.
    """
    held = locked_call_up(call_up)
    pairs = _waiting(held, [row.pk for row in nominations])
    rights = rights_to(actor, pairs)
    if any(right is None for right in rights.values()):
        raise DomainError(_("所选提名中有的不由您审核，或者代办期限已过，请刷新后重选。"), code="forbidden")
    for right in sorted({right for right in rights.values() if right}, key=str):
        chosen = [step.pk for step, _next in pairs if rights[step.pk] == right]
        _mark(actor, NominationStep.objects.filter(pk__in=chosen, decision=""), right, agree=True, reason="")
    _say_agreed(actor, held, pairs)
    keys = [step.nomination_id for step, _next in pairs]
    rows = {row.pk: row for row in held.nominations.with_people().select_related("replaces").filter(pk__in=keys)}
    for position in sorted({step.position for step, _next in pairs}):
        here = [rows[step.nomination_id] for step, _next in pairs if step.position == position]
        passing.onward(actor=actor, call_up=held, nominations=here, position=position)
    return len(pairs)


def _waiting(held: CallUp, keys: list[int]) -> list[tuple[NominationStep, NominationStep | None]]:
    """The unit steps at which these nominations wait, each with the one after it; two queries."""
    rows = NominationStep.objects.current().filter(nomination__in=keys, nomination__call_up=held)
    steps = list(rows.filter(unit__isnull=False).with_people().order_by("pk"))
    every = NominationStep.objects.filter(nomination__in=[step.nomination_id for step in steps]).with_people()
    after = {(row.nomination_id, row.position): row for row in every}
    return [(step, after.get((step.nomination_id, step.position + 1))) for step in steps]


def _say_agreed(actor: User, held: CallUp, pairs: list[tuple[NominationStep, NominationStep | None]]) -> None:
    by_unit: dict[str, list[str]] = {}
    for step, _next in pairs:
        by_unit.setdefault(step.unit.name, []).append(step.nomination.user.name)
    for unit, names in by_unit.items():
        words = {"step": unit, "who": listed(names, most=20), "outcome": str(Decision.AGREED.label)}
        log(held, "planning.nomination.review", user=actor, data=words)


def _steps(nomination: Nomination) -> Iterable[NominationStep]:
    rows = NominationStep.objects.filter(nomination=nomination)
    return rows.select_related("unit", "nomination__call_up__cohort__host", "nomination__user")


def _claim(actor: User, step: NominationStep, right: Right, *, agree: bool, reason: str) -> None:
    """Only a step that is open and at which the nomination waits is decided."""
    waiting = NominationStep.objects.current().filter(pk=step.pk, nomination__state=Nomination.State.REVIEWING)
    rows = NominationStep.objects.filter(pk__in=waiting.values("pk"), decision="")
    if not _mark(actor, rows, right, agree=agree, reason=reason):
        raise Conflict(what_happened(step))


def _mark(actor: User, rows: QuerySet[NominationStep], right: Right, *, agree: bool, reason: str) -> int:
    return rows.update(
        decision=Decision.AGREED if agree else Decision.REFUSED,
        decided_by=actor,
        on_behalf_of=right.on_behalf_of,
        taken_over=right.taken_over,
        reason=reason.strip()[:300],
        decided_at=clock.now(),
    )


def what_happened(step: NominationStep) -> str:
    """The sentence for whoever comes later."""
    now = NominationStep.objects.select_related("unit", "decided_by").get(pk=step.pk)
    if not now.decision or now.decided_by is None or now.decided_at is None:
        return already(now.nomination_id)
    at = timezone.localtime(now.decided_at)
    return _("“%(unit)s”这一环节已由%(who)s于%(month)s月%(day)s日 %(time)s 办理：%(outcome)s。") % {
        "unit": now.unit.name if now.unit else _("培训处"),
        "who": now.decided_by.name,
        "month": at.month,
        "day": at.day,
        "time": f"{at:%H:%M}",
        "outcome": now.get_decision_display(),
    }


@transaction.atomic
def take_up_again(*, actor: User, nomination: Nomination) -> Nomination:
    """After the unit's reply the office takes a refused nomination up again; it comes to the office's desk."""
    require_office(actor, nomination.call_up.cohort)
    held = locked_call_up(nomination.call_up)
    now = held.nominations.with_people().select_related("replaces").get(pk=nomination.pk)
    _check_taking_up(held, now)
    counted = now.quota is not None and not places.takes_over(now)
    if now.quota is not None and counted:
        quotas.take(now.quota, 1)
    Nomination.objects.filter(pk=now.pk).update(
        state=after(REFUSED, "take_up"), counted=counted, ended_at=None, end_reason=""
    )
    log(held, "planning.nomination.take_up", user=actor, data={"who": now.user.name})
    passing.send_to_office([now])
    return held.nominations.with_people().get(pk=now.pk)


def _check_taking_up(held: CallUp, now: Nomination) -> None:
    if now.state != REFUSED:
        raise Conflict(already(now.pk))
    if not now.reply:
        raise DomainError(_("提名单位还没有回复；单位回复后才能重新办理。"))
    standing = held.nominations.standing().select_related("user")
    beside = Q(replaces=now.pk) | Q(replaces__isnull=False, replaces=now.replaces_id)
    if other := standing.filter(beside).first():
        raise DomainError(_("单位已另提名%(name)s，请办理那一份。") % {"name": other.user.name})
    if standing.filter(user=now.user).exists():
        raise DomainError(_("%(name)s在本班另有一份提名在办，请办理那一份。") % {"name": now.user.name})
