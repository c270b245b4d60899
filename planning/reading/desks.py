"""Whose desk a nomination is on: the administrators of units, who stands in for them, and the training office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from cohorts.rules.ladder import ESCALATED, due_on, stage_of
from core import clock
from core.models import CalendarDay
from core.workdays import Exceptions
from people.models import Role, RoleGrant, User
from planning.models import CallUp, NominationStep, StandIn
from planning.querysets.calls import paths_above

LOOKAHEAD = timedelta(days=90)
Holders = dict[int, int | None]  # person → for whom they stand in, None where the desk is their own


@dataclass(frozen=True)
class Right:
    """By what right somebody decides a step: for whom they stand in, whether they take it over from below."""

    on_behalf_of: int | None = None
    taken_over: bool = False


class Desks:
    """The desks of some units and hosts, read once: three queries."""

    def __init__(self, units: Iterable[str], hosts: Iterable[str] = ()) -> None:
        self._units = _people(Role.UNIT_ADMIN, units)
        self._offices = _people(Role.TRAINING_OFFICE, hosts)
        self._stand_ins = _stand_ins({user for people in self._units.values() for user in people})

    def has_own(self, path: str) -> bool:
        """Whether the unit itself has an administrator."""
        return bool(self._units.get(path))

    def of_unit(self, path: str, *, but: int | None = None) -> Holders:
        """Who reviews for the unit today: its own administrators, else those of the nearest unit above; not ``but``."""
        for above in reversed(paths_above(path)):
            own = self._units.get(above, set()) - {but}
            if own:
                beside = {d: h for h in sorted(own) for d in self._stand_ins.get(h, ()) if d != but}
                return {**beside, **dict.fromkeys(sorted(own))}
        return {}

    def of_office(self, host: str, *, but: int | None = None) -> Holders:
        """The training office of the host, else of the nearest unit above it; not ``but``."""
        for above in reversed(paths_above(host)):
            if own := self._offices.get(above, set()) - {but}:
                return dict.fromkeys(sorted(own))
        return {}

    def of_step(self, step: NominationStep) -> Holders:
        """Who may decide the step today, never the person it is about."""
        nomination = step.nomination
        if step.unit is None:
            return self.of_office(nomination.call_up.cohort.host.path, but=nomination.user_id)
        return self.of_unit(step.unit.path, but=nomination.user_id)

    def above(self, step: NominationStep, after: NominationStep | None) -> Holders:
        """Those who may see to a step that is stuck: the next desk of the way and the office."""
        host = step.nomination.call_up.cohort.host.path
        office = self.of_office(host, but=step.nomination.user_id)
        return {**(self.of_step(after) if after else {}), **office}


def desks_of(steps: Iterable[NominationStep]) -> Desks:
    """The desks of these steps; three queries."""
    rows = list(steps)
    return Desks(
        {step.unit.path for step in rows if step.unit}, {step.nomination.call_up.cohort.host.path for step in rows}
    )


def desks_for(call_up: CallUp, units: Iterable[str]) -> Desks:
    return Desks(units, [call_up.cohort.host.path])


def _people(role: str, paths: Iterable[str]) -> dict[str, set[int]]:
    wanted = {above for path in paths for above in paths_above(path)}
    found: dict[str, set[int]] = defaultdict(set)
    if not wanted:
        return found
    rows = RoleGrant.objects.open().filter(role=role, unit__path__in=wanted, user__is_active=True)
    for path, user in rows.values_list("unit__path", "user"):
        found[path].add(user)
    return found


def _stand_ins(holders: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    if holders:
        rows = StandIn.objects.on(clock.today()).filter(holder__in=holders, delegate__is_active=True)
        for holder, delegate in rows.order_by("pk").values_list("holder", "delegate"):
            found[holder].append(delegate)
    return found


def names_of(users: Iterable[int]) -> dict[int, str]:
    """The names of these people; one query."""
    return dict(User.objects.filter(pk__in=set(users)).values_list("pk", "name"))


def holder_words(holders: Holders, names: dict[int, str]) -> str:
    """王敏、李静（代陈洁）, or that there is nobody."""
    own = [names.get(user, "") for user, other in holders.items() if other is None]
    beside = [
        _("%(who)s（代%(other)s）") % {"who": names.get(user, ""), "other": names.get(other, "")}
        for user, other in holders.items()
        if other is not None
    ]
    return "、".join([*own, *beside]) or _("暂无办理人")


def calendar() -> Exceptions:
    """The days around today that differ from the week's order; one query."""
    today = clock.today()
    return CalendarDay.objects.exceptions(today - LOOKAHEAD, today + LOOKAHEAD)


def due(days: int, exceptions: Exceptions) -> object:
    """The last day of a step that comes today."""
    return due_on(clock.today(), days, exceptions)


def is_escalated(step: NominationStep, exceptions: Exceptions) -> bool:
    """Whether the step is late by as many working days again as it had."""
    return stage_of(step.due_on, step.nomination.call_up.step_days, clock.today(), exceptions) == ESCALATED


def right_to(actor: User, step: NominationStep, after: NominationStep | None) -> Right | None:
    """By what right the actor may decide the step today; None where they may not."""
    return rights_to(actor, [(step, after)])[step.pk]


@dataclass(frozen=True)
class Desk:
    """The desk at which one nomination waits, read once: who holds it, their names, and the calendar around today."""

    step: NominationStep
    after: NominationStep | None
    desks: Desks
    exceptions: Exceptions
    names: dict[int, str]

    @property
    def holders(self) -> Holders:
        return self.desks.of_step(self.step)

    def right_of(self, actor: User) -> Right | None:
        """By what right the actor may decide here; None where they may not."""
        return _right(actor, self.step, self.after, self.desks, self.exceptions)


def desk_of(step: NominationStep, after: NominationStep | None) -> Desk:
    """The desk of a step, with the one after it; five queries."""
    desks = desks_of([one for one in (step, after) if one])
    holders = desks.of_step(step)
    everybody = {pk for pair in holders.items() for pk in pair if pk is not None}
    return Desk(step, after, desks, calendar(), names_of(everybody))


def rights_to(actor: User, steps: Iterable[tuple[NominationStep, NominationStep | None]]) -> dict[int, Right | None]:
    """The same for many steps, each with the one after it, by step; four queries."""
    pairs = list(steps)
    desks, exceptions = desks_of([step for pair in pairs for step in pair if step]), calendar()
    return {step.pk: _right(actor, step, after, desks, exceptions) for step, after in pairs}


def _right(
    actor: User, step: NominationStep, after: NominationStep | None, desks: Desks, exceptions: Exceptions
) -> Right | None:
    if step.nomination.user_id == actor.pk:
        return None
    holders = desks.of_step(step)
    if actor.pk in holders:
        return Right(on_behalf_of=holders[actor.pk])
    above = desks.above(step, after)
    if step.unit is not None and actor.pk in above and is_escalated(step, exceptions):
        return Right(on_behalf_of=above[actor.pk], taken_over=True)
    return None
