"""What training the office's cadres need, as counted on a day, and whom the statutory figures count."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import Job
from courses.models import Track
from people.models import Unit
from people.ranks import Level, Rank, Regime
from planning.querysets.plans import NeedPersonQuerySet, NeedSurveyQuerySet
from planning.rules.needs import OTHER

LEVELS = [*Level.choices, *Rank.choices, (OTHER, _("未登记职务层次和职级"))]


class NeedSurvey(models.Model):
    """The needs of the cadres below a unit for a year; ``on`` is the day of the reckoning.

    ``policy`` and ``framework`` are the versions that were in force; without ``finished_at`` it is being reckoned.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"))
    on = models.DateField(_("测算日期"))
    policy = models.PositiveIntegerField(_("应训要求版本"), null=True)
    framework = models.PositiveIntegerField(_("能力框架版本"), null=True)
    people = models.PositiveIntegerField(_("干部人数"), default=0)
    client_key = models.UUIDField(unique=True, editable=False)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = NeedSurveyQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("培训需求测算")
        verbose_name_plural = _("培训需求测算")
        ordering = ["-made_at", "-pk"]
        constraints = [models.CheckConstraint(name="need_year", condition=Q(year__range=(2000, 2100)))]

    def __str__(self) -> str:
        return f"{self.unit.name}{self.year}年培训需求"


class NeedLine(models.Model):
    """How many people of a regime need a seat: by the statute (no theme) or by their competencies (with one).

    ``level`` narrows it to a post or rank; empty for the whole regime. ``known`` is of how many people there is enough
    to tell; ``people`` is 0 where the line is suppressed.
    """

    class Basis(models.TextChoices):
        STATUTE = "statute", _("应训学时")
        COMPETENCY = "competency", _("能力差距")

    wagtail_reference_index_ignore = True

    survey = models.ForeignKey(NeedSurvey, on_delete=models.CASCADE, related_name="lines")
    basis = models.CharField(_("依据"), max_length=10, choices=Basis)
    regime = models.CharField(_("对象"), max_length=10, choices=Regime)
    level = models.CharField(_("职务层次或职级"), max_length=20, choices=LEVELS, blank=True)
    theme = models.CharField(_("主题"), max_length=10, choices=Track, blank=True)
    known = models.PositiveIntegerField(_("可以判断的人数"))
    people = models.PositiveIntegerField(_("需要培训的人数"))
    suppressed = models.BooleanField(_("人数不足，不显示"), default=False)
    drafted_into = models.ForeignKey(
        "planning.TrainingPlan", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["basis", "regime", "theme"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "basis", "regime", "level", "theme"], name="one_need_line"),
            models.CheckConstraint(name="need_basis", condition=Q(basis__in=["statute", "competency"])),
            models.CheckConstraint(name="need_theme", condition=Q(theme__in=["", *Track.values])),
            models.CheckConstraint(
                name="need_theme_by_competency",
                condition=Q(basis="statute", theme="") | Q(basis="competency") & ~Q(theme=""),
            ),
            models.CheckConstraint(name="suppressed_need_is_silent", condition=Q(suppressed=False) | Q(people=0)),
        ]


class NeedPerson(models.Model):
    """A cadre as the reckoning found them: what the statute still asks (as sentences) and the themes of their gaps.

    ``known`` lists the themes on which there is enough evidence; it goes when the aggregates stand.
    """

    wagtail_reference_index_ignore = True

    survey = models.ForeignKey(NeedSurvey, on_delete=models.CASCADE, related_name="persons")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    regime = models.CharField(_("对象"), max_length=10, choices=Regime)
    level = models.CharField(_("职务层次或职级"), max_length=20, choices=LEVELS, blank=True)
    is_short = models.BooleanField(_("应训学时未达标"))
    short = models.JSONField(default=list)
    themes = models.JSONField(default=list)
    known = models.JSONField(default=list)

    objects = NeedPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("需要培训的干部")
        ordering = ["user__sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["survey", "user"], name="person_once_per_survey")]
