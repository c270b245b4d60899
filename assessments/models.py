"""The engine of tests and tasks. It knows seats and people, never a class: who uses it stands above it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from assessments.querysets import (
    AttemptQuerySet,
    ExamQuerySet,
    QuestionQuerySet,
    SeatQuerySet,
    SubmissionQuerySet,
    TaskQuerySet,
)
from competencies.models import Indicator, Phase
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

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("考位")
        verbose_name_plural = _("考位")
        constraints = [models.UniqueConstraint(fields=["exam", "user"], name="one_seat_per_exam")]

    def __str__(self) -> str:
        return f"{self.exam} · {self.user}"

    @property
    def result_word(self) -> str:
        """通过, 未通过, or nothing before a paper is marked."""
        return {True: str(_("通过")), False: str(_("未通过"))}.get(self.passed, "")


class AttemptState(models.TextChoices):
    RUNNING = "running", _("作答中")
    SUBMITTED = "submitted", _("已交卷")
    MARKED = "marked", _("已评分")


class Attempt(models.Model):
    """One sitting of one person: a paper of its own, the server's clock, a state that only moves forward."""

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

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")

    def __str__(self) -> str:
        return self.title


class Submission(models.Model):
    """One person's work for a task; without text it was graded from what the lecturer saw in class."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="submissions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions")
    text = models.TextField(_("正文"), blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    grade = models.CharField(_("等第"), max_length=10, choices=Grade, blank=True)
    score = models.DecimalField(_("得分"), max_digits=3, decimal_places=2, null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("作业")
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="one_submission_per_task")]

    def __str__(self) -> str:
        return f"作业 {self.public_id}"


class Mark(models.Model):
    """A lecturer's level on one criterion of a submission; a changed mind is a further row with a reason."""

    append_only = True
    wagtail_reference_index_ignore = True

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(RubricCriterion, on_delete=models.PROTECT, related_name="marks")
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
        ]
