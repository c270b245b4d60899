"""What the office's pages of hours share: tabs, finding people within reach, telling a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from people.models import User
from people.permissions import requires
from people.scopes import has_role

office = requires("training_office")
readers = requires("training_office", "unit_admin")
PAGES = (
    ("records_hours:index", _("学时记录"), False),
    ("records:compliance", _("达标情况"), False),
    ("records:forecast", _("达标预测"), False),
    ("records_claims:index", _("学时申报"), False),
    ("records:register", _("登记既往学时"), True),
    ("records:imports", _("导入"), True),
    ("records_changes:index", _("更改审批"), True),
    ("records:rules", _("学时规则"), False),
)


def tabs(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """The pages of 学时 that the person may open."""
    is_office = has_role(request.user, "training_office")
    pages = [(name, label) for name, label, office_only in PAGES if is_office or not office_only]
    return [{"label": label, "url": reverse(name), "active": name == here} for name, label in pages]


def page(request: HttpRequest, template: str, here: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the office under its tab."""
    return render(request, f"records/office/{template}.html", {**context, "tabs": tabs(request, here)}, status=status)


def person_or_404(request: HttpRequest, public_id: Any) -> User:
    """Somebody of the reader's grants as office or unit administrator; others are not there."""
    within = User.objects.managed_by_grants(request.user, ("training_office", "unit_admin"))
    found: User = get_object_or_404(within.select_related("unit", "managed_by"), public_id=public_id)
    return found


def tell(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Do it and say so, or show the refusal; whether it was done."""
    try:
        act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, done)
    return True
