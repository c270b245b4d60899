"""Tasks: work to hand in, graded by rubric in rounds."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from assessments.querysets import SubmissionQuerySet, TaskQuerySet
from competencies.models import Indicator
from core import clock
from core.storage import private_storage


class Rubric(ClusterableModel):
    """Criteria by which a task is graded, each on the 1–5 behavioural levels of an indicator."""

    title = models.CharField(_("名称"), max_length=80)
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        verbose_name = _("评分标准")
        verbose_name_plural = _("评分标准")

    def __str__(self) -> str:
        return self.title


class RubricCriterion(models.Model):
    rubric = ParentalKey(Rubric, on_delete=models.CASCADE, related_name="criteria")
    indicator = models.ForeignKey(Indicator, verbose_name=_("能力指标"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("评分项"), max_length=80)
    weight = models.DecimalField(_("权重"), max_digits=3, decimal_places=2)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["rubric", "indicator"], name="indicator_once_in_rubric")]


class Grade(models.TextChoices):
    EXCELLENT = "excellent", _("优秀")
    GOOD = "good", _("良好")
    PASS = "pass", _("合格")
    FAIL = "fail", _("不合格")


class Task(models.Model):
    """A piece of work to hand in and be graded by rubric (case analysis, 调研报告, paper)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    context_key = models.CharField(max_length=60, db_index=True, blank=True)
    title = models.CharField(_("名称"), max_length=120)
    brief = models.TextField(_("要求"))
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="tasks")
    due_at = models.DateTimeField(_("截止时间"))
    marking_closed_at = models.DateTimeField(null=True, blank=True)
    markers = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name=_("评分教师"), related_name="tasks_to_mark")
    ratings_asked = models.PositiveSmallIntegerField(_("每份作业评分人数"), default=1)
    tolerance = models.DecimalField(_("双评允许分差"), max_digits=3, decimal_places=2, default=Decimal("0.50"))
    arbiter = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("裁定人"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="tasks_to_decide",
    )  # fmt: skip

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        constraints = [
            models.CheckConstraint(name="task_rated_once_or_twice", condition=Q(ratings_asked__in=(1, 2))),
            models.CheckConstraint(name="task_tolerance", condition=Q(tolerance__gte=0, tolerance__lte=4)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rated_twice(self) -> bool:
        """双评: two people rate each work without seeing each other's marks."""
        return self.ratings_asked == 2


class Submission(models.Model):
    """One person's work for a task; without text it was graded from what the lecturer saw in class."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="submissions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions")
    text = models.TextField(_("正文"), blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    extended_until = models.DateTimeField(_("延期至"), null=True, blank=True)
    grade = models.CharField(_("等第"), max_length=10, choices=Grade, blank=True)
    score = models.DecimalField(_("得分"), max_digits=3, decimal_places=2, null=True, blank=True)
    disputed_at = models.DateTimeField(_("两次评分不一致"), null=True, blank=True)
    voided_at = models.DateTimeField(_("成绩取消时间"), null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("作业")
        verbose_name_plural = _("作业")
        constraints = [
            models.UniqueConstraint(fields=["task", "user"], name="one_submission_per_task"),
            models.CheckConstraint(
                name="voided_work_has_no_grade", condition=Q(voided_at__isnull=True) | Q(grade="", score__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"作业 {self.public_id}"

    @property
    def due_at(self) -> datetime:
        """Until when this person may hand in."""
        return max(self.task.due_at, self.extended_until) if self.extended_until else self.task.due_at


class HandIn(models.Model):
    """One version of a work: a text, a file, or both; the last one counts."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    text = models.TextField(_("正文"), blank=True)
    file = models.FileField(_("文件"), storage=private_storage, upload_to="task-files/", blank=True)
    file_name = models.CharField(_("文件名"), max_length=120, blank=True)
    content_type = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(_("提交时间"))

    class Meta:
        verbose_name = _("作业版本")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="hand_in_number_once"),
            models.CheckConstraint(name="hand_in_has_content", condition=~Q(text="") | ~Q(file="")),
            models.CheckConstraint(
                name="handed_in_file_is_known",
                condition=Q(file="", sha256="") | (~Q(file="") & ~Q(sha256="") & ~Q(file_name="")),
            ),
        ]


class MarkKind(models.TextChoices):
    SINGLE = "single", _("评分")
    RATING = "rating", _("双评")
    AGREED = "agreed", _("两次评分一致，取平均")
    DECIDED = "decided", _("裁定")


FINAL_KINDS = (MarkKind.SINGLE, MarkKind.AGREED, MarkKind.DECIDED)


class Mark(models.Model):
    """A level on one criterion of a submission; a changed mind is a further round with a reason.

    A work that is rated twice holds the rounds of both, and the round that settles it: their mean, or a decision.
    """

    append_only = True
    wagtail_reference_index_ignore = True

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(RubricCriterion, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=10, choices=MarkKind, default=MarkKind.SINGLE)
    level = models.DecimalField(_("等级"), max_digits=3, decimal_places=2)
    comment = models.CharField(_("评语"), max_length=300, blank=True)
    reason = models.CharField(_("改分理由"), max_length=200, blank=True)  # asked for from the second round on
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="marks_given")
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "criterion", "round"], name="one_mark_per_round"),
            models.CheckConstraint(name="mark_level", condition=Q(level__gte=1, level__lte=5)),
            models.CheckConstraint(name="mark_kind", condition=Q(kind__in=MarkKind.values)),
            models.CheckConstraint(name="decision_has_reason", condition=~Q(kind="decided", reason="")),
        ]
