"""What the content area registers with the parts it stands on, when the applications are ready."""

from __future__ import annotations

from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from cms import review
from core import navigation
from people.roles import permit

LAW_RIGHTS = ("cms.add_lawrecord", "cms.change_lawrecord", "cms.view_lawrecord", "cms.delete_lawrecord")
FEEDBACK_RIGHTS = ("cms.view_feedbackmessage", "cms.change_feedbackmessage")

PUBLIC_MENU = (
    (_("首页"), "cms:home", 0, "home"),
    (_("专题"), "cms:tracks", 10, "books"),
    (_("案例库"), "cms:cases", 40, "notes"),
    (_("法规库"), "cms:laws", 50, "scale"),
    (_("搜索"), "cms:search", 90, "search"),
)
HOME_TILES = (
    (_("专题学习"), "cms:tracks", 10, "books", _("六个专题对应六个能力维度，从要解决的问题进入。")),
    (_("案例库"), "cms:cases", 40, "notes", _("真实会遇到的难处，写清做法、数字和没有解决的问题。")),
    (_("法规库"), "cms:laws", 50, "scale", _("常用法律法规的实务解读，逐条写明核对情况。")),
)


def register_all() -> None:
    permit("content_editor", "wagtailadmin.access_admin", *LAW_RIGHTS)
    permit("training_office", "wagtailadmin.access_admin", *FEEDBACK_RIGHTS)
    post_migrate.connect(review.install_after_migrate, dispatch_uid="cms-page-permissions")
    _menus()


def _menus() -> None:
    """The public menu, the home page's tiles, the footer, and the help behind 本页帮助."""
    for label, url_name, order, icon in PUBLIC_MENU:
        navigation.register("public", label, url_name, order=order, icon=icon)
    for label, url_name, order, icon, text in HOME_TILES:
        navigation.register_home_tile(label, url_name, order=order, icon=icon, text=text)
    navigation.register_footer(_("意见反馈"), "cms:feedback", order=10, from_page=True)
    navigation.register_footer(_("个人信息处理说明"), "cms:privacy", order=80)
    navigation.register_footer(_("关于"), "cms:about", order=90)
    navigation.register_help("cms:help")
