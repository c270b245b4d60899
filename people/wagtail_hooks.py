"""What this app registers with the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.search import SearchArea
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from core.models import Delivery
from core.office_frame import HIDDEN_ENTRIES
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

# Wagtail's own entries and search areas, for those who edit pages; nobody gets its users, groups and settings.
EDITORS_MENU = frozenset({"explorer", "pages", "images", "documents", "snippets", "reports", "forms", "redirects"})
NOBODYS_MENU = frozenset({"settings", "help", "users"})


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


@hooks.register(HIDDEN_ENTRIES)
def only_the_trades_menu(user: Any) -> frozenset[str]:
    """Pages, images, documents and reports are for editors; so are the fields that search them."""
    return NOBODYS_MENU if has_role(user, Role.CONTENT_EDITOR) else NOBODYS_MENU | EDITORS_MENU


class PeopleSearch(SearchArea):
    """What the field above the menu searches for those who work with people: name, initials or work number."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("people.view_user"))


@hooks.register("register_admin_search_area")
def search_people() -> PeopleSearch:
    return PeopleSearch(_("学员"), reverse("office-people:index"), name="people", icon_name="group", order=50)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    log_actions.register(actions)
