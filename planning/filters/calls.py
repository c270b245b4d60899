"""Filters of the lists of call-ups, nominations and where they hang."""

from __future__ import annotations

import django_filters
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from core import clock
from courses.models import Track
from people.office.filters import UnitFilter
from planning.models import CallUp, Nomination, NominationStep

PLACES = [("free", _("还有名额")), ("full", _("名额已满"))]


class CallUpFilter(WagtailFilterSet):
    theme = django_filters.ChoiceFilter(label=_("主题"), choices=Track.choices)
    basis = django_filters.ChoiceFilter(label=_("选派方式"), choices=CallUp.Basis.choices)
    left = django_filters.ChoiceFilter(label=_("名额"), choices=PLACES, method="by_left")

    class Meta:
        model = CallUp
        fields: list[str] = []

    def by_left(self, rows: QuerySet[CallUp], name: str, value: str) -> QuerySet[CallUp]:
        return rows.filter(filled__lt=F("places")) if value == "free" else rows.filter(filled__gte=F("places"))


class NominationFilter(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=Nomination.State.choices)
    call_up = django_filters.ModelChoiceFilter(label=_("班次"), queryset=CallUp.objects.select_related("cohort"))
    unit = UnitFilter(path="unit__path")
    own = django_filters.ChoiceFilter(
        label=_("来源"), choices=[("unit", _("单位提名")), ("own", _("本人报名"))], method="by_source"
    )
    warned = django_filters.ChoiceFilter(label=_("提示"), choices=[("yes", _("有提示"))], method="by_warning")

    class Meta:
        model = Nomination
        fields: list[str] = []

    def by_source(self, rows: QuerySet[Nomination], name: str, value: str) -> QuerySet[Nomination]:
        return rows.filter(own_application=value == "own")

    def by_warning(self, rows: QuerySet[Nomination], name: str, value: str) -> QuerySet[Nomination]:
        return rows.exclude(warnings=[])


class HangingFilter(WagtailFilterSet):
    late = django_filters.ChoiceFilter(
        label=_("期限"), choices=[("late", _("已逾期")), ("ok", _("未逾期"))], method="by_late"
    )
    desk = django_filters.ChoiceFilter(
        label=_("在哪里"), choices=[("unit", _("单位")), ("office", _("培训处"))], method="by_desk"
    )
    call_up = django_filters.ModelChoiceFilter(
        label=_("班次"), queryset=CallUp.objects.select_related("cohort"), field_name="nomination__call_up"
    )
    unit = UnitFilter(path="unit__path")

    class Meta:
        model = NominationStep
        fields: list[str] = []

    def by_late(self, rows: QuerySet[NominationStep], name: str, value: str) -> QuerySet[NominationStep]:
        today = clock.today()
        return rows.filter(due_on__lt=today) if value == "late" else rows.exclude(due_on__lt=today)

    def by_desk(self, rows: QuerySet[NominationStep], name: str, value: str) -> QuerySet[NominationStep]:
        return rows.filter(unit__isnull=value == "office")
