"""The office's lists of hours: credited lines, claims, values of other systems; what is decided has its own page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets import Button, HeaderButton

from core.templatetags.linghang import day, hours, moment
from core.viewsets import ScopedModelViewSet
from people.scopes import has_role
from people.search import people_fields
from records.filters import HourChangeFilter, HourClaimFilter, HourEntryFilter
from records.models import HourChange, HourClaim, HourEntry
from records.presenters.claims import amount_words


def credited_by(entry: HourEntry) -> str:
    """The version of the rule that produced the line, or the proof it was registered on."""
    if entry.rule:
        return str(entry.rule)
    return str(_("凭证明材料登记：%(no)s") % {"no": entry.evidence_no}) if entry.evidence_no else "—"


def row_url(name: str, row: Any) -> str:
    return reverse(name, args=[row.public_id])


def named(entry: Any) -> str:
    return f"{entry.user.name}（{entry.user.work_number}）"


def submitted(claim: HourClaim) -> str:
    return moment(claim.submitted_at)


def kinds_of(entry: Any) -> str:
    """集中培训 · 在职培训."""
    return f"{entry.get_bucket_display()} · {entry.get_category_display()}"


class HourEntryIndexView(IndexView):
    any_permission_required = ("view",)
    page_title = _("学时记录")

    def get_base_queryset(self) -> QuerySet[HourEntry]:
        return super().get_base_queryset().select_related("user", "unit", "rule")

    @cached_property
    def header_buttons(self) -> list[Any]:
        return [HeaderButton(_("达标情况"), url=reverse("records:compliance"), icon_name="tasks")]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """The other pages of hours, folded away: a phone has no room for them in a row."""
        doors = [
            (_("达标预测"), "records:forecast", "calendar-check"),
            (_("学时申报"), "records_claims:index", "form"),
            (_("学时规则"), "records:rules", "info-circle"),
        ]
        if has_role(self.request.user, "training_office"):
            doors += [
                (_("登记既往学时"), "records:register", "plus"),
                (_("导入"), "records:imports", "upload"),
                (_("更改审批"), "records_changes:index", "resubmit"),
            ]
        buttons = [
            Button(words, url=reverse(name), icon_name=icon, priority=place)
            for place, (words, name, icon) in enumerate(doors)
        ]
        return [*super().header_more_buttons, *buttons]


class ListOnly(ScopedModelViewSet):
    """The list alone; what happens to a row is a service with a page of its own."""

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        doors = dict.fromkeys(("add_url_name", "edit_url_name", "delete_url_name", "copy_url_name", "inspect_url_name"))
        return super().get_index_view_kwargs(**{**doors, **kwargs})

    def register_admin_url_finder(self) -> None:
        """There is no page to edit a row."""

    def get_urlpatterns(self) -> list[Any]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in ("index", "index_results")]


class HourEntryViewSet(ListOnly):
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


class HourClaimIndexView(IndexView):
    any_permission_required = ("view",)
    page_title = _("学时申报")

    def get_base_queryset(self) -> QuerySet[HourClaim]:
        return super().get_base_queryset().select_related("user", "unit")


class HourClaimViewSet(ListOnly):
    """Claims of the people of one's grants; those that wait come first."""

    model = HourClaim
    name = "records_claims"
    url_prefix = "hours/claims"
    icon = "form"
    form_fields = ["title"]
    index_view_class = HourClaimIndexView
    filterset_class = HourClaimFilter
    search_fields = [*people_fields(), "title", "certificate_no"]
    search_backend_name = None
    list_per_page = 50
    list_display = [
        TitleColumn("user", label=_("姓名（工号）"), accessor=named, get_url=lambda row: row_url("records:claim", row)),
        Column("unit.name", label=_("单位"), accessor="unit.name"),
        Column("title", label=_("培训名称"), accessor="title"),
        Column("bucket", label=_("类别"), accessor=kinds_of, sort_key="bucket"),
        Column("amount", label=_("申报"), accessor=lambda row: amount_words(row.days, row.hours)),
        Column("ends_on", label=_("结束日期"), accessor=lambda row: day(row.ends_on), sort_key="ends_on"),
        Column(
            "submitted_at", label=_("提交时间"), accessor=lambda row: moment(row.submitted_at), sort_key="submitted_at"
        ),
        Column("state", label=_("状态"), accessor="get_state_display", sort_key="state"),
    ]
    list_export = [
        "user.work_number", "user.name", "unit.name", "title", "organiser", "bucket", "category", "mode", "days",
        "hours", "starts_on", "ends_on", "certificate_no", "submitted_at", "state",
    ]  # fmt: skip
    export_headings = {"user.work_number": _("工号"), "user.name": _("姓名"), "unit.name": _("单位")}
    export_codes = frozenset({"user.work_number", "certificate_no"})


class HourChangeIndexView(IndexView):
    any_permission_required = ("view",)
    page_title = _("更改审批")

    def get_base_queryset(self) -> QuerySet[HourChange]:
        return super().get_base_queryset().select_related("imported__entry__user", "before")


class HourChangeViewSet(ListOnly):
    """Values that another system changed, of people of one's grants."""

    model = HourChange
    name = "records_changes"
    url_prefix = "hours/changes"
    icon = "resubmit"
    form_fields = ["reason"]
    index_view_class = HourChangeIndexView
    filterset_class = HourChangeFilter
    search_fields = [*people_fields("imported__entry__user__"), "imported__external_id", "label"]
    search_backend_name = None
    list_per_page = 50
    list_display = [
        TitleColumn(
            "imported.entry.user", label=_("姓名（工号）"), accessor=lambda row: named(row.imported.entry),
            get_url=lambda row: row_url("records:change", row),
        ),
        Column("source", label=_("来源系统"), accessor="imported.source"),
        Column("external_id", label=_("外部编号"), accessor="imported.external_id"),
        Column("before", label=_("原值"), accessor=lambda row: amount_words(row.before.days, row.before.hours)),
        Column("after", label=_("新值"), accessor=lambda row: amount_words(row.days, row.hours)),
        Column("brought_at", label=_("导入时间"), accessor=lambda row: moment(row.brought_at), sort_key="brought_at"),
        Column("state", label=_("状态"), accessor="get_state_display", sort_key="state"),
    ]  # fmt: skip
    list_export = [
        "imported.entry.user.work_number", "imported.entry.user.name", "imported.source", "imported.external_id",
        "before.days", "before.hours", "days", "hours", "earned_on", "label", "evidence_no", "brought_at", "state",
        "reason",
    ]  # fmt: skip
    export_headings = {
        "imported.entry.user.work_number": _("工号"), "imported.entry.user.name": _("姓名"),
        "imported.source": _("来源系统"), "imported.external_id": _("外部编号"), "before.days": _("原天数"),
        "before.hours": _("原学时"),
    }  # fmt: skip
    export_codes = frozenset({"imported.entry.user.work_number", "imported.external_id", "evidence_no"})
