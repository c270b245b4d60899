"""Who approves leave: ladders, seats and requests read as values for the rules, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from cohorts.models import Approver, Cohort, CohortStaff, LeaveLadder, LeaveRequest, LeaveStepDecision
from cohorts.rules.ladder import STANDARD, Approvers, Ladder, Seat, Step, approvers
from core import clock
from core.models import CalendarDay
from core.workdays import Exceptions
from people.models import Unit, User

LOOKAHEAD = timedelta(days=90)


def paths_up(unit: Unit) -> list[str]:
    """The tree paths of a unit and of those above it."""
    return [unit.path[:length] for length in range(Unit.steplen, len(unit.path) + 1, Unit.steplen)]


def own_ladder(host: Unit) -> LeaveLadder | None:
    """The ladder in force for the host: its own, else that of the nearest unit above it, else none."""
    found = LeaveLadder.objects.filter(host__path__in=paths_up(host)).select_related("host").prefetch_related("steps")
    return max(found, key=lambda ladder: len(ladder.host.path), default=None)


def as_rule(row: LeaveLadder | None) -> Ladder:
    """The stored ladder as the rule reads it; the standard one where none is stored."""
    if row is None:
        return STANDARD
    order = [step.key for step in STANDARD.steps]
    steps = sorted(row.steps.all(), key=lambda step: order.index(step.key))
    return Ladder(
        tuple(Step(s.key, s.title, s.over_half_days, s.days) for s in steps), row.allows_late, row.keep_proof_days
    )


def ladder_of(host: Unit) -> Ladder:
    return as_rule(own_ladder(host))


def as_seat(row: Approver) -> Seat:
    return Seat(row.step, row.host.path, row.user_id, row.delegate_id, row.delegate_from, row.delegate_to)


def seats_for(hosts: Iterable[Unit]) -> list[Seat]:
    """The seats that may concern classes of these hosts. One query."""
    paths = {path for host in hosts for path in paths_up(host)}
    return [as_seat(row) for row in Approver.objects.filter(host__path__in=paths).select_related("host")]


def teachers_of(cohorts: Iterable[int]) -> dict[int, set[int]]:
    """The class teachers of each class. One query."""
    found: dict[int, set[int]] = {}
    rows = CohortStaff.objects.filter(cohort__in=list(cohorts), duty=CohortStaff.Duty.TEACHER)
    for cohort, user in rows.values_list("cohort", "user"):
        found.setdefault(cohort, set()).add(user)
    return found


def approvers_of(cohort: Cohort, keys: Iterable[str]) -> dict[str, Approvers]:
    """Who may decide each of the steps in a class today. Two queries."""
    seats, teachers = seats_for([cohort.host]), teachers_of([cohort.pk]).get(cohort.pk, set())
    return {key: approvers(key, cohort.host.path, teachers, seats, clock.today()) for key in keys}


def names_of(found: dict[str, Approvers]) -> dict[str, list[str]]:
    """The names of the approvers of each step, those who stand in after those who hold the seat. One query."""
    keys = {pk for people in found.values() for pk in people}
    names = dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))
    return {
        step: [
            names[pk] if people[pk] is None else _("%(who)s（代办）") % {"who": names[pk]} for pk in _in_order(people)
        ]
        for step, people in found.items()
    }


def _in_order(people: Approvers) -> list[int]:
    return sorted(people, key=lambda pk: (people[pk] is not None, pk))


def waiting_at(requests: list[LeaveRequest]) -> dict[int, Approvers]:
    """Who may decide each open request today, by request. Two queries for all."""
    seats = seats_for({r.membership.cohort.host for r in requests})
    teachers, today = teachers_of({r.membership.cohort_id for r in requests}), clock.today()
    return {
        r.pk: approvers(
            r.step_key, r.membership.cohort.host.path, teachers.get(r.membership.cohort_id, set()), seats, today
        )
        for r in requests
    }


def waiting_for(user: User) -> list[LeaveRequest]:
    """The requests that wait for this person today, the most urgent first; nobody decides on their own leave."""
    rows = list(LeaveRequest.objects.open().exclude(membership__user=user).with_people().order_by("due_on", "pk"))
    who = waiting_at(rows) if rows else {}
    return [row for row in rows if user.pk in who[row.pk]]


def may_decide(user: Any, request: LeaveRequest) -> bool:
    """Whether the request waits for this person today."""
    if request.state != LeaveRequest.State.SUBMITTED or request.membership.user_id == user.pk:
        return False
    return user.pk in approvers_of(request.membership.cohort, [request.step_key])[request.step_key]


def has_decided(user: Any, request: LeaveRequest) -> bool:
    return LeaveStepDecision.objects.filter(request=request, decided_by=user.pk).exists()


def has_come_to(user: Any, request: LeaveRequest) -> bool:
    """Whether the request has reached a step that this person may decide today, or may have decided."""
    if request.membership.user_id == user.pk:
        return False
    keys = [step["key"] for step in request.plan[: request.step + 1]]
    return any(user.pk in people for people in approvers_of(request.membership.cohort, keys).values())


def may_read_proof(user: Any, request: LeaveRequest) -> bool:
    """The member, who decided on this request, and while it is open those to whom it has come; nobody else."""
    if request.membership.user_id == user.pk or has_decided(user, request):
        return True
    return request.state == LeaveRequest.State.SUBMITTED and has_come_to(user, request)


def takes_part(user: Any, request: LeaveRequest) -> bool:
    """Whether this person opens the request as one who approves or approved it."""
    return has_decided(user, request) or has_come_to(user, request)


def calendar() -> Exceptions:
    """The days of the coming weeks that differ from the week's order."""
    today = clock.today()
    return CalendarDay.objects.exceptions(today, today + LOOKAHEAD)
