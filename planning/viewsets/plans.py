"""The office's lists of plans, planned classes and standards of cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.widgets import HeaderButton

from core.templatetags.linghang import day
from people.models import Role
from people.office.base import OfficeIndex, OfficeViewSet, ServiceMixin
from people.scopes import has_role
from planning.filters.plans import PlanFilter, PlannedClassFilter, StandardFilter
from planning.forms.plans import PlanForm, StandardForm, units_of
from planning.models import CostStandard, FeeClass, PlannedClass, TrainingPlan
from planning.presenters.plan_lines import money
from planning.rules.overlaps import days_words
from planning.services.costs import put_standard
from planning.services.plans import create_plan

STANDING = Q(classes__cancelled_at__isnull=True)


class PlanIndex(OfficeIndex):
    """Plans with their classes, people and money counted in the same query; a title opens the plan's page."""

    def get_base_queryset(self) -> QuerySet[TrainingPlan]:
        rows = super().get_base_queryset().select_related("unit")
        return rows.annotate(
            classes_count=Count("classes", filter=STANDING),
            places_sum=Sum("classes__places", filter=STANDING),
            budget_sum=Sum("classes__budget", filter=STANDING),
        )

    def get_edit_url(self, instance: TrainingPlan) -> str:
        return reverse("planning:plan", args=[instance.public_id])

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        year = HeaderButton(_("年度总览"), url=reverse("planning:year"), icon_name="date")
        return [*super().header_more_buttons, year]


class PlanAdd(ServiceMixin, CreateView):
    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        form.fields["unit"].queryset = units_of(self.request.user)
        return form

    def save_instance(self) -> TrainingPlan:
        return create_plan(actor=self.request.user, **self.form.cleaned_data)

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_success_url(self) -> str:
        return reverse("planning:plan", args=[self.object.public_id])


class PlanViewSet(OfficeViewSet):
    model = TrainingPlan
    name = "office_plans"
    url_prefix = "planning/plans"
    icon = "doc-full"
    menu_label = _("培训计划")
    menu_name = "plans"
    menu_order = 100
    without = frozenset({"edit"})
    index_view_class = PlanIndex
    add_view_class = PlanAdd
    filterset_class = PlanFilter
    search_fields = ["title", "unit__name", "document_no"]
    search_backend_name = None
    list_per_page = 50
    ordering = ["-year", "kind", "pk"]
    list_display = [
        TitleColumn(
            "title", label=_("名称"), accessor="title", sort_key="title",
            get_url=lambda plan: reverse("planning:plan", args=[plan.public_id]),
        ),
        Column("year", label=_("年度"), accessor="year", sort_key="year"),
        Column("kind", label=_("种类"), accessor="get_kind_display", sort_key="kind"),
        Column("state", label=_("状态"), accessor="get_state_display", sort_key="state"),
        Column("unit", label=_("编制单位"), accessor="unit"),
        Column("classes_count", label=_("班次"), accessor=lambda plan: plan.classes_count),
        Column("places_sum", label=_("人数"), accessor=lambda plan: plan.places_sum or 0),
        Column("budget_sum", label=_("预算"), accessor=lambda plan: money(plan.budget_sum or Decimal(0))),
    ]  # fmt: skip
    list_export = ["title", "year", "kind", "state", "unit", "classes_count", "places_sum", "budget_sum", "document_no"]
    export_headings = {"classes_count": _("班次"), "places_sum": _("人数"), "budget_sum": _("预算（元）")}
    export_codes = frozenset({"document_no"})

    def get_form_class(self, for_update: bool = False) -> type[PlanForm]:
        return PlanForm


class PlannedClassIndex(OfficeIndex):
    any_permission_required = ("view",)

    def get_base_queryset(self) -> QuerySet[PlannedClass]:
        return super().get_base_queryset().select_related("plan__unit", "cohort")


def dates_of(one: PlannedClass) -> str:
    return days_words(one.starts_on, one.ends_on)


def standing_of(one: PlannedClass) -> str:
    """Whether the class is still a plan, was set up, or was cancelled."""
    if one.cancelled_at:
        return _t("已取消")
    return _t("已设立班次") if one.cohort_id else one.plan.get_state_display()


