"""Who takes which edition, and how far they are."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from courses.models.editions import CourseEdition, EditionLesson
from courses.querysets import EnrolmentQuerySet


class Enrolment(models.Model):
    """A learner on an edition in one context (a class, or oneself); the summary is kept by the write of progress.

    Moved to another edition it stays as it was, with all its progress; the new enrolment points back at it.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        ACTIVE = "active", _("学习中")
        COMPLETED = "completed", _("已完成")
        WITHDRAWN = "withdrawn", _("已退出")
        MOVED = "moved", _("已转版")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, related_name="enrolments")
    context_key = models.CharField(max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ACTIVE)
    lessons_total = models.PositiveSmallIntegerField()
    lessons_done = models.PositiveSmallIntegerField(default=0)
    moved_from = models.OneToOneField(
        "self", verbose_name=_("由原版次转入"), on_delete=models.PROTECT, null=True, related_name="moved_to"
    )
    last_lesson = models.ForeignKey(EditionLesson, on_delete=models.PROTECT, null=True, related_name="+")
    enrolled_at = models.DateTimeField(default=clock.now)
    touched_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("选课")
        verbose_name_plural = _("选课")
        indexes = [models.Index(fields=["context_key", "edition"], name="enrolments_of_context")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "edition", "context_key"], condition=~Q(state="moved"), name="enrolled_once_per_context"
            ),
            models.CheckConstraint(
                name="enrolment_state", condition=Q(state__in=["active", "completed", "withdrawn", "moved"])
            ),
            models.CheckConstraint(name="lessons_done_within_total", condition=Q(lessons_done__lte=F("lessons_total"))),
            models.CheckConstraint(
                name="completed_enrolment_has_time", condition=~Q(state="completed") | Q(completed_at__isnull=False)
            ),
        ]


class LessonProgress(models.Model):
    """One learner on one lesson: where they are, what was watched (seconds, as disjoint sorted pairs), what is passed.

    ``position`` is in seconds of a video or in percent of an article, and above 0 once a document was opened;
    ``sequence`` is the browser's own; ``failed_tries`` counts tries at the check that did not pass.
    """

    wagtail_reference_index_ignore = True

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="progress")
    lesson = models.ForeignKey(EditionLesson, on_delete=models.PROTECT, related_name="+")
    reached_end = models.BooleanField(default=False)
    position = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    watched = models.JSONField(default=list)
    watched_seconds = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    check_passed = models.BooleanField(default=False)
    failed_tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    sequence = models.PositiveBigIntegerField(default=0)
    ahead = models.DecimalField(max_digits=6, decimal_places=2, default=0)  # seconds counted before the clock gave them
    answered = models.JSONField(default=list)  # wordings of the questions on the way that were answered right
    version = models.PositiveIntegerField(default=0)  # grows with every write: a write on an older row is refused
    started_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    renewed = models.BooleanField(default=False)  # done in an earlier edition; the text has changed since

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="one_progress_per_lesson")]
