"""What this app registers with the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from core.policies import ScopedPolicy
from records.models import HourChange, HourClaim, HourEntry
from records.viewsets import HourChangeViewSet, HourClaimViewSet, HourEntryViewSet

for model in (HourEntry, HourClaim, HourChange):
    register_permission_policy(model, ScopedPolicy(model))


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [HourEntryViewSet(), HourClaimViewSet(), HourChangeViewSet()]


@hooks.register("register_admin_urls")
def office_pages() -> list[Any]:
    return [path("hours/", include("records.urls"))]


@hooks.register("register_log_actions")
def register_actions(actions: Any) -> None:
    words = {
        "records.hours.register": _("登记既往学时"),
        "records.policy.install": _("载入应训要求"),
        "records.hours.import": _("导入学时"),
        "records.rule.draft": _("起草学时规则"),
        "records.rule.in_force": _("施行学时规则"),
        "records.policy.draft": _("起草应训要求"),
        "records.policy.in_force": _("施行应训要求"),
        "records.draft.drop": _("放弃草稿"),
        "records.claim.hand_in": _("申报学时"),
        "records.claim.withdraw": _("撤回学时申报"),
        "records.claim.accept": _("同意学时申报"),
        "records.claim.refuse": _("不予认定学时"),
        "records.claim.reverse": _("冲销已认定的学时"),
        "records.change.approve": _("批准学时更改"),
        "records.change.refuse": _("维持原学时"),
    }
    for name, label in words.items():
        actions.register_action(name, label, label)
