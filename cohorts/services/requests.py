"""Asking for leave: handing in, each step of the ladder, taking back, and coming back (销假)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, LeaveRequest, LeaveStepDecision, Membership
from cohorts.notifying import tell_approvers, tell_member, tell_teachers_of_return
from cohorts.permissions import require_runs
from cohorts.reading.approvals import approvers_of, calendar
from cohorts.reading.asking import Cost, cost_of
from cohorts.reading.classes import Table, this_half_day, timetable_of
from cohorts.rules.halfdays import HalfDay, span_label
from cohorts.rules.ladder import due_on
from cohorts.services.leave import LEAVE_STATES, cancel_leave, check_span, ends, enter_leave, return_early
from cohorts.services.locking import locked
from core import clock
from core.errors import Conflict, DomainError
from core.uploads import CheckedFile
from people.models import User

State = LeaveRequest.State
Outcome = LeaveStepDecision.Outcome


def preview(*, membership: Membership, first: HalfDay, last: HalfDay) -> Cost:
    """What this leave would cost and who would approve it; DomainError where it cannot be asked for."""
    if membership.cohort.state not in LEAVE_STATES:
        raise DomainError(_("班次目前不能办理请假。"))
    check_span(membership.cohort, membership, first, last)
    _check_no_other(membership, first, last)
    return cost_of(membership, first, last)


def _check_no_other(membership: Membership, first: HalfDay, last: HalfDay) -> None:
    for other in LeaveRequest.objects.open().filter(membership=membership):
        start, end = span_of(other)
        if start <= last and first <= end:
            raise DomainError(
                _("与正在审批的请假申请（%(span)s）重叠；如需修改，请先撤回那份申请。")
                % {"span": span_label(start, end)}
            )


def span_of(request: LeaveRequest) -> tuple[HalfDay, HalfDay]:
    """The first and the last half day asked for."""
    return HalfDay(request.from_day, request.from_half), HalfDay(request.to_day, request.to_half)


@transaction.atomic
def submit_request(
    *,
    actor: User,
    membership: Membership,
    category: str,
    from_day: date,
    from_half: str,
    to_day: date,
    to_half: str,
    reason: str,
    knows_limit: bool = False,
    proof: CheckedFile | None = None,
) -> LeaveRequest:
    """Hand in a request; beyond one seventh only with the member's word that they know. The first approver is told."""
    _require_member(actor, membership)
    cohort = locked(membership.cohort, *LEAVE_STATES)
    member = Membership.objects.select_related("user", "cohort__host").get(pk=membership.pk)
    first, last = HalfDay(from_day, from_half), HalfDay(to_day, to_half)
    cost = preview(membership=member, first=first, last=last)
    if not reason.strip():
        raise DomainError(_("请填写请假事由。"))
    if cost.is_over and not knows_limit:
        raise DomainError(_("这次请假后累计将超过七分之一，请先勾选“我知道将超过七分之一”。"), code="over_limit")
    request = _drawn_up(member, cost, category, first, last)
    request.reason, request.knows_limit = reason.strip(), knows_limit and cost.is_over
    _keep(request, proof)
    request.save(force_insert=True)
    log(cohort, "cohorts.leave.ask", user=actor, data=_words(request))
    tell_approvers(request, _present_approvers(request))
    return request


def _drawn_up(member: Membership, cost: Cost, category: str, first: HalfDay, last: HalfDay) -> LeaveRequest:
    """The request with its own copy of the steps."""
    return LeaveRequest(
        membership=member,
        category=category,
        from_day=first.day,
        from_half=first.half,
        to_day=last.day,
        to_half=last.half,
        half_days=cost.half_days,
        is_late=cost.is_late,
        plan=[{"key": step.key, "title": step.title, "days": step.days} for step in cost.plan],
        due_on=due_on(clock.today(), cost.plan[0].days, calendar()),
        keep_proof_days=cost.ladder.keep_proof_days,
        submitted_at=clock.now(),
    )


def _require_member(actor: User, membership: Membership) -> None:
    if membership.user_id != actor.pk:
        raise DomainError(_("请假须由学员本人申请。"), code="forbidden")


def _keep(request: LeaveRequest, proof: CheckedFile | None) -> None:
    if proof is not None:
        request.proof_name, request.proof_type = proof.original_name, proof.content_type
        request.proof.save(proof.name, ContentFile(proof.data), save=False)


def _words(request: LeaveRequest) -> dict[str, str]:
    return {"who": request.membership.user.name, "span": span_label(*span_of(request))}


