"""Nominations read for the pages of units and cadres, in a number of queries that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from cohorts.querysets import OVER
from core import clock
from people.models import User
from people.scopes import grant_paths
from planning.models import CallUp, Nomination, NominationStep, Quota
from planning.querysets.calls import UNITS
from planning.reading.call_facts import audience_of, eligible_people
from planning.reading.desks import Desk, Desks, Holders, calendar, desk_of, desks_of, is_escalated, names_of


@dataclass(frozen=True)
class Open:
    """A step that waits, whose desk it is on, and whether it is so late that others may take it over."""

    step: NominationStep
    holders: Holders
    names: dict[int, str]
    is_late: bool
    is_stuck: bool


def open_steps(steps: Iterable[NominationStep]) -> list[Open]:
    """The steps with the people at their desks; five queries at most."""
    rows = list(steps)
    if not rows:
        return []
    desks, exceptions, today = desks_of(rows), calendar(), clock.today()
    held = {step.pk: desks.of_step(step) for step in rows}
    names = names_of(_everybody(held.values()))
    return [
        Open(
            step, held[step.pk], names,
            is_late=step.due_on is not None and step.due_on < today, is_stuck=is_escalated(step, exceptions),
        )
        for step in rows
    ]  # fmt: skip


def way_of(row: Nomination) -> list[NominationStep]:
    """The way of one nomination in its order, each step knowing the nomination; one query."""
    steps = list(row.steps.select_related("unit", "decided_by", "on_behalf_of").order_by("position"))
    for step in steps:
        step.nomination = row
    return steps


def waits_at(row: Nomination, steps: Sequence[NominationStep]) -> Desk | None:
    """The desk at which the nomination waits today; None when it is decided or its class is over."""
    if row.state not in Nomination.UNDER_WAY or row.call_up.cohort.state in OVER:
        return None
    by_position = {step.position: step for step in steps}
    step = by_position.get(row.step)
    if step is None or step.decision:
        return None
    return desk_of(step, by_position.get(row.step + 1))


def opened(desk: Desk) -> Open:
    """The step of a desk as the pages show it."""
    step = desk.step
    is_late = step.due_on is not None and step.due_on < clock.today()
    return Open(step, desk.holders, desk.names, is_late, is_escalated(step, desk.exceptions))


def _everybody(held: Iterable[Holders]) -> set[int]:
    return {pk for holders in held for pair in holders.items() for pk in pair if pk is not None}


def waiting_for(user: User) -> tuple[list[NominationStep], list[NominationStep]]:
    """The unit steps that wait for the user today, and those below that the user may take over; most urgent first."""
    rows = NominationStep.objects.current().visible_to(user).exclude(nomination__user=user)
    steps = list(rows.filter(unit__isnull=False).with_people().order_by("due_on", "pk"))
    if not steps:
        return [], []
    after = _next_steps(steps)
    desks, exceptions = desks_of([*steps, *after.values()]), calendar()
    mine = [step for step in steps if user.pk in desks.of_step(step)]
    own = {step.pk for step in mine}
    stuck = [
        step
        for step in steps
        if step.pk not in own and is_escalated(step, exceptions) and _is_above(desks, step, after, user)
    ]
    return mine, stuck


def _is_above(desks: Desks, step: NominationStep, after: dict[int, NominationStep], user: User) -> bool:
    return user.pk in desks.above(step, after.get(step.nomination_id))


def _next_steps(steps: list[NominationStep]) -> dict[int, NominationStep]:
    """The step after each of these, by nomination; one query."""
    here = {step.nomination_id: step.position for step in steps}
    rows = NominationStep.objects.filter(nomination__in=here).with_people()
    return {row.nomination_id: row for row in rows if row.position == here[row.nomination_id] + 1}


@dataclass(frozen=True)
class Place:
    """A call-up with the quotas that concern somebody: those of the own units and below, and the nearest above."""

    call_up: CallUp
    quotas: list[Quota]

    @property
    def left(self) -> int:
        return sum(quota.left for quota in self.quotas)

    @property
    def is_late(self) -> bool:
        return clock.today() > self.call_up.nominate_by


def calls_for(user: User) -> list[Place]:
    """The call-ups for which the user's units may name, the earliest deadline first; two queries."""
    rows = CallUp.objects.naming().visible_to(user).select_related("cohort__host").order_by("nominate_by", "pk")
    calls = list(rows.filter(basis=CallUp.Basis.QUOTA))
    quotas = Quota.objects.filter(call_up__in=calls).visible_to(user).select_related("unit")
    by_call: dict[int, list[Quota]] = {}
    for quota in quotas:
        by_call.setdefault(quota.call_up_id, []).append(quota)
    paths = grant_paths(user, UNITS)
    found = [Place(call, own_quotas(paths, by_call.get(call.pk, []))) for call in calls]
    return [place for place in found if place.quotas]


def own_quotas(paths: list[str], quotas: Iterable[Quota]) -> list[Quota]:
    """Of visible quotas those at or below the paths, and where there is none the nearest above each path."""
    rows = list(quotas)
    below = [quota for quota in rows if any(quota.unit.path.startswith(path) for path in paths)]
    for path in paths:
        above = [quota for quota in rows if path.startswith(quota.unit.path) and quota not in below]
        if above and not any(quota.unit.path.startswith(path) for quota in below):
            below.append(max(above, key=lambda quota: len(quota.unit.path)))
    return below


def people_for(user: User, call_up: CallUp, *, eligible_only: bool) -> Any:
    """Those whom the user may name for the call-up: own people below a unit with places, not named yet."""
    people = User.objects.active().managed_by_grants(user, UNITS).exclude(pk=user.pk).select_related("unit")
    below = Q(pk__in=[])
    for path in call_up.quotas.values_list("unit__path", flat=True):
        below |= Q(unit__path__startswith=path)
    named = Nomination.objects.standing().filter(call_up=call_up).values("user")
    rows = people.filter(below).exclude(pk__in=named)
    rows = eligible_people(rows, audience_of(call_up)) if eligible_only else rows
    return rows.order_by("sort_key", "work_number")


def counts_by_state(call_up: CallUp) -> dict[str, int]:
    """How many nominations of a call-up are in each state; one query."""
    rows = call_up.nominations.order_by().values("state").annotate(n=Count("pk"))
    return dict(rows.values_list("state", "n"))


def unit_nominations(user: User) -> Any:
    """The nominations of the user's units, those still open first."""
    return Nomination.objects.sent_by(user).with_people().order_by("-made_at", "-pk")
