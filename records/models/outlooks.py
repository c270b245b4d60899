"""How every cadre stands and will stand, made ready for lists and sums; rebuilt from lines, postings and policy."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from people.models import Unit
from people.ranks import Regime
from records.models.choices import Bucket, Window


class CadreOutlookQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> CadreOutlookQuerySet:
        """Those whose personal file the user may open."""
        people = self.model._meta.get_field("user").related_model.objects.visible_to(user)
        return self.filter(user__in=people.values("pk"))


class CadreOutlook(models.Model):
    """How a cadre stands as a whole on ``as_of``; empty while it has to be reckoned anew. It can be rebuilt.

    Unit and managing organisation are those of that day; ``is_short`` says that a requirement is short today.
    """

    wagtail_reference_index_ignore = True

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hours_outlook")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    managed_by = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    regime = models.CharField(_("对象"), max_length=10, choices=Regime, blank=True)
    state = models.CharField(_("状态"), max_length=10, blank=True)
    is_short = models.BooleanField(default=False)
    as_of = models.DateField(null=True)
    made_at = models.DateTimeField(default=clock.now)

    objects = CadreOutlookQuerySet.as_manager()

    class Meta:
        verbose_name = _("达标预测")
        indexes = [models.Index(fields=["state"], name="outlooks_by_state")]


class OutlookLine(models.Model):
    """One requirement of a cadre's outlook, in figures to sum and in words to read."""

    wagtail_reference_index_ignore = True

    outlook = models.ForeignKey(CadreOutlook, on_delete=models.CASCADE, related_name="lines")
    bucket = models.CharField(_("学时类别"), max_length=10, choices=Bucket)
    window = models.CharField(_("期限"), max_length=16, choices=Window)
    state = models.CharField(_("状态"), max_length=10)
    open_hours = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    open_days = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    class_days = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    window_words = models.CharField(max_length=120)
    reached = models.CharField(max_length=120)
    lack = models.CharField(max_length=80, blank=True)
    closing = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["outlook", "bucket", "window"], name="one_outlook_line"),
            models.CheckConstraint(
                name="outlook_state", condition=Q(state__in=["met", "on_course", "at_risk", "short"])
            ),
        ]
        indexes = [models.Index(fields=["bucket", "state"], name="outlook_lines_by_state")]
