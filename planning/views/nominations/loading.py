"""How pages obtain a call-up or a nomination: outsiders get 404, insiders without the right 403."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from cohorts.models import Cohort
from cohorts.permissions import is_office_of
from core.errors import DomainError
from people.permissions import requires
from planning.models import CallUp, Nomination

units = requires("unit_admin")
office = requires("training_office")


def seen_call(request: HttpRequest, public_id: UUID) -> CallUp:
    """An opened call-up in which units of the person have places."""
    rows = CallUp.objects.opened().visible_to(request.user).select_related("cohort__host")
    found: CallUp = get_object_or_404(rows, cohort__public_id=public_id)
    return found


def seen_nomination(request: HttpRequest, public_id: UUID) -> Nomination:
    rows = Nomination.objects.visible_to(request.user).with_people().select_related("replaces__user")
    found: Nomination = get_object_or_404(rows, public_id=public_id)
    return found


def class_of_office(request: HttpRequest, public_id: UUID) -> Cohort:
    """A class whose host's training office the person is; 403 for those who only work in it."""
    rows = Cohort.objects.visible_to(request.user).select_related("host")
    cohort: Cohort = get_object_or_404(rows, public_id=public_id)
    if not is_office_of(request.user, cohort):
        raise PermissionDenied
    return cohort


def nomination_of_office(request: HttpRequest, public_id: UUID) -> Nomination:
    row = seen_nomination(request, public_id)
    if not is_office_of(request.user, row.call_up.cohort):
        raise PermissionDenied
    return row


def tell(request: HttpRequest, act: Callable[[], Any], done: Any) -> bool:
    """Do something and say so, or say why not."""
    try:
        result = act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, done(result) if callable(done) else done)
    return True
