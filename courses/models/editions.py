"""A course as taught: copied once, never moved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import Revision

from assessments.models import CheckPaper
from core import clock
from core.blocks import body_blocks
from courses.models.audits import CourseAudit
from courses.models.curriculum import RECORDINGS, Course, Lesson, LessonKind, Track
from courses.models.delivery import Delivery
from courses.pins import refuse_deletion
from courses.querysets import EditionQuerySet


class CourseEdition(models.Model):
    """A course as taught from a day on: every body copied, nothing in it moves afterwards."""

    append_only = True
    wagtail_reference_index_ignore = True

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("版次"))
    title = models.CharField(_("课程名称"), max_length=120)
    track = models.CharField(_("专题"), max_length=10, choices=Track)
    summary = models.TextField(_("简介"))
    lecturer = models.CharField(_("主讲"), max_length=60, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=2)
    notice = models.CharField(_("提示"), max_length=120, blank=True)
    max_speed = models.DecimalField(_("播放速度"), max_digits=3, decimal_places=2, default=Decimal(1))
    outcomes = models.JSONField(default=list)  # [{"indicator": "C2", "name": …, "text": …}]
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(CourseAudit, on_delete=models.PROTECT, null=True, related_name="editions")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("课程版次")
        ordering = ["course", "-number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="edition_number_once")]

    def __str__(self) -> str:
        return f"{self.title}（第{self.number}版）"


class EditionLesson(Delivery):
    """A lesson as taught."""

    append_only = True
    wagtail_reference_index_ignore = True

    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, related_name="lessons")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    module = models.CharField(_("单元"), max_length=120)
    title = models.CharField(_("课时名称"), max_length=120)
    kind = models.CharField(_("形式"), max_length=10, choices=LessonKind)
    required = models.BooleanField(_("必修"))
    body = StreamField(body_blocks())
    video = models.ForeignKey("wagtaildocs.Document", on_delete=models.PROTECT, null=True, related_name="+")
    audio = models.ForeignKey("wagtaildocs.Document", on_delete=models.PROTECT, null=True, related_name="+")
    captions = models.ForeignKey("wagtaildocs.Document", on_delete=models.PROTECT, null=True, related_name="+")
    seconds = models.PositiveIntegerField(null=True)
    check_paper = models.ForeignKey(CheckPaper, on_delete=models.PROTECT, null=True, related_name="+")
    cues = models.JSONField(default=list)  # [[second, id of QuestionVersion], …] in order

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="edition_lesson_position_once"),
            models.UniqueConstraint(fields=["edition", "lesson"], name="lesson_once_in_edition"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def recording(self) -> Any:
        """The file that is played; None where the lesson is read."""
        field = RECORDINGS.get(self.kind)
        return getattr(self, field) if field else None


class EditionAsset(models.Model):
    """A file that an edition shows; while this row stands it can be neither deleted nor replaced."""

    append_only = True
    wagtail_reference_index_ignore = True

    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, related_name="assets")
    image = models.ForeignKey("wagtailimages.Image", on_delete=refuse_deletion, null=True, related_name="+")
    document = models.ForeignKey("wagtaildocs.Document", on_delete=refuse_deletion, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="asset_is_one_file",
                condition=Q(image__isnull=True, document__isnull=False) | Q(image__isnull=False, document__isnull=True),
            )
        ]
