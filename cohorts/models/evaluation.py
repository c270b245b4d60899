"""Which evaluation belongs to which session of a class, and whom it is about."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Survey
from cohorts.models.cohort import Cohort
from cohorts.models.timetable import Session


class Evaluation(models.Model):
    """An evaluation of a session; it stays with the lecturer of that day when the timetable changes."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="evaluations")
    session = models.OneToOneField(Session, on_delete=models.SET_NULL, null=True, related_name="evaluation")
    lecturer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evaluations")
    survey = models.OneToOneField(Survey, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("教学评估")
        verbose_name_plural = _("教学评估")
        ordering = ["survey__opens_at", "pk"]

    def __str__(self) -> str:
        return self.survey.title
