"""Courses and lessons as their editors see them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
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

from assessments.models import Check, Question
from competencies.models import Indicator
from core.blocks import body_blocks
from courses import guards
from courses.models.delivery import Delivery
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


RECORDINGS = {LessonKind.VIDEO: "video", LessonKind.AUDIO: "audio"}  # the kinds that are played, and their file
SPEEDS = [
    (Decimal("1.00"), _("只按原速播放")),
    (Decimal("1.25"), _("最快 1.25 倍")),
    (Decimal("1.50"), _("最快 1.5 倍")),
    (Decimal("2.00"), _("最快 2 倍")),
]


class Lesson(
    index.Indexed, PreviewableMixin, LockableMixin, DraftStateMixin, RevisionMixin, Delivery, ClusterableModel
):
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
    audio = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("音频文件"),
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
    seconds = models.PositiveIntegerField(_("播放时长（秒）"), null=True, blank=True)
    check_of_learning = models.ForeignKey(
        Check, verbose_name=_("课时测验"), on_delete=models.PROTECT, null=True, blank=True, related_name="lessons"
    )

    copyright_until = models.DateField(
        _("使用授权至"), null=True, blank=True, help_text=_("授权使用的最后一天；不限期的留空。到期前 60 天起提醒。")
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

    @property
    def recording(self) -> Any:
        """The file that is played; None where the lesson is read."""
        field = RECORDINGS.get(self.kind)
        return getattr(self, field) if field else None

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "courses/preview/lesson.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return {"lesson": self}


class LessonCue(Orderable):
    """A question of the bank at a second of a recording; playing stops there until it is answered."""

    lesson = ParentalKey(Lesson, on_delete=models.CASCADE, related_name="cues")
    at = models.PositiveIntegerField(_("出现在第几秒"))
    question = models.ForeignKey(Question, verbose_name=_("试题"), on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = _("播放中的试题")
        verbose_name_plural = _("播放中的试题")


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
    max_speed = models.DecimalField(_("播放速度"), max_digits=3, decimal_places=2, choices=SPEEDS, default=Decimal(1))

    copyright_until = models.DateField(
        _("使用授权至"), null=True, blank=True, help_text=_("授权使用的最后一天；不限期的留空。到期前 60 天起提醒。")
    )

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
            models.CheckConstraint(name="course_speed", condition=Q(max_speed__gte=1, max_speed__lte=2)),
        ]

    def __str__(self) -> str:
        return self.title

    published_by_hand = True  # an approved workflow does not publish it

    @property
    def revisions(self) -> Any:
        return self._revisions

    def publish(self, revision: Any, **kwargs: Any) -> None:
        """Every door of publication leads here; the guards decide."""
        if guards.lets_through(self, revision, kwargs.get("log_action") == "wagtail.publish.scheduled"):
            super().publish(revision, **kwargs)

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

    class Meta(Orderable.Meta):
        verbose_name = _("单元")


class ModuleItem(Orderable):
    module = ParentalKey(Module, on_delete=models.CASCADE, related_name="items")
    lesson = models.ForeignKey(Lesson, verbose_name=_("课时"), on_delete=models.PROTECT, related_name="+")
    required = models.BooleanField(_("必修"), default=True)

    class Meta(Orderable.Meta):
        verbose_name = _("单元课时")
