"""The cadre asks for leave: what it would cost first, then the request and its way up the ladder."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.leave import AskForm, BackForm, ConfirmAskForm, ProofForm
from cohorts.models import LeaveRequest, Membership
from cohorts.presenters.leave import (
    cost_words,
    history,
    plan_words,
    planned_end_words,
    proof_words,
    request_facts,
    request_item,
    request_state,
    request_url,
)
from cohorts.reading.asking import Cost
from cohorts.reading.classes import this_half_day, timetable_of
from cohorts.rules import leave
from cohorts.rules.halfdays import HalfDay, hours_between
from cohorts.services.leave import LEAVE_STATES, MAY_TAKE
from cohorts.services.requests import span_of
from cohorts.views.loading import tell
from cohorts.views.proof import proof_response
from core.errors import DomainError
from core.uploads import checked_upload
from people.permissions import requires_sign_in

MOST_BYTES = 10 * 1024 * 1024
STATE = LeaveRequest.State


def own_membership(request: HttpRequest, public_id: UUID) -> Membership:
    """One's own class; others' classes are not there."""
    found = Membership.objects.filter(user=request.user).exclude(cohort__state="cancelled")
    one: Membership = get_object_or_404(found.select_related("cohort__host", "user"), cohort__public_id=public_id)
    return one


def own_request(request: HttpRequest, public_id: UUID, request_id: UUID) -> LeaveRequest:
    found = LeaveRequest.objects.of(request.user).with_people().select_related("leave")
    row: LeaveRequest = get_object_or_404(found, public_id=request_id, membership__cohort__public_id=public_id)
    return row


@requires_sign_in
@require_http_methods(["GET", "POST"])
def my_leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was asked for so far, and the form; sent, it shows the cost before anything is handed in."""
    one = own_membership(request, public_id)
    form = AskForm(request.POST or None, cohort=one.cohort, initial=_first_guess(one))
    if request.method == "POST" and form.is_valid():
        try:
            return _confirm(request, one, form, _cost(one, form))
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    return _ask(request, one, form)


def _first_guess(one: Membership) -> dict[str, Any]:
    """The next half day of the timetable."""
    now = this_half_day()
    ahead = [place for place in timetable_of(one.cohort).of(one.group_id) if place > now]
    place = ahead[0] if ahead else HalfDay(one.cohort.ends_on, "pm")
    return {"from_day": place.day, "from_half": place.half, "to_day": place.day, "to_half": place.half}


def _cost(one: Membership, form: AskForm) -> Cost:
    data = form.cleaned_data
    first, last = HalfDay(data["from_day"], data["from_half"]), HalfDay(data["to_day"], data["to_half"])
    return services.preview(membership=one, first=first, last=last)


def _ask(request: HttpRequest, one: Membership, form: AskForm) -> HttpResponse:
    cohort = one.cohort
    rows = LeaveRequest.objects.filter(membership=one).with_people()
    context = {
        "one": one,
        "cohort": cohort,
        "form": form if cohort.state in LEAVE_STATES and one.state in MAY_TAKE else None,
        "arithmetic": leave.arithmetic(one.leave_hours, cohort.total_hours),
        "left": leave.left(one.leave_hours, cohort.total_hours),
        "items": [request_item(row, request_url(row), name=False) for row in rows],
        "crumbs": _crumbs(one),
    }
    return render(request, "cohorts/leave.html", context, status=422 if form.errors else 200)


def _crumbs(one: Membership) -> list[tuple[str, str]]:
    return [(one.cohort.full_title, reverse("cohorts:class", args=[one.cohort.public_id]))]


def _confirm(
    request: HttpRequest, one: Membership, form: AskForm, cost: Cost, confirm: ConfirmAskForm | None = None
) -> HttpResponse:
    context = {
        "one": one,
        "cohort": one.cohort,
        "form": confirm or ConfirmAskForm(is_over=cost.is_over),
        "hidden": [(field.html_name, _as_sent(field.value())) for field in form],
        "sentences": cost_words(cost),
        "cost": cost,
        "plan": plan_words(cost.plan, cost.people),
        "back": reverse("cohorts:my-leave", args=[one.cohort.public_id]),
    }
    return render(request, "cohorts/leave_confirm.html", context, status=422 if confirm else 200)


def _as_sent(value: Any) -> str:
    return str(value if value is not None else "")


