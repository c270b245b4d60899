"""How a nomination goes from desk to desk: it comes to a step, is passed on, and at the end gets its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, Max

from cohorts.rules.ladder import due_on
from core import clock
from people.models import User
from planning.call_notices import tell_desk
from planning.models import CallUp, Nomination, NominationStep
from planning.reading.desks import calendar, desks_of
from planning.services import places

Decision = NominationStep.Decision


def begin(*, actor: User, call_up: CallUp, nominations: list[Nomination], agreed: bool) -> None:
    """Set nominations out on their way; ``agreed`` where the naming itself is the first unit's word."""
    if not agreed:
        return _come(nominations, 0)
    first = NominationStep.objects.filter(nomination__in=nominations, position=0)
    now = clock.now()
    first.update(came_at=now, decision=Decision.AGREED, decided_by=actor, decided_at=now)
    return onward(actor=actor, call_up=call_up, nominations=nominations, position=0)


def onward(*, actor: User, call_up: CallUp, nominations: list[Nomination], position: int) -> None:
    """Pass nominations on from a position: to the next desk, or to their place where the way has ended."""
    rows = NominationStep.objects.filter(nomination__in=nominations, position=position + 1)
    further = set(rows.values_list("nomination", flat=True))
    arrived = [row for row in nominations if row.pk not in further]
    _come([row for row in nominations if row.pk in further], position + 1)
    if arrived:
        to_office = places.place_by_unit(actor=actor, call_up=call_up, nominations=arrived)
        send_to_office(to_office)


def send_to_office(nominations: list[Nomination]) -> None:
    """Add the office's step to ways that ended without one, or that are taken up again."""
    if not nominations:
        return
    rows = NominationStep.objects.filter(nomination__in=nominations)
    last = dict(rows.values("nomination").annotate(last=Max("position")).values_list("nomination", "last"))
    NominationStep.objects.bulk_create(
        NominationStep(nomination=row, position=last[row.pk] + 1, unit=None) for row in nominations
    )
    for position in sorted(set(last.values())):
        _come([row for row in nominations if last[row.pk] == position], position + 1)


def _come(nominations: Iterable[Nomination], position: int) -> None:
    """Nominations reach the step at this position, which is due by working days; its desks are told."""
    rows = list(nominations)
    if not rows:
        return
    steps = NominationStep.objects.filter(nomination__in=rows, position=position)
    due = due_on(clock.today(), rows[0].call_up.step_days, calendar())
    steps.update(came_at=clock.now(), due_on=due)
    Nomination.objects.filter(pk__in=[row.pk for row in rows]).update(step=position)
    offices = steps.filter(unit__isnull=True).values("nomination")
    Nomination.objects.filter(pk__in=offices).update(state=Nomination.State.AT_OFFICE, step=F("step"))
    _tell(list(steps.select_related("unit", "nomination__call_up__cohort__host")))


def _tell(steps: list[NominationStep]) -> None:
    desks = desks_of(steps)
    by_desk: dict[int | None, list[NominationStep]] = defaultdict(list)
    for step in steps:
        by_desk[step.unit_id].append(step)
    for group in by_desk.values():
        people = {person for step in group for person in desks.of_step(step)}
        about = {step.nomination.user_id for step in group}
        tell_desk(group[0], people - about, len(group))
