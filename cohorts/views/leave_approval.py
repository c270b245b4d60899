"""Approving on the phone: what waits for me, the facts of one request, coming back, and who stands in for me."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohorts import services
from cohorts.forms.leave import BackForm, DelegateForm, StepDecisionForm
from cohorts.models import Approver, Cohort, LeaveReminder, LeaveRequest, LeaveStepDecision
from cohorts.permissions import may_plan_for, runs
from cohorts.presenters.figures import day_words, plain
from cohorts.presenters.leave import history, proof_words, request_facts, request_item, request_state
from cohorts.reading import approvals
from cohorts.reading.approvals import names_of
from cohorts.reading.classes import timetable_of
from cohorts.rules import leave
from cohorts.rules.halfdays import hours_between
from cohorts.rules.ladder import ESCALATED, is_overdue
from cohorts.services.requests import span_of, what_happened
from cohorts.views.proof import proof_response
from core import clock
from core.errors import DomainError
from people.permissions import requires_sign_in

RECENT = 20


@requires_sign_in
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """待我批的请假, the most urgent first; below what I decided lately and who stands in for me."""
    rows = approvals.waiting_for(request.user)
    late = sum(is_overdue(row.due_on, clock.today()) for row in rows)
    context = {
        "items": [request_item(row, _address(row), name=True, cohort=True) for row in rows],
        "sentence": _sentence(len(rows), late),
        "stuck": _stuck(request.user),
        "returns": _returns(request.user),
        "done": [_decided(row) for row in _decisions(request.user)],
        "seats": _seats(request.user),
    }
    return render(request, "cohorts/leave_waiting.html", context)


def _address(row: LeaveRequest) -> str:
    return reverse("cohorts:leave-approval", args=[row.public_id])


def _sentence(count: int, late: int) -> str:
    if not count:
        return _("目前没有待您审批的请假申请。")
    words = _("有 %(n)s 份请假申请待您审批") % {"n": count}
    return words + (_("，其中 %(n)s 份已经逾期。") % {"n": late} if late else _("。"))


def _stuck(user: Any) -> list[str]:
    """Requests of which one was told that a step is long overdue: class, step and who may decide it; never whose."""
    told = LeaveReminder.objects.filter(user=user.pk, stage=ESCALATED, request=OuterRef("pk"), step=OuterRef("step"))
    rows = list(LeaveRequest.objects.open().filter(Exists(told)).with_people().order_by("due_on", "pk"))
    people = {pk: names_of({"": found})[""] for pk, found in approvals.waiting_at(rows).items()} if rows else {}
    return [
        _("%(title)s：“%(step)s”应在%(day)s前办理，审批人%(who)s。")
        % {
            "title": row.membership.cohort.full_title,
            "step": row.step_title,
            "day": day_words(row.due_on),
            "who": "、".join(people[row.pk]) or _("尚未指定"),
        }
        for row in rows
    ]


def _returns(user: Any) -> list[dict[str, Any]]:
    """Members of one's classes who report that they are back."""
    mine = Cohort.objects.run_by(user).filter(staff__user=user).running()
    rows = LeaveRequest.objects.filter(
        membership__cohort__in=mine.values("pk"), state="approved", reported_at__isnull=False,
        back_confirmed_at__isnull=True,
    ).with_people()  # fmt: skip
    return [
        {
            **request_item(row, "", name=True, cohort=True),
            "state": "waiting",
            "state_word": _("报告返校"),
            "action_url": reverse("cohorts:leave-back", args=[row.public_id]),
            "action_label": _("确认销假"),
        }
        for row in rows.order_by("reported_at")
    ]


def _decisions(user: Any) -> Any:
    rows = LeaveStepDecision.objects.filter(decided_by=user).select_related(
        "request__membership__user", "request__membership__cohort"
    )
    return rows.order_by("-at", "-pk")[:RECENT]


def _decided(decision: LeaveStepDecision) -> dict[str, Any]:
    item = request_item(decision.request, _address(decision.request), name=True, cohort=True)
    return {**item, "sub": f"{decision.title}：{decision.get_outcome_display()} · {item['sub']}"}


def _seats(user: Any) -> list[dict[str, Any]]:
    rows = Approver.objects.filter(user=user).select_related("host", "delegate").order_by("step", "pk")
    return [
        {
            "title": f"{seat.title}（{seat.host.name}）",
            "sub": _delegate_words(seat),
            "action_url": reverse("cohorts:seat-delegate", args=[seat.pk]),
            "action_label": _("设置代办"),
        }
        for seat in rows
    ]


def _delegate_words(seat: Approver) -> str:
    first, last = seat.delegate_from, seat.delegate_to
    if seat.delegate is None or first is None or last is None:
        return _("没有代办人")
    days = f"{first.month}月{first.day}日—{last.month}月{last.day}日"
    return _("%(days)s由%(who)s代办") % {"days": days, "who": seat.delegate.name}


