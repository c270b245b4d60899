"""Exams: sittings with seats, attempts on papers of their own, answers."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.bank import Blueprint, QuestionVersion
from assessments.querysets import AttemptQuerySet, ExamQuerySet, SeatQuerySet
from competencies.models import Phase


class Exam(models.Model):
    """A sitting: when it is open, how long, what passes. ``context_key`` names whatever uses it; it is opaque here."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    context_key = models.CharField(max_length=60, db_index=True, blank=True)
    title = models.CharField(_("名称"), max_length=120)
    blueprint = models.ForeignKey(Blueprint, on_delete=models.PROTECT, related_name="exams")
    phase = models.CharField(_("用途"), max_length=10, choices=Phase)
    opens_at = models.DateTimeField(_("开始时间"))
    closes_at = models.DateTimeField(_("截止时间"))
    minutes = models.PositiveSmallIntegerField(_("时长（分钟）"))
    grace_seconds = models.PositiveSmallIntegerField(_("交卷宽限（秒）"), default=10)
    pass_percent = models.DecimalField(_("及格线（%）"), max_digits=5, decimal_places=2)
    attempts_allowed = models.PositiveSmallIntegerField(_("允许次数"), default=1)
    best_counts = models.BooleanField(_("取最高分"), default=True)
    released_at = models.DateTimeField(_("成绩公布时间"), null=True, blank=True)
    excludes = models.ManyToManyField(
        "self", verbose_name=_("不重复出题的考试"), symmetrical=False, blank=True, related_name="excluded_by"
    )  # nobody gets a question again that they had in one of these
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ExamQuerySet.as_manager()

    class Meta:
        verbose_name = _("考试")
        verbose_name_plural = _("考试")
        ordering = ["opens_at", "pk"]
        constraints = [
            models.CheckConstraint(name="exam_opens_before_it_closes", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(name="exam_percent", condition=Q(pass_percent__gte=0, pass_percent__lte=100)),
            models.CheckConstraint(name="exam_has_time", condition=Q(minutes__gte=1, attempts_allowed__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title


class Seat(models.Model):
    """A person's right to sit an exam, with extra minutes where granted."""

    wagtail_reference_index_ignore = True

    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    extra_minutes = models.PositiveSmallIntegerField(_("加时（分钟）"), default=0)
    is_makeup = models.BooleanField(_("补考"), default=False)
    score = models.DecimalField(_("成绩"), max_digits=6, decimal_places=2, null=True, blank=True)
    percent = models.DecimalField(_("得分率（%）"), max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("及格"), null=True, blank=True)
    extra_attempts = models.PositiveSmallIntegerField(_("增加的作答次数"), default=0)
    makeup_until = models.DateTimeField(_("补考截止"), null=True, blank=True)
    is_voided = models.BooleanField(_("成绩已取消"), default=False)  # an attempt was voided, and none counts

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("考位")
        verbose_name_plural = _("考位")
        constraints = [
            models.UniqueConstraint(fields=["exam", "user"], name="one_seat_per_exam"),
            models.CheckConstraint(
                name="voided_seat_has_no_result",
                condition=Q(is_voided=False) | Q(score__isnull=True, percent__isnull=True, passed__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam} · {self.user}"

    def may_make_up(self, now: datetime) -> bool:
        """Whether an officer let the person sit again, and the time for it is not over."""
        return self.makeup_until is not None and now < self.makeup_until

    @property
    def closes_at(self) -> datetime:
        """When the exam closes for this person."""
        return max(self.exam.closes_at, self.makeup_until) if self.makeup_until else self.exam.closes_at

    @property
    def attempts_allowed(self) -> int:
        return self.exam.attempts_allowed + self.extra_attempts

    @property
    def result_word(self) -> str:
        """通过, 未通过, 成绩已取消, or nothing before a paper is marked."""
        if self.is_voided:
            return str(_("成绩已取消"))
        return {True: str(_("通过")), False: str(_("未通过"))}.get(self.passed, "")


class AttemptState(models.TextChoices):
    RUNNING = "running", _("作答中")
    SUBMITTED = "submitted", _("已交卷")
    MARKED = "marked", _("已评分")
    VOIDED = "voided", _("成绩已取消")


class Attempt(models.Model):
    """One sitting of one person: a paper of its own, the server's clock, a state that moves forward (but 取消)."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("第几次"))
    state = models.CharField(_("状态"), max_length=10, choices=AttemptState, default=AttemptState.RUNNING)
    seed = models.PositiveBigIntegerField()
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    auto_submitted = models.BooleanField(default=False)
    blur_count = models.PositiveIntegerField(default=0)
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    full_score = models.DecimalField(max_digits=6, decimal_places=2)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("答卷")
        constraints = [
            models.UniqueConstraint(fields=["seat", "number"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["seat"], condition=Q(state="running"), name="one_running_attempt_per_seat"),
            models.CheckConstraint(name="attempt_state", condition=Q(state__in=AttemptState.values)),
            models.CheckConstraint(
                name="submitted_attempt_has_time", condition=Q(state="running") | Q(submitted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"答卷 {self.public_id}"


class AttemptItem(models.Model):
    """A question on a person's paper: its wording, the order its options are shown in, the points it is worth."""

    append_only = True
    wagtail_reference_index_ignore = True

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    option_order = models.JSONField()
    points = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_item_per_position"),
            models.UniqueConstraint(fields=["attempt", "version"], name="question_once_on_a_paper"),
        ]


class Answer(models.Model):
    """What is chosen for an item so far; a later ``sequence`` of the client wins, an equal one is a repeat."""

    wagtail_reference_index_ignore = True

    item = models.OneToOneField(AttemptItem, on_delete=models.PROTECT, related_name="answer")
    choice = models.JSONField(default=list)  # option numbers of the wording, sorted
    flagged = models.BooleanField(default=False)
    sequence = models.PositiveBigIntegerField(default=0)
    saved_at = models.DateTimeField()
