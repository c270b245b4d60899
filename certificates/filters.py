from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from cohorts.models import Cohort


class CertificateFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label=_("状态"), choices=Certificate.Status)
    cohort = django_filters.ModelChoiceFilter(
        label=_("班次"), field_name="membership__cohort", queryset=Cohort.objects.all()
    )
    issued_on = django_filters.DateFromToRangeFilter(label=_("发证日期"))

    class Meta:
        model = Certificate
        fields = ["status", "cohort", "issued_on"]
