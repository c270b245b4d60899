"""Filters of the lists of plans and planned classes, and of the year's view."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from courses.models import Track
from people.models import Unit
from people.ranks import Regime
from planning.models import CostStandard, FeeClass, PlannedClass, TrainingPlan

STATES = [
    ("planned", _("尚未设立班次")),
    ("founded", _("已设立班次")),
    ("cancelled", _("已取消")),
]


class PlanFilter(WagtailFilterSet):
    year = django_filters.NumberFilter(label=_("年度"), min_value=2000, max_value=2100)
    kind = django_filters.MultipleChoiceFilter(label=_("种类"), choices=TrainingPlan.Kind.choices)
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=TrainingPlan.State.choices)
    unit = django_filters.ModelChoiceFilter(label=_("编制单位"), queryset=Unit.objects.all())

    class Meta:
        model = TrainingPlan
        fields = ["year", "kind", "state", "unit"]


def by_class_state(rows: QuerySet[PlannedClass], value: str) -> QuerySet[PlannedClass]:
    """Classes that are still a plan, that were set up, or that were cancelled."""
    if value == "cancelled":
        return rows.filter(cancelled_at__isnull=False)
    return rows.filter(cancelled_at__isnull=True, cohort__isnull=value == "planned")


class PlannedClassFilter(WagtailFilterSet):
    year = django_filters.NumberFilter(label=_("年度"), field_name="plan__year", min_value=2000, max_value=2100)
    kind = django_filters.MultipleChoiceFilter(
        label=_("计划种类"), field_name="plan__kind", choices=TrainingPlan.Kind.choices
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("计划状态"), field_name="plan__state", choices=TrainingPlan.State.choices
    )
    there = django_filters.ChoiceFilter(label=_("班次"), choices=STATES, method="by_state")
    theme = django_filters.MultipleChoiceFilter(label=_("主题"), choices=Track.choices)
    regime = django_filters.ChoiceFilter(label=_("对象范围"), choices=Regime.choices)
    fee_class = django_filters.ChoiceFilter(label=_("费用类别"), choices=FeeClass.choices)

    class Meta:
        model = PlannedClass
        fields = ["year", "kind", "state", "there", "theme", "regime", "fee_class"]

    def by_state(self, rows: QuerySet[PlannedClass], name: str, value: str) -> QuerySet[PlannedClass]:
        return by_class_state(rows, value)


class YearFilter(django_filters.FilterSet):
    """The classes of the year's view; the year itself is chosen beside it."""

    theme = django_filters.ChoiceFilter(label=_("主题"), choices=Track.choices)
    unit = django_filters.ModelChoiceFilter(label=_("编制单位"), field_name="plan__unit", queryset=Unit.objects.none())
    state = django_filters.ChoiceFilter(
        label=_("计划状态"), field_name="plan__state", choices=TrainingPlan.State.choices
    )
    there = django_filters.ChoiceFilter(label=_("班次"), choices=STATES[:2], method="by_state")

    class Meta:
        model = PlannedClass
        fields = ["theme", "unit", "state", "there"]

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["unit"].queryset = units

    def by_state(self, rows: QuerySet[PlannedClass], name: str, value: str) -> QuerySet[PlannedClass]:
        return by_class_state(rows, value)


class StandardFilter(WagtailFilterSet):
    name = django_filters.CharFilter(label=_("名称包含"), lookup_expr="icontains")

    class Meta:
        model = CostStandard
        fields = ["name"]
