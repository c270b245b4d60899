"""Steps that nobody decided in time: the holders of the desk are told, then those who may take it over; each once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.rules.ladder import ESCALATED, OVERDUE
from core import clock
from planning.call_notices import tell_of_overdue, tell_of_stuck
from planning.models import NominationStep, StepReminder
from planning.reading.desks import calendar, desks_of, is_escalated


def remind_of_overdue_steps() -> int:
    """Tell of every overdue step whoever has not been told of it yet; how many people were told."""
    late = NominationStep.objects.late().order_by("due_on", "pk")
    return sum(_remind(key) for key in late.values_list("pk", flat=True))


@transaction.atomic
def _remind(key: int) -> int:
    """One step: its desk and, later, the next level and the office; it may have been decided meanwhile."""
    NominationStep.objects.select_for_update().filter(pk=key).first()
    rows = NominationStep.objects.late().select_related("unit", "nomination__call_up__cohort__host")
    step = rows.filter(pk=key).first()
    if step is None:
        return 0
    after = step.nomination.steps.filter(position=step.position + 1).first()
    desks = desks_of([step, *([after] if after else [])])
    holders = set(desks.of_step(step))
    told = _new(step, OVERDUE, holders)
    tell_of_overdue(step, told)
    if step.unit is not None and (is_escalated(step, calendar()) or not holders):
        above = _new(step, ESCALATED, set(desks.above(step, after)) - holders)
        tell_of_stuck(step, above)
        told |= above
    if told:
        words = {"step": step.unit.name if step.unit else _("培训处"), "count": len(told)}
        log(step.nomination.call_up, "planning.nomination.overdue", data=words)
    return len(told)


def _new(step: NominationStep, stage: str, people: set[int]) -> set[int]:
    """Those who were not told of this stage before; it is noted that they are now."""
    told = StepReminder.objects.filter(step=step, stage=stage)
    new = people - set(told.values_list("user", flat=True))
    StepReminder.objects.bulk_create(
        StepReminder(step=step, stage=stage, user_id=pk, at=clock.now()) for pk in sorted(new)
    )
    return new
