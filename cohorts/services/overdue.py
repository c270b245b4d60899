"""Steps of leave that nobody decided in time: the approvers are told, then those who can see to it; each once."""

from __future__ import annotations

from django.db import transaction
from wagtail.log_actions import log

from cohorts.models import LeaveReminder, LeaveRequest
from cohorts.notifying import office_of, tell_of_overdue_step, tell_of_stuck_step
from cohorts.reading.approvals import approvers_of, teachers_of
from cohorts.rules.ladder import ESCALATED, OVERDUE, stage_of
from core import clock
from core.models import CalendarDay


def remind_of_overdue_leave() -> int:
    """Tell of every overdue step whoever has not been told of it yet; how many people were told."""
    late = LeaveRequest.objects.open().filter(due_on__lt=clock.today()).order_by("due_on", "pk")
    return sum(_remind(key) for key in late.values_list("pk", flat=True))


@transaction.atomic
def _remind(key: int) -> int:
    """One request: the approvers of its step and, later, those above; it may have been decided meanwhile."""
    held = LeaveRequest.objects.open().select_for_update(of=("self",)).filter(pk=key)
    request = held.select_related("membership__cohort__host").first()
    if request is None or not (stage := _stage(request)):
        return 0
    approvers = _approvers(request, request.step)
    told = _new(request, OVERDUE, approvers)
    tell_of_overdue_step(request, told)
    if stage == ESCALATED or not approvers:
        above = _new(request, ESCALATED, _above(request) - approvers)
        tell_of_stuck_step(request, above)
        told |= above
    if told:
        data = {"step": request.step_title, "count": len(told)}
        log(request.membership.cohort, "cohorts.leave.overdue", data=data)
    return len(told)


def _stage(request: LeaveRequest) -> str:
    today = clock.today()
    exceptions = CalendarDay.objects.exceptions(request.due_on, today)
    return stage_of(request.due_on, request.plan[request.step]["days"], today, exceptions)


def _approvers(request: LeaveRequest, step: int) -> set[int]:
    """Who may decide that step today, those who stand in included; never the member."""
    key = request.plan[step]["key"]
    return set(approvers_of(request.membership.cohort, [key])[key]) - {request.membership.user_id}


def _above(request: LeaveRequest) -> set[int]:
    """The class's teachers, and the approvers of the next step, or after the last step the host's training office."""
    cohort, after = request.membership.cohort, request.step + 1
    higher = _approvers(request, after) if after < len(request.plan) else office_of(cohort.host)
    return (teachers_of([cohort.pk]).get(cohort.pk, set()) | higher) - {request.membership.user_id}


def _new(request: LeaveRequest, stage: str, people: set[int]) -> set[int]:
    """Those who were not told of this stage of the step before; it is noted that they are now."""
    told = LeaveReminder.objects.filter(request=request, step=request.step, stage=stage)
    new = people - set(told.values_list("user", flat=True))
    LeaveReminder.objects.bulk_create(
        LeaveReminder(request=request, step=request.step, stage=stage, user_id=pk, at=clock.now()) for pk in sorted(new)
    )
    return new
