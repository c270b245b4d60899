"""What this app registers with the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people.scopes import has_role
from portal.dashboard.panel import OfficePanel

CSS = "portal/css/office.css"


class StatisticsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, "training_office")


@hooks.register("register_admin_menu_item")
def start_item() -> MenuItem:
    return MenuItem(_("工作台"), reverse("wagtailadmin_home"), name="start", icon_name="home", order=10)


@hooks.register("register_admin_menu_item")
def statistics_item() -> MenuItem:
    return StatisticsItem(_("统计"), reverse("portal:statistics"), name="statistics", icon_name="table", order=750)


@hooks.register("construct_homepage_panels")
def office_panel(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(OfficePanel())


@hooks.register("insert_global_admin_css")
def office_stylesheet() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static(CSS))


@hooks.register("register_log_actions")
def register_actions(actions: Any) -> None:
    words = {
        "portal.summary.read": _("查看汇总"),
        "portal.people.read": _("查看名单"),
        "portal.statistics.freeze": _("生成年度统计"),
        "portal.statistics.read": _("查看年度统计"),
    }
    for name, label in words.items():
        actions.register_action(name, label, label)
