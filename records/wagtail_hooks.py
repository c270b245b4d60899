"""What this app registers with the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from core.policies import ScopedPolicy
from records.models import HourEntry
from records.viewsets import HourEntryViewSet

register_permission_policy(HourEntry, ScopedPolicy(HourEntry))


@hooks.register("register_admin_viewset")
def hours_viewset() -> HourEntryViewSet:
    return HourEntryViewSet()


@hooks.register("register_admin_urls")
def office_pages() -> list[Any]:
    return [path("hours/", include("records.urls"))]


@hooks.register("register_log_actions")
def register_actions(actions: Any) -> None:
    words = {
        "records.hours.register": _("登记既往学时"),
        "records.policy.install": _("载入应训要求"),
    }
    for name, label in words.items():
        actions.register_action(name, label, label)
