"""Courses and lessons as their editors see them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from assessments.models import Check
from competencies.models import Indicator
from core.blocks import body_blocks
from courses.querysets import CourseQuerySet


def words_of(body: StreamValue) -> str:
    """All text of a body, block by block."""
    return " ".join(body.stream_block.get_searchable_content(body))


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
    AUDIO = "audio", _("音频")
    DOCUMENT = "document", _("文档")
    LINK = "link", _("外部课程")
    LIVE = "live", _("直播")


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
    lecturers = ParentalManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="taught_courses")

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
        index.SearchField("taught_words"),
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

    def taught_words(self) -> str:
        """What the lessons of the newest edition say: their titles and texts, for the search."""
        newest = self.editions.order_by("-number").first() if self.pk else None
        lessons = newest.lessons.all() if newest else []
        return " ".join(f"{lesson.title} {words_of(lesson.body)}" for lesson in lessons)

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
