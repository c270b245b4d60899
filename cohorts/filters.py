"""Filters of the lists of classes and members."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from cohorts.models import (
    Cohort,
    CohortState,
    FacultyAbsence,
    FacultyMember,
    FeeClass,
    Group,
    Membership,
    MembershipState,
)
from cohorts.reading.tally import Tally
from core.filters import YesNoFilter
from core.models import CalendarDay
from core.plausible import plausible_day
from people.models import Unit
from people.search import LABEL, find_people

FLAGS = [("over", _("请假超过七分之一")), ("none", _("没有超过"))]


class CohortFilter(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=CohortState.choices)
    year = django_filters.NumberFilter(label=_("开班年份"), field_name="starts_on", lookup_expr="year")
    host = django_filters.ModelChoiceFilter(label=_("主办单位"), queryset=Unit.objects.all())

    class Meta:
        model = Cohort
        fields = ["state", "year", "host"]


RESULTS = [("can", _("可以结业")), ("missing", _("还有未满足")), ("waived", _("有豁免"))]


class BoardFilter(django_filters.FilterSet):
    """Members of the graduation board by name, group, outcome and missing condition, as the tally has them."""

    q = django_filters.CharFilter(label=LABEL, method="find")
    group = django_filters.ModelChoiceFilter(label=_("小组"), queryset=Group.objects.none())
    result = django_filters.ChoiceFilter(label=_("结业情况"), choices=RESULTS, method="by_result")
    missing = django_filters.ChoiceFilter(label=_("未满足的条件"), choices=[], method="by_missing")

    class Meta:
        model = Membership
        fields = ["q", "group", "result", "missing"]

    def __init__(self, *args: Any, cohort: Cohort, tally: Tally, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tally = tally
        self.filters["group"].queryset = cohort.groups.all()
        self.filters["missing"].extra["choices"] = list(tally.conditions.items())

    def find(self, rows: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return find_people(rows, value)

    def by_result(self, rows: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return rows.filter(pk__in=self.tally.picked(value))

    def by_missing(self, rows: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return rows.filter(pk__in=self.tally.lacking(value))


class MemberFilter(django_filters.FilterSet):
    """Members by name, group, state, unit and flag."""

    q = django_filters.CharFilter(label=LABEL, method="find")
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


class FacultyFilter(WagtailFilterSet):
    """The faculty library by kind, topic, and who can come on a day."""

    kind = django_filters.MultipleChoiceFilter(label=_("师资类别"), choices=FacultyMember.Kind.choices)
    topic = django_filters.CharFilter(label=_("专题包含"), method="by_topic")
    free_on = django_filters.DateFilter(label=_("这天可以授课"), method="by_day", validators=[plausible_day])
    fee_class = django_filters.ModelChoiceFilter(label=_("讲课费类别"), queryset=FeeClass.objects.all())
    in_use = YesNoFilter(label=_("使用情况"), yes=_("可以排课"), no=_("停止排课"))

    class Meta:
        model = FacultyMember
        fields = ["kind", "topic", "free_on", "fee_class", "in_use"]

    def by_topic(self, rows: QuerySet[FacultyMember], name: str, value: str) -> QuerySet[FacultyMember]:
        topics = FacultyMember.objects.filter(topics__title__icontains=value.replace("\x00", ""))
        return rows.filter(pk__in=topics.values("pk"))

    def by_day(self, rows: QuerySet[FacultyMember], name: str, value: Any) -> QuerySet[FacultyMember]:
        away = FacultyAbsence.objects.filter(from_day__lte=value, to_day__gte=value)
        return rows.exclude(pk__in=away.values("member"))


def calendar_years() -> list[tuple[str, str]]:
    """The years of which the calendar holds something, the newest first."""
    years = CalendarDay.objects.dates("day", "year", order="DESC")
    return [(str(first.year), f"{first.year}年") for first in years]


class CalendarFilter(WagtailFilterSet):
    """The calendar by year."""

    year = django_filters.ChoiceFilter(label=_("年份"), field_name="day", lookup_expr="year", choices=calendar_years)
    is_working = django_filters.ChoiceFilter(
        label=_("安排"), choices=[("False", _("放假")), ("True", _("调休上班"))], method="by_order"
    )

    class Meta:
        model = CalendarDay
        fields = ["year", "is_working"]

    def by_order(self, rows: QuerySet[CalendarDay], name: str, value: str) -> QuerySet[CalendarDay]:
        return rows.filter(is_working=value == "True")
