"""Credited lines: append-only, in days and hours."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from people.models import Unit
from people.scopes import people_condition
from records.models.choices import Bucket, Category, Mode
from records.models.rules import HourRule


class HourEntryQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> HourEntryQuerySet:
        """Lines of people whose personal file the user may open."""
        people = self.model._meta.get_field("user").related_model.objects.filter(people_condition(user))
        return self.filter(user__in=people.values("pk"))

    def standing(self) -> HourEntryQuerySet:
        """Lines that are neither reversed nor reversals."""
        return self.filter(reverses__isnull=True, reversed_by__isnull=True)


class HourEntry(models.Model):
    """A credited line in days *and* hours; never changed, only reversed by another line."""

    append_only = True
    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hour_entries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    bucket = models.CharField(_("学时类别"), max_length=10, choices=Bucket)
    category = models.CharField(_("培训类别"), max_length=12, choices=Category)
    mode = models.CharField(_("培训方式"), max_length=14, choices=Mode)
    days = models.DecimalField(_("天数"), max_digits=6, decimal_places=2)
    hours = models.DecimalField(_("学时"), max_digits=7, decimal_places=2)
    earned_on = models.DateField(_("取得日期"))
    label = models.CharField(_("来源"), max_length=120)
    source_key = models.CharField(_("来源编号"), max_length=120, unique=True)
    rule = models.ForeignKey(HourRule, on_delete=models.PROTECT, null=True, related_name="entries")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    evidence_no = models.CharField(_("证明材料编号"), max_length=80, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = HourEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("学时记录")
        verbose_name_plural = _("学时记录")
        ordering = ["-earned_on", "-pk"]
        indexes = [models.Index(fields=["user", "bucket", "earned_on"], name="hours_of_user")]
        constraints = [
            models.CheckConstraint(name="hour_bucket", condition=Q(bucket__in=Bucket.values)),
            models.CheckConstraint(name="hour_category", condition=Q(category__in=Category.values)),
            models.CheckConstraint(name="hour_mode", condition=Q(mode__in=Mode.values)),
            models.CheckConstraint(
                name="hours_positive_unless_reversal",
                condition=Q(reverses__isnull=True, hours__gte=0, days__gte=0)
                | Q(reverses__isnull=False, hours__lte=0, days__lte=0),
            ),
        ]
