"""What this app registers with the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from core.models import Delivery
from core.policies import ScopedPolicy
from people import log_actions
from people.models import PersonalFileRead, Role, RoleGrant, Unit, User
from people.office.deliveries import DeliveryViewSet
from people.office.grants import GrantViewSet
from people.office.persons import PeopleViewSet
from people.office.reads import ReadViewSet
from people.office.units import UnitViewSet
from people.scopes import has_role

for model in (User, Unit, RoleGrant, PersonalFileRead, Delivery):
    register_permission_policy(model, ScopedPolicy(model))

# Wagtail's own menu entries, for those who edit pages; nobody gets its users, groups and settings.
EDITORS_MENU = frozenset({"explorer", "images", "documents", "snippets", "reports", "forms", "redirects"})
NOBODYS_MENU = frozenset({"settings", "help"})


class PeopleGroup(ViewSetGroup):
    """学员 in the trade's menu."""

    menu_label = _("学员")
    menu_icon = "group"
    menu_name = "people-group"
    menu_order = 300
    items = (PeopleViewSet, UnitViewSet, GrantViewSet, ReadViewSet)


@hooks.register("register_admin_viewset")
def register_viewsets() -> PeopleGroup:
    return PeopleGroup()


@hooks.register("register_admin_viewset")
def deliveries_viewset() -> DeliveryViewSet:
    return DeliveryViewSet()


@hooks.register("register_admin_urls")
def message_pages() -> list[Any]:
    return [path("deliveries/", include("people.office_urls"))]


@hooks.register("construct_main_menu")
def only_the_trades_menu(request: HttpRequest, items: list) -> None:
    """Pages, images and documents are for editors, reports for editors and auditors."""
    hidden = set(NOBODYS_MENU)
    if not has_role(request.user, Role.CONTENT_EDITOR):
        hidden |= EDITORS_MENU
    if has_role(request.user, Role.AUDIT_ADMIN):
        hidden.discard("reports")
    items[:] = [item for item in items if item.name not in hidden]


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    log_actions.register(actions)