@requires_sign_in
@require_POST
def submit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand the request in; whatever is wrong stands on the page that it belongs to."""
    one = own_membership(request, public_id)
    form = AskForm(request.POST, cohort=one.cohort)
    if not form.is_valid():
        return _ask(request, one, form)
    try:
        cost = _cost(one, form)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return _ask(request, one, form)
    confirm = ConfirmAskForm(request.POST, request.FILES, is_over=cost.is_over)
    if confirm.is_valid():
        try:
            made = _hand_in(request, one, form, confirm)
        except DomainError as refusal:
            confirm.add_error(None, refusal.message)
        else:
            messages.success(request, _("请假申请已提交。"))
            return redirect(request_url(made))
    return _confirm(request, one, form, cost, confirm)


def _hand_in(request: HttpRequest, one: Membership, form: AskForm, confirm: ConfirmAskForm) -> LeaveRequest:
    file = confirm.cleaned_data["proof"]
    proof = checked_upload(file, kinds={"image", "pdf"}, max_bytes=MOST_BYTES) if file else None
    knows = confirm.cleaned_data.get("knows_limit", False)
    return services.submit_request(
        actor=request.user, membership=one, proof=proof, knows_limit=knows, **form.cleaned_data
    )


@requires_sign_in
@require_safe
def leave_request(request: HttpRequest, public_id: UUID, request_id: UUID) -> HttpResponse:
    """One's own request: where it stands, what was said, what one may do now."""
    return _request_page(request, own_request(request, public_id, request_id))


def _request_page(request: HttpRequest, row: LeaveRequest, **forms: Any) -> HttpResponse:
    one = row.membership
    is_on = row.state == STATE.APPROVED and row.leave is not None and row.leave.cancelled_at is None
    may_act = one.cohort.state in LEAVE_STATES
    may_report = may_act and is_on and row.reported_at is None and span_of(row)[0] <= this_half_day()
    may_attach = may_act and row.state in (STATE.SUBMITTED, STATE.APPROVED)
    context = {
        "row": row,
        "cohort": one.cohort,
        "state": request_state(row),
        "facts": request_facts(row, _hours(row)),
        "history": history(row),
        "planned_end": planned_end_words(row) if is_on and not row.reported_at else "",
        "proof_words": proof_words(row),
        "may_withdraw": row.state == STATE.SUBMITTED,
        "back_form": forms.get("back_form") or (_back_form() if may_report else None),
        "proof_form": forms.get("proof_form") or (_proof_form(row) if may_attach else None),
        "crumbs": [*_crumbs(one), (_("请假"), reverse("cohorts:my-leave", args=[one.cohort.public_id]))],
    }
    return render(request, "cohorts/leave_request.html", context, status=422 if forms else 200)


def _hours(row: LeaveRequest) -> Any:
    """As recorded, else what the timetable holds now."""
    if row.leave is not None:
        return row.leave.hours
    first, last = span_of(row)
    one = row.membership
    return hours_between(timetable_of(one.cohort).of(one.group_id), first, last)


def _back_form() -> BackForm:
    now = this_half_day()
    return BackForm(initial={"back_day": now.day, "back_half": now.half})


def _proof_form(row: LeaveRequest) -> ProofForm | None:
    return None if row.proof or row.proof_deleted_at else ProofForm()


@requires_sign_in
@require_POST
def withdraw(request: HttpRequest, public_id: UUID, request_id: UUID) -> HttpResponse:
    row = own_request(request, public_id, request_id)
    tell(request, lambda: services.withdraw_request(actor=request.user, request=row), _("申请已撤回。"))
    return redirect(request_url(row))


@requires_sign_in
@require_POST
def attach(request: HttpRequest, public_id: UUID, request_id: UUID) -> HttpResponse:
    """Add the proof later."""
    row, form = own_request(request, public_id, request_id), ProofForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            proof = checked_upload(form.cleaned_data["proof"], kinds={"image", "pdf"}, max_bytes=MOST_BYTES)
            services.attach_proof(actor=request.user, request=row, proof=proof)
        except DomainError as refusal:
            form.add_error("proof", refusal.message)
        else:
            messages.success(request, _("证明材料已上传。"))
            return redirect(request_url(row))
    return _request_page(request, row, proof_form=form)


@requires_sign_in
@require_POST
def back(request: HttpRequest, public_id: UUID, request_id: UUID) -> HttpResponse:
    """我已返校."""
    row, form = own_request(request, public_id, request_id), BackForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.report_back(actor=request.user, request=row, day=data["back_day"], half=data["back_half"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已报告返校，等待班主任确认。"))
            return redirect(request_url(row))
    return _request_page(request, row, back_form=form)


@requires_sign_in
@require_safe
def proof(request: HttpRequest, public_id: UUID, request_id: UUID) -> FileResponse:
    return proof_response(request, own_request(request, public_id, request_id))
