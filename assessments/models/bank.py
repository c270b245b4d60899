"""The bank of questions, the checks of lessons, and the blueprints of papers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from assessments.querysets import QuestionQuerySet
from competencies.models import Indicator
from core import clock


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("单选题")
    MULTIPLE = "multiple", _("多选题")
    JUDGE = "judge", _("判断题")


class Question(models.Model):
    """A question of the bank; its text lives in immutable versions, the newest is drawn."""

    key = models.CharField(_("题号"), max_length=40, unique=True)
    kind = models.CharField(_("题型"), max_length=10, choices=QuestionKind)
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("能力指标"), on_delete=models.PROTECT, related_name="questions"
    )
    difficulty = models.PositiveSmallIntegerField(_("难度"), default=2)
    in_bank = models.BooleanField(_("可用于组卷"), default=True)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("试题")
        verbose_name_plural = _("试题")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(name="question_kind", condition=Q(kind__in=QuestionKind.values)),
            models.CheckConstraint(name="question_difficulty", condition=Q(difficulty__gte=1, difficulty__lte=3)),
        ]

    def __str__(self) -> str:
        return self.key


class QuestionVersion(models.Model):
    """The wording of a question at one time: options as strings, the answer as option numbers from 0."""

    append_only = True
    wagtail_reference_index_ignore = True

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    stem = models.TextField(_("题干"))
    options = models.JSONField(_("选项"))
    answer = models.JSONField(_("答案"))
    explanation = models.TextField(_("解析"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["question", "number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="one_wording_per_version")]


class Check(models.Model):
    """A short check of what a lesson taught; any number of tries, passed at ``pass_mark`` right answers."""

    key = models.CharField(_("标识"), max_length=80, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    pass_mark = models.PositiveSmallIntegerField(_("答对题数"))
    questions = models.ManyToManyField(Question, through="CheckQuestion", related_name="checks")

    class Meta:
        verbose_name = _("课时测验")
        verbose_name_plural = _("课时测验")

    def __str__(self) -> str:
        return self.title


class CheckQuestion(models.Model):
    owner = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="entries")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["owner", "question"], name="question_once_in_check")]


class CheckPaper(models.Model):
    """A check frozen for an edition: the wordings that its learners answer."""

    append_only = True
    wagtail_reference_index_ignore = True

    source = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=120)
    pass_mark = models.PositiveSmallIntegerField()
    versions = models.JSONField()  # ids of QuestionVersion in their order
    made_at = models.DateTimeField(default=clock.now)


class CheckAttempt(models.Model):
    """One try at a frozen check, answered and marked in one go; ``client_key`` makes a repeat harmless."""

    append_only = True
    wagtail_reference_index_ignore = True

    paper = models.ForeignKey(CheckPaper, on_delete=models.PROTECT, related_name="attempts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="check_attempts")
    context_key = models.CharField(max_length=60)  # the enrolment it counts for
    client_key = models.UUIDField()
    answers = models.JSONField()
    right = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["context_key", "paper"], name="check_tries")]
        constraints = [models.UniqueConstraint(fields=["user", "client_key"], name="one_check_attempt_per_key")]


class Blueprint(ClusterableModel):
    """How a paper is put together: lines that say how many questions of a kind, an indicator and a difficulty."""

    title = models.CharField(_("名称"), max_length=80)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("组卷方案")
        verbose_name_plural = _("组卷方案")

    def __str__(self) -> str:
        return self.title


class BlueprintLine(models.Model):
    blueprint = ParentalKey(Blueprint, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(_("题型"), max_length=10, choices=QuestionKind)
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("能力指标"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    difficulty = models.PositiveSmallIntegerField(_("难度"), null=True, blank=True)
    count = models.PositiveSmallIntegerField(_("题数"))
    points = models.DecimalField(_("每题分值"), max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="blueprint_line_asks", condition=Q(count__gte=1, points__gt=0))]
