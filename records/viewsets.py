"""The office's list of credited lines: to read, to filter, to export; nobody changes a line."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets import HeaderButton

from core.templatetags.linghang import day, hours
from core.viewsets import ScopedModelViewSet
from people.scopes import has_role
from people.search import people_fields
from records.filters import HourEntryFilter
from records.models import HourEntry


def credited_by(entry: HourEntry) -> str:
    """The version of the rule that produced the line, or the proof it was registered on."""
    if entry.rule:
        return str(entry.rule)
    return str(_("凭证明材料登记：%(no)s") % {"no": entry.evidence_no}) if entry.evidence_no else "—"


def named(entry: HourEntry) -> str:
    return f"{entry.user.name}（{entry.user.work_number}）"


def kinds_of(entry: HourEntry) -> str:
    """集中培训 · 在职培训."""
    return f"{entry.get_bucket_display()} · {entry.get_category_display()}"


class HourEntryIndexView(IndexView):
    any_permission_required = ("view",)
    page_title = _("学时记录")

    def get_base_queryset(self) -> QuerySet[HourEntry]:
        return super().get_base_queryset().select_related("user", "unit", "rule")

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = [HeaderButton(_("达标情况"), url=reverse("records:compliance"), icon_name="tasks")]
        if has_role(self.request.user, "training_office"):
            buttons.append(HeaderButton(_("登记既往学时"), url=reverse("records:register"), icon_name="plus"))
        return [*buttons, HeaderButton(_("学时规则"), url=reverse("records:rules"), icon_name="info-circle")]


class HourEntryViewSet(ScopedModelViewSet):
    model = HourEntry
    name = "records_hours"
    url_prefix = "hours"
    icon = "history"
    menu_label = _("学时")
    menu_order = 600
    add_to_admin_menu = True
    form_fields = ["label"]
    index_view_class = HourEntryIndexView
    filterset_class = HourEntryFilter
    search_fields = [*people_fields(), "label"]
    search_backend_name = None
    list_per_page = 50
    list_display = [
        Column("user", label=_("姓名（工号）"), accessor=named),
        Column("unit.name", label=_("取得时单位"), accessor="unit.name"),
        Column("bucket", label=_("类别"), accessor=kinds_of, sort_key="bucket"),
        Column("days", label=_("天数"), accessor=lambda entry: hours(entry.days)),
        Column("hours", label=_("学时"), accessor=lambda entry: hours(entry.hours), sort_key="hours"),
        Column("earned_on", label=_("取得日期"), accessor=lambda entry: day(entry.earned_on), sort_key="earned_on"),
        Column("label", label=_("来源"), accessor="label"),
        Column("rule", label=_("依据"), accessor=credited_by),
    ]
    list_export = [
        "user.work_number", "user.name", "unit.name", "bucket", "category", "mode", "days", "hours", "earned_on",
        "label", "evidence_no",
    ]  # fmt: skip
    export_headings = {"user.work_number": _("工号"), "user.name": _("姓名"), "unit.name": _("取得时单位")}
    export_codes = frozenset({"user.work_number", "evidence_no"})

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        doors = dict.fromkeys(("add_url_name", "edit_url_name", "delete_url_name", "copy_url_name", "inspect_url_name"))
        return super().get_index_view_kwargs(**{**doors, **kwargs})

    def register_admin_url_finder(self) -> None:
        """There is no page to edit a line."""

    def get_urlpatterns(self) -> list[Any]:
        """The list alone; lines are credited and reversed by services, never by a form of their own."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in ("index", "index_results")]
