"""Filters of the lists of classes and members."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from cohorts.models import Cohort, CohortState, Group, Membership, MembershipState
from people.models import Unit

FLAGS = [("over", _("请假超过七分之一")), ("none", _("没有超过"))]


class CohortFilter(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=CohortState.choices)
    year = django_filters.NumberFilter(label=_("开班年份"), field_name="starts_on", lookup_expr="year")
    host = django_filters.ModelChoiceFilter(label=_("主办单位"), queryset=Unit.objects.all())

    class Meta:
        model = Cohort
        fields = ["state", "year", "host"]


def find_people(rows: QuerySet[Any], words: str, prefix: str = "user__") -> QuerySet[Any]:
    """People whose name, work number or initials contain the words."""
    words = words.strip()[:50].replace("\x00", "")
    if not words:
        return rows
    return rows.filter(
        Q(**{f"{prefix}name__icontains": words})
        | Q(**{f"{prefix}work_number__icontains": words})
        | Q(**{f"{prefix}initials__istartswith": words})
    )


class MemberFilter(django_filters.FilterSet):
    """Members by name, group, state, unit and flag."""

    q = django_filters.CharFilter(label=_("姓名、工号或拼音首字母"), method="find")
    group = django_filters.ModelChoiceFilter(label=_("小组"), queryset=Group.objects.none())
    state = django_filters.ChoiceFilter(label=_("状态"), choices=MembershipState.choices)
    unit = django_filters.ModelChoiceFilter(label=_("单位"), queryset=Unit.objects.none())
    flag = django_filters.ChoiceFilter(label=_("请假"), choices=FLAGS, method="by_flag")

    class Meta:
        model = Membership
        fields = ["q", "group", "state", "unit", "flag"]

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["group"].queryset = cohort.groups.all()
        self.filters["unit"].queryset = Unit.objects.filter(pk__in=cohort.memberships.values("unit"))

    def find(self, rows: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return find_people(rows, value)

    def by_flag(self, rows: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return rows.filter(over_leave_limit=value == "over")