def _present_approvers(request: LeaveRequest) -> list[int]:
    found = approvers_of(request.membership.cohort, [request.step_key])[request.step_key]
    return [pk for pk in found if pk != request.membership.user_id]


@transaction.atomic
def attach_proof(*, actor: User, request: LeaveRequest, proof: CheckedFile) -> None:
    """Add the proof later, while the request is open or after it was approved; only once."""
    _require_member(actor, request.membership)
    locked(request.membership.cohort, *LEAVE_STATES)
    now = LeaveRequest.objects.select_for_update().get(pk=request.pk)
    if now.state not in (State.SUBMITTED, State.APPROVED):
        raise DomainError(_("这份申请已经办结，不能再补充证明。"))
    if now.proof or now.proof_deleted_at:
        raise DomainError(_("这份申请已有证明材料，不能更换。"))
    _keep(now, proof)
    now.save(update_fields=["proof", "proof_name", "proof_type"])


@transaction.atomic
def decide_request(*, actor: User, request: LeaveRequest, step: int, outcome: str, comment: str = "") -> LeaveRequest:
    """Approve or refuse the step that the page showed; the last approval records the leave.

    Conflict says what happened when somebody else was faster. A refusal needs its reason.
    """
    cohort = locked(request.membership.cohort, *LEAVE_STATES)
    stands_in_for = _require_approver(actor, request, step)
    if outcome == Outcome.REFUSE and not comment.strip():
        raise DomainError(_("不同意请写明理由，学员会看到。"))
    _claim(request, step)
    now = LeaveRequest.objects.with_people().get(pk=request.pk)
    LeaveStepDecision.objects.create(
        request=now, step=step, title=now.step_title, outcome=Outcome(outcome), comment=comment.strip(),
        decided_by=actor, stands_in_for_id=stands_in_for, at=clock.now(),
    )  # fmt: skip
    if outcome == Outcome.REFUSE:
        _end(now, State.REFUSED)
    elif step + 1 < len(now.plan):
        _pass_on(now)
    else:
        _grant(actor, now)
    words = {**_words(now), "step": now.step_title, "outcome": str(Outcome(outcome).label)}
    log(cohort, "cohorts.leave.step", user=actor, data=words)
    return _told(now)


def _require_approver(actor: User, request: LeaveRequest, step: int) -> int | None:
    """For whom the actor stands in, None in their own name; DomainError for everybody else."""
    if request.membership.user_id == actor.pk:
        raise DomainError(_("不能审批自己的请假。"), code="forbidden")
    if not 0 <= step < len(request.plan):
        raise DomainError(_("审批环节有误，请刷新页面后重试。"))
    found = approvers_of(request.membership.cohort, [request.plan[step]["key"]])[request.plan[step]["key"]]
    if actor.pk not in found:
        raise DomainError(_("这一环节不由您审批，或者代办期限已过。"), code="forbidden")
    return found[actor.pk]


def _claim(request: LeaveRequest, step: int) -> None:
    """Only a request that still waits at the step is decided; its row is held until the transaction ends."""
    if not LeaveRequest.objects.open().filter(pk=request.pk, step=step).update(step=step):
        raise Conflict(what_happened(request.pk, step))


def what_happened(pk: int, step: int) -> str:
    """The sentence for whoever comes later."""
    decision = LeaveStepDecision.objects.filter(request=pk, step=step).select_related("decided_by").first()
    if decision is None:
        now = LeaveRequest.objects.get(pk=pk)
        return _("这份申请%(state)s，不再需要审批。") % {"state": now.get_state_display()}
    at = timezone.localtime(decision.at)
    return _("“%(title)s”这一环节已由%(who)s于%(month)s月%(day)s日 %(time)s 办理：%(outcome)s。") % {
        "title": decision.title,
        "who": decision.decided_by.name,
        "month": at.month,
        "day": at.day,
        "time": f"{at:%H:%M}",
        "outcome": decision.get_outcome_display(),
    }


def _end(request: LeaveRequest, state: str, **more: Any) -> None:
    LeaveRequest.objects.filter(pk=request.pk).update(state=state, ended_at=clock.now(), due_on=None, **more)


def _pass_on(request: LeaveRequest) -> None:
    due = due_on(clock.today(), request.plan[request.step + 1]["days"], calendar())
    LeaveRequest.objects.filter(pk=request.pk).update(step=request.step + 1, due_on=due)


