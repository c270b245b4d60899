"""How pages obtain a plan, a class or a change: outsiders get 404, insiders without the right 403."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.errors import DomainError
from people.permissions import requires
from planning.models import PlanChange, PlannedClass, TrainingPlan
from planning.permissions.plans import may_plan_for
from planning.presenters.plans import STATE_KINDS

office = requires("training_office")
leader = requires("leader")


def plan_of_office(request: HttpRequest, public_id: UUID) -> TrainingPlan:
    """A plan that the office draws up."""
    found = TrainingPlan.objects.visible_to(request.user).select_related("unit", "submitted_by", "approved_by")
    plan: TrainingPlan = get_object_or_404(found, public_id=public_id)
    if not may_plan_for(request.user, plan.unit):
        raise PermissionDenied
    return plan


def class_of_office(request: HttpRequest, public_id: UUID) -> PlannedClass:
    rows = PlannedClass.objects.visible_to(request.user).select_related("plan__unit", "cohort")
    planned: PlannedClass = get_object_or_404(rows.prefetch_related("changes"), public_id=public_id)
    if not may_plan_for(request.user, planned.plan.unit):
        raise PermissionDenied
    return planned


def changes_seen(request: HttpRequest) -> Any:
    found = PlanChange.objects.visible_to(request.user)
    return found.select_related("plan__unit", "target__cohort", "asked_by", "decided_by")


def page(request: HttpRequest, name: str, plan: TrainingPlan, **context: Any) -> HttpResponse:
    """An office page of a plan under its head."""
    status = context.pop("status", 200)
    head = {"plan": plan, "state_kind": STATE_KINDS[plan.state]}
    return render(request, f"planning/plans/{name}.html", {**head, **context}, status=status)


def sent(request: HttpRequest) -> Any:
    """What a form is bound to: the fields that were sent, be it nothing at all; else it is a blank one."""
    return request.POST if request.method == "POST" else None


def tell(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Do something and say so, or say why not."""
    try:
        act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, done)
    return True


def form_page(
    request: HttpRequest,
    plan: TrainingPlan,
    *,
    form: Any,
    title: str,
    submit: str,
    act: Callable[[Any], str | None],
    done: str,
    back: str,
    intro: str = "",
    **more: Any,
) -> HttpResponse:
    """A form in the office: shown, refused with sentences, or carried out and on to what ``act`` names, else back."""
    if request.method == "POST" and form.is_valid():
        try:
            onwards = act(form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, done)
            return redirect(onwards or back)
    return page(
        request, more.pop("template", "form"), plan,
        form=form, title=title, submit=submit, back=back, intro=intro, status=422 if form.errors else 200, **more,
    )  # fmt: skip
