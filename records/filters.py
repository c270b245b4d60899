"""Filters of the office's lists of hours."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from core import clock
from people.models import Unit, User
from people.ranks import Regime
from records.models import Bucket, CadreOutlook, Category, HourChange, HourClaim, HourEntry, Window
from records.presenters.hours import MET, SHORT
from records.reading.gaps import state_words

YEARS_BACK = 8


def years(request: Any = None) -> list[tuple[int | str, Any]]:
    """All years, then this year and the years before, newest first."""
    this = clock.today().year
    return [("", _("全部年度")), *((year, f"{year}年") for year in range(this, this - YEARS_BACK, -1))]


def states() -> list[tuple[str, Any]]:
    return list(state_words().items())


class HourEntryFilter(WagtailFilterSet):
    bucket = django_filters.ChoiceFilter(label=_("学时类别"), choices=Bucket, empty_label=_("全部类别"))
    category = django_filters.ChoiceFilter(label=_("培训类别"), choices=Category, empty_label=_("全部类别"))
    year = django_filters.TypedChoiceFilter(
        label=_("取得年度"), choices=years, coerce=int, empty_value=None, method="in_year"
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("单位"), queryset=Unit.objects.all(), method="in_unit", empty_label=_("全部单位")
    )

    class Meta:
        model = HourEntry
        fields = ["bucket", "category", "year", "unit"]

    def in_year(self, rows: QuerySet[HourEntry], name: str, value: int) -> QuerySet[HourEntry]:
        return rows.filter(earned_on__year=value)

    def in_unit(self, rows: QuerySet[HourEntry], name: str, value: Unit) -> QuerySet[HourEntry]:
        """Lines credited while the cadre belonged to the unit or to one below it."""
        return rows.filter(unit__path__startswith=value.path)


class ComplianceFilter(django_filters.FilterSet):
    """Cadres by unit, by the regime of today's posting, and by whether something is still short."""

    unit = django_filters.ModelChoiceFilter(
        label=_("单位"), queryset=Unit.objects.all(), method="in_unit", empty_label=_("全部单位")
    )
    regime = django_filters.ChoiceFilter(label=_("对象"), choices=Regime, method="kept", empty_label=_("全部对象"))
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=[(MET, _("全部达标")), (SHORT, _("尚有未达标"))], method="kept",
        empty_label=_("全部状态"),
    )  # fmt: skip

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["unit"].queryset = units

    def in_unit(self, rows: QuerySet[User], name: str, value: Unit) -> QuerySet[User]:
        return rows.filter(unit__path__startswith=value.path)

    def kept(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Reckoned from hours and postings, so the list itself applies it."""
        return rows


class OutlookFilter(django_filters.FilterSet):
    """The forecast by unit, regime, bucket, window and state; the list itself applies what its figures hold."""

    unit = django_filters.ModelChoiceFilter(
        label=_("单位"), queryset=Unit.objects.all(), method="kept", empty_label=_("全部单位")
    )
    regime = django_filters.ChoiceFilter(label=_("对象"), choices=Regime, method="kept", empty_label=_("全部对象"))
    bucket = django_filters.ChoiceFilter(label=_("学时类别"), choices=Bucket, method="kept", empty_label=_("全部类别"))
    window = django_filters.ChoiceFilter(label=_("期限"), choices=Window, method="kept", empty_label=_("全部期限"))
    state = django_filters.ChoiceFilter(label=_("状态"), choices=states, method="kept", empty_label=_("全部状态"))

    class Meta:
        model = CadreOutlook
        fields: list[str] = []

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["unit"].queryset = units

    def kept(self, rows: QuerySet[CadreOutlook], name: str, value: Any) -> QuerySet[CadreOutlook]:
        return rows


class HourClaimFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=_("状态"), choices=HourClaim.State, empty_label=_("全部状态"))
    bucket = django_filters.ChoiceFilter(label=_("学时类别"), choices=Bucket, empty_label=_("全部类别"))
    unit = django_filters.ModelChoiceFilter(
        label=_("单位"), queryset=Unit.objects.all(), method="in_unit", empty_label=_("全部单位")
    )

    class Meta:
        model = HourClaim
        fields = ["state", "bucket", "unit"]

    def in_unit(self, rows: QuerySet[HourClaim], name: str, value: Unit) -> QuerySet[HourClaim]:
        return rows.filter(unit__path__startswith=value.path)


class HourChangeFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=_("状态"), choices=HourChange.State, empty_label=_("全部状态"))

    class Meta:
        model = HourChange
        fields = ["state"]
