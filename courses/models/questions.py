"""What learners ask their lecturers, and what these answer."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from courses.models.curriculum import Course
from courses.models.editions import EditionLesson
from courses.querysets import QuestionQuerySet


class LessonQuestion(models.Model):
    """A question on a lesson. Learners of the course read it once it is answered; ``name_shown``: with the name."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="questions")
    lesson = models.ForeignKey(EditionLesson, on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lesson_questions")
    text = models.CharField(_("问题"), max_length=1000)
    name_shown = models.BooleanField(_("公开时显示姓名"), default=False)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    hidden_reason = models.CharField(_("隐藏理由"), max_length=200, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("学员提问")
        verbose_name_plural = _("学员提问")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["course", "-asked_at"], name="questions_of_course")]
        constraints = [
            models.CheckConstraint(
                name="hidden_question_has_reason",
                condition=Q(hidden_at__isnull=True) | (Q(hidden_by__isnull=False) & ~Q(hidden_reason="")),
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class LessonAnswer(models.Model):
    """What a lecturer or the office said to a question."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.ForeignKey(LessonQuestion, on_delete=models.PROTECT, related_name="answers")
    text = models.CharField(_("回复"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("提问的回复")
        ordering = ["at", "pk"]
