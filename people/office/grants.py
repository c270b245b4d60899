"""角色授权: who may do what where; given and taken by the security administrator, read by the audit administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView

from core import clock
from core.templatetags.linghang import day
from people import services
from people.models import Role, RoleGrant
from people.office.base import ActionView, OfficeIndex, OfficeViewSet, ServiceMixin
from people.office.filters import GrantFilterSet
from people.office.forms import GrantForm
from people.search import people_fields


def reach(grant: RoleGrant) -> str:
    return grant.unit.name if grant.unit else _t("不限单位")


def until(grant: RoleGrant) -> str:
    if grant.ends_on and grant.ends_on < clock.today():
        return _t("%(day)s止，已失效") % {"day": day(grant.ends_on)}
    return day(grant.ends_on) or _t("长期")


class GrantIndex(OfficeIndex):
    def get_base_queryset(self) -> Any:
        """Everybody is a trainee: those rows show only when they are asked for."""
        rows = super().get_base_queryset().select_related("user", "unit", "granted_by")
        wanted = self.request.GET.get("role") == Role.TRAINEE
        return rows if wanted else rows.exclude(role=Role.TRAINEE)

    @cached_property
    def columns(self) -> list[Any]:
        """Those who may take a role back get a column with the link."""
        may_end = self.user_has_permission("change")
        return [*self.list_display, END_COLUMN] if may_end else list(self.list_display)


def end_url(grant: RoleGrant) -> str | None:
    return None if grant.ends_on else reverse("office-grants:end", args=[grant.pk])


END_COLUMN = TitleColumn(
    "end", label=_("办理"), accessor=lambda grant: "" if grant.ends_on else _t("收回"), get_url=end_url
)


class GrantAdd(ServiceMixin, CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("instance", None)
        return kwargs

    def save_instance(self) -> RoleGrant:
        data = dict(self.form.cleaned_data)
        return services.grant_role(actor=self.request.user, user=data.pop("work_number"), **data)

    def get_success_message(self, instance: RoleGrant) -> str:
        return _t("已授予%(name)s“%(role)s”。") % {"name": instance.user.name, "role": instance.get_role_display()}

    def get_success_buttons(self) -> list[Any]:
        return []


class EndGrantView(ActionView):
    page_title = _("收回角色")
    header_icon = "lock"
    form_class = forms.Form
    submit_label = _("收回角色")
    intro = _("收回后立即失效，授权记录保留。")
    done = _("角色已收回。")

    def get_page_subtitle(self) -> str:
        return f"{self.object.user.name} · {self.object.get_role_display()} · {reach(self.object)}"

    def act(self, data: dict[str, Any]) -> None:
        services.end_grant(actor=self.request.user, grant=self.object)


class GrantViewSet(OfficeViewSet):
    """角色授权 in the office."""

    model = RoleGrant
    name = "office-grants"
    url_prefix = "role-grants"
    icon = "lock"
    menu_label = _("角色授权")
    menu_name = "role-grants"
    menu_order = 300
    without = frozenset({"edit", "history"})
    index_view_class = GrantIndex
    add_view_class = GrantAdd
    filterset_class = GrantFilterSet
    search_fields = people_fields()
    search_backend_name = None
    ordering = ["user__sort_key", "starts_on"]
    list_per_page = 50
    list_export = ["user", "user.work_number", "role", "unit", "starts_on", "ends_on", "granted_by"]
    export_headings = {"user": _("姓名"), "user.work_number": _("工号"), "granted_by": _("授权人")}
    export_codes = frozenset({"user.work_number"})

    list_display = [
        Column("user", label=_("姓名"), accessor="user.name"),
        Column("number", label=_("工号"), accessor="user.work_number"),
        Column("role", label=_("角色"), accessor="get_role_display"),
        Column("unit", label=_("单位范围"), accessor=reach),
        Column("from", label=_("生效日期"), accessor=lambda grant: day(grant.starts_on)),
        Column("to", label=_("失效日期"), accessor=until),
    ]

    def get_form_class(self, for_update: bool = False) -> type:
        return GrantForm

    def get_urlpatterns(self) -> list[Any]:
        end = path("end/<int:pk>/", self.construct_view(EndGrantView), name="end")
        return [*super().get_urlpatterns(), end]