def _grant(actor: User, request: LeaveRequest) -> None:
    """The leave is recorded in the name of all who approved it."""
    names = request.decisions.order_by("step").values_list("decided_by__name", flat=True)
    record = enter_leave(
        actor=actor,
        membership=request.membership,
        category=request.category,
        from_day=request.from_day,
        from_half=request.from_half,
        to_day=request.to_day,
        to_half=request.to_half,
        reason=request.reason,
        approved_by_name="、".join(dict.fromkeys(names))[:50],
    )
    _end(request, State.APPROVED, leave=record)


def _told(request: LeaveRequest) -> LeaveRequest:
    now = LeaveRequest.objects.with_people().get(pk=request.pk)
    if now.state == State.SUBMITTED:
        tell_approvers(now, _present_approvers(now))
    tell_member(now)
    return now


@transaction.atomic
def withdraw_request(*, actor: User, request: LeaveRequest) -> None:
    """The member takes an open request back."""
    _require_member(actor, request.membership)
    _stop(request, State.WITHDRAWN, "")
    log(request.membership.cohort, "cohorts.leave.withdraw", user=actor, data=_words(request))


@transaction.atomic
def cancel_request(*, actor: User, request: LeaveRequest, reason: str) -> None:
    """Those who run the class end an open request that has become void."""
    require_runs(actor, request.membership.cohort)
    if not reason.strip():
        raise DomainError(_("请写明取消的原因。"))
    _stop(request, State.CANCELLED, reason.strip()[:200])
    log(request.membership.cohort, "cohorts.leave.void", user=actor, data=_words(request))
    tell_member(request)


def _stop(request: LeaveRequest, state: str, reason: str) -> None:
    done = (
        LeaveRequest.objects.open()
        .filter(pk=request.pk)
        .update(state=state, ended_at=clock.now(), end_reason=reason, due_on=None)
    )
    if not done:
        now = LeaveRequest.objects.get(pk=request.pk)
        raise Conflict(
            _("这份申请%(state)s，不能再撤回。已批准的请假如不再需要，请办理销假。")
            % {"state": now.get_state_display()}
        )


@transaction.atomic
def report_back(*, actor: User, request: LeaveRequest, day: date, half: str) -> None:
    """The member says from which half day on they are back; a teacher confirms it."""
    _require_member(actor, request.membership)
    cohort = locked(request.membership.cohort, *LEAVE_STATES)
    _check_back(HalfDay(day, half), span_of(request)[0])
    done = LeaveRequest.objects.filter(
        pk=request.pk, state=State.APPROVED, reported_at__isnull=True, leave__cancelled_at__isnull=True
    ).update(back_day=day, back_half=half, reported_at=clock.now())
    if not done:
        raise Conflict(_("这次请假没有生效或已经销假，不需要再报告返校。"))
    log(cohort, "cohorts.leave.back", user=actor, data=_words(request))
    tell_teachers_of_return(request)


def _check_back(back: HalfDay, first: HalfDay) -> None:
    if back > this_half_day():
        raise DomainError(_("返校时间不能晚于现在，请返校后再报告。"))
    if back < first:
        raise DomainError(_("返校时间不能早于请假开始的%(first)s。") % {"first": first.label})


@transaction.atomic
def confirm_return(*, actor: User, request: LeaveRequest, day: date, half: str) -> None:
    """A teacher confirms the first half day back in class; what was left of the leave is given back."""
    cohort: Cohort = request.membership.cohort
    require_runs(actor, cohort)
    locked(cohort, *LEAVE_STATES)
    done = LeaveRequest.objects.filter(
        pk=request.pk, state=State.APPROVED, reported_at__isnull=False, back_confirmed_at__isnull=True
    ).update(back_day=day, back_half=half, back_confirmed_at=clock.now())
    if not done:
        raise Conflict(_("没有待确认的返校报告，可能已由他人确认。"))
    _check_back(HalfDay(day, half), span_of(request)[0])
    _give_back(actor, request, HalfDay(day, half))
    tell_member(request)


def _own_table(request: LeaveRequest) -> Table:
    return timetable_of(request.membership.cohort).of(request.membership.group_id)


def _give_back(actor: User, request: LeaveRequest, back: HalfDay) -> None:
    """Leave ends with the last half day of the timetable before ``back``; wholly where there is none."""
    leave = LeaveRequest.objects.select_related("leave__membership__cohort__host").get(pk=request.pk).leave
    if leave is None:
        return
    first, last = ends(leave)
    away = [place for place in _own_table(request) if first <= place <= last and place < back]
    why = _("学员报告返校")
    if not away:
        cancel_leave(actor=actor, leave=leave, reason=why)
    elif back <= last:
        return_early(actor=actor, leave=leave, last_day=away[-1].day, last_half=away[-1].half, reason=why)
