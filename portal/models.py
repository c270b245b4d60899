"""Figures made ready for reading: they can be rebuilt from what stands below, except the frozen statistics."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from people.models import Unit
from people.ranks import Regime
from portal.querysets import FigureQuerySet, StatisticsQuerySet


class Snapshot(models.Model):
    """When the figures of a subject were made: of all people, or of one class (``key`` is its context key)."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("干部学时与能力")
        COHORT = "cohort", _("班次")

    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=60, blank=True)
    as_of = models.DateField(_("截至"))
    made_at = models.DateTimeField(default=clock.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("数据快照")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_snapshot_per_subject")]


class PersonFigure(models.Model):
    """What one person contributes to a figure: the detail that a total opens to. ``value`` is in hundredths.

    Unit and managing organisation are those of the snapshot, so that totals by unit are sums of these rows.
    """

    wagtail_reference_index_ignore = True

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    managed_by = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    measure = models.CharField(max_length=60)
    state = models.CharField(max_length=20, blank=True)
    value = models.IntegerField(default=0)
    words = models.CharField(max_length=300, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("个人数据")
        indexes = [models.Index(fields=["snapshot", "measure", "state"], name="figures_by_measure")]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "user", "measure"], name="one_figure_per_person_and_measure")
        ]


class UnitFigure(models.Model):
    """People, sum and sum of squares of a measure at one unit and under one managing organisation; these add up."""

    wagtail_reference_index_ignore = True

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    managed_by = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    measure = models.CharField(max_length=60)
    state = models.CharField(max_length=20, blank=True)
    people = models.PositiveIntegerField()
    total = models.BigIntegerField()
    squares = models.BigIntegerField()

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位数据")
        indexes = [models.Index(fields=["snapshot", "unit"], name="figures_of_unit")]


class StatisticsReport(models.Model):
    """The statistics of a year as they stood on a day, for everything below a unit; frozen."""

    append_only = True
    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    root = models.ForeignKey(Unit, verbose_name=_("统计范围"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"))
    as_of = models.DateField(_("截至"))
    policy_version = models.PositiveIntegerField(_("应训要求版本"))
    client_key = models.UUIDField(unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = StatisticsQuerySet.as_manager()

    class Meta:
        verbose_name = _("年度统计")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.root} {self.year}年培训统计"


class StatisticsLine(models.Model):
    """The finest grain of a frozen report: every total on it is a sum of these lines. ``total`` is in hundredths."""

    append_only = True
    wagtail_reference_index_ignore = True

    report = models.ForeignKey(StatisticsReport, on_delete=models.PROTECT, related_name="lines")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    regime = models.CharField(_("对象"), max_length=10, choices=Regime, blank=True)
    category = models.CharField(_("培训类别"), max_length=12, blank=True)
    measure = models.CharField(max_length=40)
    people = models.PositiveIntegerField()
    total = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("年度统计明细")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "unit", "regime", "category", "measure"], name="statistics_line_once"
            )
        ]
