"""How pages obtain a class or a member: outsiders get 404, insiders without the right 403."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from cohorts.board import head
from cohorts.models import Cohort, Membership
from cohorts.permissions import is_office_of, runs
from core.errors import DomainError
from people.permissions import requires

office = requires("training_office", "class_teacher")
training_office = requires("training_office")


def class_to_run(request: HttpRequest, public_id: UUID) -> Cohort:
    """A class that the person runs."""
    found = Cohort.objects.visible_to(request.user).select_related("host", "hour_rule")
    cohort: Cohort = get_object_or_404(found, public_id=public_id)
    if not runs(request.user, cohort):
        raise PermissionDenied
    return cohort


def class_of_office(request: HttpRequest, public_id: UUID) -> Cohort:
    """A class whose host's training office the person is."""
    cohort = class_to_run(request, public_id)
    if not is_office_of(request.user, cohort):
        raise PermissionDenied
    return cohort


def member_of(cohort: Cohort, public_id: UUID) -> Membership:
    rows = cohort.memberships.select_related("user", "unit", "group", "posting")
    member: Membership = get_object_or_404(rows, public_id=public_id)
    member.cohort = cohort
    return member


def picked_members(cohort: Cohort, request: HttpRequest) -> list[Membership]:
    """The members whose boxes are ticked; keys that cannot be read count for nothing."""
    keys = [int(k) for k in request.POST.getlist("members") if k.isdecimal() and len(k) < 18]
    return list(cohort.memberships.filter(pk__in=keys))


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is bound to: fields and files that were sent, be it nothing at all; else it is a blank one."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def page(request: HttpRequest, name: str, cohort: Cohort, active: str, **context: Any) -> HttpResponse:
    """An office page of the class under its head and tabs."""
    status = context.pop("status", 200)
    return render(request, f"cohorts/office/{name}.html", {**head(cohort, active), **context}, status=status)


def tell(request: HttpRequest, act: Callable[[], Any], done: str | Callable[[Any], str]) -> bool:
    """Do something and say so, or say why not."""
    try:
        result = act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, done(result) if callable(done) else done)
    return True


def form_page(
    request: HttpRequest,
    cohort: Cohort,
    active: str,
    *,
    form: Any,
    title: str,
    submit: str,
    act: Callable[[Any], Any],
    done: str,
    back: str,
    intro: str = "",
) -> HttpResponse:
    """A form in the office: shown, refused with sentences, or carried out and back to ``back``."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, done)
            return redirect(back)
    return page(
        request, "form", cohort, active,
        form=form, title=title, submit=submit, back=back, intro=intro, status=422 if form.errors else 200,
    )  # fmt: skip
