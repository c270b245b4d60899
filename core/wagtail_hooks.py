"""What the core registers with the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from core.assets import OFFICE_STYLESHEETS
from core.views.office import SITE_HISTORY


@hooks.register("insert_global_admin_css")
def office_look() -> str:
    """Our tokens over Wagtail's own look."""
    return format_html_join("", '<link rel="stylesheet" href="{}">', [(static(path),) for path in OFFICE_STYLESHEETS])


class SiteHistoryItem(MenuItem):
    """The site history, for those whose office it is; Wagtail's own entry asks who may see pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(SITE_HISTORY))


@hooks.register("register_admin_menu_item")
def site_history_item() -> MenuItem:
    url = reverse("wagtailadmin_reports:site_history")
    return SiteHistoryItem(_("全站操作记录"), url, name="whole-history", icon_name="history", order=800)


@hooks.register("construct_reports_menu")
def site_history_stands_once(request: HttpRequest, items: list) -> None:
    items[:] = [item for item in items if item.name != "site-history"]


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        "core.messages.again_all", _("再发已放弃的外发消息"), _("把近 7 天已放弃的外发消息放回发件箱")
    )
    actions.register_action("core.calendar.put", _("登记节假日或调休"), _("登记了节假日或调休"))
    actions.register_action("core.messages.template", _("修改消息模板"), _("修改了消息模板"))
    actions.register_action("core.messages.template_reset", _("恢复内置的消息文字"), _("恢复了内置的消息文字"))
    actions.register_action("core.messages.rules", _("修改外发消息规则"), _("修改了外发消息规则"))
    actions.register_action("core.messages.again", _("再发一条外发消息"), _("把一条外发消息放回发件箱"))
    actions.register_action("core.calendar.drop", _("删除节假日或调休"), _("删除了节假日或调休"))
