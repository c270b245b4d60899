"""Which lines of hours an archive shows."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from records.filters import years
from records.models import Bucket, HourEntry


class OwnHoursFilter(django_filters.FilterSet):
    bucket = django_filters.ChoiceFilter(label=_("学时类别"), choices=Bucket, empty_label=_("全部类别"))
    year = django_filters.TypedChoiceFilter(
        label=_("取得年度"), choices=years, coerce=int, empty_value=None, method="in_year"
    )

    class Meta:
        model = HourEntry
        fields = ["bucket", "year"]

    def in_year(self, rows: QuerySet[HourEntry], name: str, value: int) -> QuerySet[HourEntry]:
        return rows.filter(earned_on__year=value)
