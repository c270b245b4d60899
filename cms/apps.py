from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from core import navigation

LAW_RIGHTS = ("cms.add_lawrecord", "cms.change_lawrecord", "cms.view_lawrecord", "cms.delete_lawrecord")
FEEDBACK_RIGHTS = ("cms.view_feedbackmessage", "cms.change_feedbackmessage")


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "内容"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms import review
        from people.roles import permit

        permit("content_editor", "wagtailadmin.access_admin", *LAW_RIGHTS)
        permit("training_office", "wagtailadmin.access_admin", *FEEDBACK_RIGHTS)
        post_migrate.connect(review.install_after_migrate, dispatch_uid="cms-editor-permissions")
        _register_navigation()


def _register_navigation() -> None:
    """The public menu, the footer, the help behind 本页帮助, and what stands on the home page."""
    menu = (
        (_("首页"), "cms:home", 0, "home"),
        (_("专题"), "cms:tracks", 10, "books"),
        (_("案例库"), "cms:cases", 30, "notes"),
        (_("法规库"), "cms:laws", 40, "scale"),
        (_("搜索"), "cms:search", 90, "search"),
    )
    for label, url_name, order, icon in menu:
        navigation.register("public", label, url_name, order=order, icon=icon)
    navigation.register_footer(_("意见反馈"), "cms:feedback", order=10, from_page=True)
    navigation.register_footer(_("个人信息处理说明"), "cms:privacy", order=80)
    navigation.register_footer(_("关于"), "cms:about", order=90)
    navigation.register_help("cms:help")
    tiles = (
        (_("专题学习"), "cms:tracks", 10, "books", _("六个专题，对应六个能力维度")),
        (_("案例库"), "cms:cases", 30, "notes", _("真问题，有数字，留讨论")),
        (_("法规库"), "cms:laws", 40, "scale", _("常用法规的实务解读")),
    )
    for label, url_name, order, icon, text in tiles:
        navigation.register_home_tile(label, url_name, order=order, icon=icon, text=text)
