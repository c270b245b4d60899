"""Courses and lessons as edited, editions as taught, and what each learner has done."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from assessments.models import Check, CheckPaper
from competencies.models import Indicator
from core import clock
from core.blocks import body_blocks
from courses.pins import refuse_deletion
from courses.querysets import CourseQuerySet, EditionQuerySet, EnrolmentQuerySet


class Track(models.TextChoices):
    """The five paths of the founding article and the common base; also the competency dimensions B–F and A."""

    REFORM = "reform", _("行政改革")
    DIGITAL = "digital", _("数字政府")
    TALENT = "talent", _("人才队伍")
    LAW = "law", _("法治监督")
    SERVICE = "service", _("服务参与")
    BASE = "base", _("政治能力与决策执行")


class LessonKind(models.TextChoices):
    ARTICLE = "article", _("图文")
    VIDEO = "video", _("视频")


class Lesson(index.Indexed, PreviewableMixin, LockableMixin, DraftStateMixin, RevisionMixin, models.Model):
    """A lesson as its editor sees it; learners read the copy in an edition."""

    key = models.SlugField(_("标识"), max_length=80, unique=True)
    title = models.CharField(_("课时名称"), max_length=120)
    kind = models.CharField(_("形式"), max_length=10, choices=LessonKind, default=LessonKind.ARTICLE)
    body = StreamField(body_blocks(), verbose_name=_("正文"), blank=True)
    video = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("视频文件"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    captions = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("字幕文件"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    seconds = models.PositiveIntegerField(_("视频时长（秒）"), null=True, blank=True)
    check_of_learning = models.ForeignKey(
        Check, verbose_name=_("课时测验"), on_delete=models.PROTECT, null=True, blank=True, related_name="lessons"
    )

    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="lesson",
        for_concrete_model=False,
    )
    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("body"),
        index.AutocompleteField("title"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("课时")
        verbose_name_plural = _("课时")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(name="lesson_kind", condition=Q(kind__in=LessonKind.values)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "courses/preview/lesson.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return {"lesson": self}


class Course(
    index.Indexed, PreviewableMixin, WorkflowMixin, LockableMixin, DraftStateMixin, RevisionMixin, ClusterableModel
):
    """The outline of a course and what one will be able to do after it."""

    key = models.SlugField(_("标识"), max_length=80, unique=True)
    title = models.CharField(_("课程名称"), max_length=120)
    track = models.CharField(_("专题"), max_length=10, choices=Track)
    summary = models.TextField(_("简介"), max_length=400)
    lecturer = models.CharField(_("主讲"), max_length=60, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=2)
    notice = models.CharField(_("提示"), max_length=120, blank=True)

    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="course",
        for_concrete_model=False,
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="course",
        for_concrete_model=False,
    )
    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("summary"),
        index.SearchField("lecturer"),
        index.AutocompleteField("title"),
        index.FilterField("track"),
        index.FilterField("live"),
    ]
    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("课程")
        verbose_name_plural = _("课程")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(name="course_track", condition=Q(track__in=Track.values)),
            models.CheckConstraint(name="course_hours", condition=Q(hours__gte=0)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def revisions(self) -> Any:
        return self._revisions

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "courses/preview/course.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return {"course": self}


class CourseOutcome(Orderable):
    """What a learner will be able to do, and the indicator it belongs to."""

    course = ParentalKey(Course, on_delete=models.CASCADE, related_name="outcomes")
    indicator = models.ForeignKey(Indicator, verbose_name=_("能力指标"), on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("学完能做什么"), max_length=120)


class Module(Orderable, ClusterableModel):
    course = ParentalKey(Course, on_delete=models.CASCADE, related_name="modules")
    title = models.CharField(_("单元名称"), max_length=120)


class ModuleItem(Orderable):
    module = ParentalKey(Module, on_delete=models.CASCADE, related_name="items")
    lesson = models.ForeignKey(Lesson, verbose_name=_("课时"), on_delete=models.PROTECT, related_name="+")
    required = models.BooleanField(_("必修"), default=True)


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
    outcomes = models.JSONField(default=list)  # [{"indicator": "C2", "name": …, "text": …}]
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("课程版次")
        ordering = ["course", "-number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="edition_number_once")]

    def __str__(self) -> str:
        return f"{self.title}（第{self.number}版）"


class EditionLesson(models.Model):
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
    captions = models.ForeignKey("wagtaildocs.Document", on_delete=models.PROTECT, null=True, related_name="+")
    seconds = models.PositiveIntegerField(null=True)
    check_paper = models.ForeignKey(CheckPaper, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="edition_lesson_position_once"),
            models.UniqueConstraint(fields=["edition", "lesson"], name="lesson_once_in_edition"),
        ]

    def __str__(self) -> str:
        return self.title


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


class Enrolment(models.Model):
    """A learner on an edition in one context (a class, or oneself); the summary is kept by the write of progress."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        ACTIVE = "active", _("学习中")
        COMPLETED = "completed", _("已完成")
        WITHDRAWN = "withdrawn", _("已退出")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, related_name="enrolments")
    context_key = models.CharField(max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ACTIVE)
    lessons_total = models.PositiveSmallIntegerField()
    lessons_done = models.PositiveSmallIntegerField(default=0)
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
            models.UniqueConstraint(fields=["user", "edition", "context_key"], name="enrolled_once_per_context"),
            models.CheckConstraint(name="enrolment_state", condition=Q(state__in=["active", "completed", "withdrawn"])),
            models.CheckConstraint(name="lessons_done_within_total", condition=Q(lessons_done__lte=F("lessons_total"))),
            models.CheckConstraint(
                name="completed_enrolment_has_time", condition=~Q(state="completed") | Q(completed_at__isnull=False)
            ),
        ]


class LessonProgress(models.Model):
    """One learner on one lesson: where they are, what was watched (seconds, as disjoint sorted pairs), what is passed.

    ``position`` is in seconds of a video or in percent of an article; ``sequence`` is the browser's own.
    """

    wagtail_reference_index_ignore = True

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="progress")
    lesson = models.ForeignKey(EditionLesson, on_delete=models.PROTECT, related_name="+")
    reached_end = models.BooleanField(default=False)
    position = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    watched = models.JSONField(default=list)
    watched_seconds = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    check_passed = models.BooleanField(default=False)
    sequence = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="one_progress_per_lesson")]
