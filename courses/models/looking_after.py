"""Who looks after the learners of a course, and whom they reminded."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from courses.models.curriculum import Course
from courses.models.learning import Enrolment
from people.models import Unit


class CourseLecturer(models.Model):
    """A lecturer who sees the learners of a course below a unit; the training office gives it, not a draft."""

    wagtail_reference_index_ignore = True

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lecturers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="taught_courses")
    unit = models.ForeignKey(Unit, verbose_name=_("学员范围"), on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("授课教师")
        verbose_name_plural = _("授课教师")
        ordering = ["user__sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "user", "unit"], name="lecturer_once_per_course")]

    def __str__(self) -> str:
        return self.user.name


class ReminderRound(models.Model):
    """One sending of reminders: who sent it, for which course, with which words, to how many."""

    wagtail_reference_index_ignore = True

    client_key = models.UUIDField(default=uuid.uuid4, unique=True)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("提醒内容"), max_length=200)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("学习提醒")
        ordering = ["-sent_at", "-pk"]


class Reminder(models.Model):
    """One person reminded in a round."""

    wagtail_reference_index_ignore = True

    round = models.ForeignKey(ReminderRound, on_delete=models.PROTECT, related_name="reminders")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="reminders")
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["enrolment", "sent_at"], name="reminders_of_enrolment")]
        constraints = [models.UniqueConstraint(fields=["round", "enrolment"], name="reminded_once_per_round")]