class PlannedClassViewSet(OfficeViewSet):
    model = PlannedClass
    name = "office_planned_classes"
    url_prefix = "planning/class-list"
    icon = "list-ul"
    menu_label = _("计划班次")
    menu_name = "planned-classes"
    menu_order = 200
    form_fields = ["title"]
    without = frozenset({"add", "edit", "history"})
    index_view_class = PlannedClassIndex
    filterset_class = PlannedClassFilter
    search_fields = ["title", "audience", "venue", "plan__title"]
    search_backend_name = None
    list_per_page = 50
    ordering = ["-starts_on", "pk"]
    list_display = [
        TitleColumn(
            "title", label=_("班次名称"), accessor="full_title", sort_key="title",
            get_url=lambda one: reverse("planning:class", args=[one.public_id]),
        ),
        Column("dates", label=_("起止日期"), accessor=dates_of, sort_key="starts_on"),
        Column("theme", label=_("主题"), accessor="get_theme_display", sort_key="theme"),
        Column("places", label=_("人数"), sort_key="places"),
        Column("audience", label=_("培训对象"), accessor="audience"),
        Column("budget", label=_("预算"), accessor=lambda one: money(one.budget), sort_key="budget"),
        Column("state", label=_("状态"), accessor=standing_of),
        Column("plan", label=_("计划"), accessor="plan"),
    ]  # fmt: skip
    list_export = [
        "plan", "full_title", "brand", "theme", "category", "mode", "starts_on", "ends_on", "days", "hours", "audience",
        "places", "venue", "fee_class", "budget", "over_reason", "cohort",
    ]  # fmt: skip
    export_headings = {"full_title": _("班次名称")}

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**{"add_url_name": "", "edit_url_name": "", **kwargs})


class StandardIndex(OfficeIndex):
    """Every version with its three amounts; a version is never changed."""

    def get_base_queryset(self) -> QuerySet[CostStandard]:
        return super().get_base_queryset().prefetch_related("lines")


class StandardAdd(ServiceMixin, CreateView):
    def save_instance(self) -> CostStandard:
        return put_standard(actor=self.request.user, **self.form.given())

    def get_success_buttons(self) -> list[Any]:
        return []


def amount(fee_class: str) -> Any:
    def read(row: CostStandard) -> str:
        found = [line.per_person_day for line in row.lines.all() if line.fee_class == fee_class]
        return money(found[0]) if found else "—"

    return read


class StandardViewSet(OfficeViewSet):
    model = CostStandard
    name = "office_cost_standards"
    url_prefix = "planning/cost-standards"
    icon = "tag"
    menu_label = _("培训费标准")
    menu_name = "cost-standards"
    menu_order = 500
    without = frozenset({"edit", "history"})
    index_view_class = StandardIndex
    add_view_class = StandardAdd
    filterset_class = StandardFilter
    search_fields = ["name", "note"]
    search_backend_name = None
    list_per_page = 50
    ordering = ["-version"]
    list_display = [
        Column("version", label=_("版本"), accessor=lambda row: _t("第%(n)s版") % {"n": row.version}),
        Column("name", label=_("名称")),
        Column("effective_from", label=_("生效日期"), accessor=lambda row: day(row.effective_from)),
        *[
            Column(code, label=_("%(what)s（每人每天）") % {"what": label}, accessor=amount(code))
            for code, label in FeeClass.choices
        ],
        Column("note", label=_("依据"), accessor=lambda row: row.note or "—"),
    ]
    list_export = ["version", "name", "effective_from", "note"]

    def get_form_class(self, for_update: bool = False) -> type[StandardForm]:
        return StandardForm


class OfficeItem(MenuItem):
    """A page of the training office's that is no list of a viewset."""

    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, Role.TRAINING_OFFICE)


class PlanGroup(ViewSetGroup):
    """计划 in the trade's menu."""

    menu_label = _("计划")
    menu_icon = "doc-full-inverse"
    menu_name = "planning-group"
    menu_order = 185
    items = (PlanViewSet, PlannedClassViewSet, StandardViewSet)

    def get_submenu_items(self) -> list[Any]:
        pages = [
            OfficeItem(_("年度总览"), reverse("planning:year"), name="plan-year", icon_name="date", order=2),
            OfficeItem(_("需求测算"), reverse("planning:needs"), name="plan-needs", icon_name="group", order=2),
        ]
        return [*super().get_submenu_items(), *pages]