def seen_request(request: HttpRequest, request_id: UUID) -> LeaveRequest:
    """A request that has come to this person, that they decided on, or of a class that they run; else 404."""
    rows = LeaveRequest.objects.with_people().select_related("leave")
    row: LeaveRequest = get_object_or_404(rows, public_id=request_id)
    if not (approvals.takes_part(request.user, row) or _runs(request.user, row)):
        raise Http404
    return row


def _runs(user: Any, row: LeaveRequest) -> bool:
    return row.membership.user_id != user.pk and runs(user, row.membership.cohort)


@requires_sign_in
@require_http_methods(["GET", "POST"])
def approval(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The facts and the decision; whoever comes later reads what happened."""
    row = seen_request(request, request_id)
    form = StepDecisionForm(request.POST or None, initial={"step": row.step})
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_request(actor=request.user, request=row, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return _approval_page(request, row, form, status=403 if refusal.code == "forbidden" else 422)
        messages.success(request, _("意见已记录。"))
        return redirect("cohorts:leave-waiting")
    return _approval_page(request, row, form, status=422 if form.errors else 200)


def _approval_page(request: HttpRequest, row: LeaveRequest, form: StepDecisionForm, *, status: int) -> HttpResponse:
    row = LeaveRequest.objects.with_people().select_related("leave").get(pk=row.pk)
    one, may_decide = row.membership, approvals.may_decide(request.user, row)
    is_stale = form.is_bound and form.data.get("step") != str(row.step)
    errors = [words for found in form.errors.values() for words in found] if is_stale or not may_decide else []
    if is_stale:
        form = StepDecisionForm(initial={"step": row.step})
    context = {
        "row": row,
        "one": one,
        "cohort": one.cohort,
        "state": request_state(row),
        **_reckoned(row),
        "history": history(row),
        "form": form if may_decide else None,
        "errors": errors,
        "happened": "" if may_decide or row.state == "submitted" else what_happened(row.pk, row.step),
        "may_read_proof": approvals.may_read_proof(request.user, row),
        "proof_words": proof_words(row),
        "may_confirm_back": bool(row.reported_at and not row.back_confirmed_at) and _runs(request.user, row),
        "may_cancel": row.state == "submitted" and _runs(request.user, row),
    }
    return render(request, "cohorts/leave_approval.html", context, status=status)


def _reckoned(row: LeaveRequest) -> dict[str, Any]:
    """Hours, the sum with them, and what one seventh says; an approved leave is in the sum already."""
    one, total = row.membership, row.membership.cohort.total_hours
    hours = row.leave.hours if row.leave else hours_between(timetable_of(one.cohort).of(one.group_id), *span_of(row))
    after = one.leave_hours + (hours if row.state == "submitted" else 0)
    words = _("已请假 %(before)s 学时，本次 %(hours)s 学时。") % {
        "before": plain(one.leave_hours),
        "hours": plain(hours),
    }
    return {
        "facts": request_facts(row, hours),
        "sum_words": words if row.state == "submitted" else "",
        "arithmetic": leave.arithmetic(after, total),
        "is_over": leave.over_limit(after, total),
    }


@requires_sign_in
@require_safe
def proof(request: HttpRequest, request_id: UUID) -> FileResponse:
    """The proof, for the approvers of this request alone."""
    return proof_response(request, seen_request(request, request_id))


@requires_sign_in
@require_http_methods(["GET", "POST"])
def back(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """销假: the teacher confirms from which half day on the member is in class."""
    row = seen_request(request, request_id)
    if not _runs(request.user, row):
        raise PermissionDenied
    form = BackForm(request.POST or None, initial={"back_day": row.back_day, "back_half": row.back_half})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.confirm_return(actor=request.user, request=row, day=data["back_day"], half=data["back_half"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已销假，请假学时已重新计算。"))
            return redirect(_address(row))
    context = {"row": row, "form": form, "facts": _reckoned(row)["facts"], "back": _address(row)}
    return render(request, "cohorts/leave_back.html", context, status=422 if form.errors else 200)


@requires_sign_in
@require_http_methods(["GET", "POST"])
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Who stands in for a seat, set by its holder or by the office of its host."""
    seat = get_object_or_404(Approver.objects.select_related("host", "user", "delegate"), pk=pk)
    is_own = seat.user_id == request.user.pk
    if not is_own and not may_plan_for(request.user, seat.host):
        raise Http404
    back = reverse("cohorts:leave-waiting") if is_own else reverse("cohorts:leave-ladder", args=[seat.host.code])
    form = DelegateForm(request.POST or None, initial=_present_delegate(seat))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.delegate_seat(
                actor=request.user, seat=seat, delegate=data["work_number"],
                first=data["delegate_from"], last=data["delegate_to"],
            )  # fmt: skip
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("代办已保存。"))
            return redirect(back)
    context = {"seat": seat, "form": form, "back": back}
    return render(request, "cohorts/seat_delegate.html", context, status=422 if form.errors else 200)


def _present_delegate(seat: Approver) -> dict[str, Any]:
    number = seat.delegate.work_number if seat.delegate else ""
    return {"work_number": number, "delegate_from": seat.delegate_from, "delegate_to": seat.delegate_to}
