"""A class from its forming to its closing: members, timetable, attendance, leave, requirements, graduation."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Exam, Task
from cohorts.querysets import CohortQuerySet, MembershipQuerySet
from core import clock
from core.storage import private_storage
from courses.models import CourseEdition
from people.models import Posting, Unit
from records.models import Category, HourRule


class CohortState(models.TextChoices):
    PLANNED = "planned", _("计划中")
    NOMINATING = "nominating", _("报名中")
    CONFIRMED = "confirmed", _("已确认")
    RUNNING = "running", _("进行中")
    CLOSED = "closed", _("已结班")
    ARCHIVED = "archived", _("已归档")
    CANCELLED = "cancelled", _("已取消")


class Half(models.TextChoices):
    MORNING = "am", _("上午")
    AFTERNOON = "pm", _("下午")


class Cohort(models.Model):
    """A class (班次). ``total_hours`` is kept by the timetable's services; ``version`` guards against lost edits."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("班次编号"), max_length=30, unique=True)
    title = models.CharField(_("班次名称"), max_length=100)
    intake_no = models.PositiveSmallIntegerField(_("期次"), default=1)
    brand = models.CharField(_("品牌"), max_length=20, blank=True, default="领航班")
    category = models.CharField(_("培训类别"), max_length=12, choices=Category, default=Category.IN_SERVICE)
    host = models.ForeignKey(Unit, verbose_name=_("主办单位"), on_delete=models.PROTECT, related_name="cohorts")
    place = models.CharField(_("地点"), max_length=80, blank=True)
    starts_on = models.DateField(_("开班日期"))
    ends_on = models.DateField(_("结束日期"))
    hour_rule = models.ForeignKey(HourRule, verbose_name=_("学时规则"), on_delete=models.PROTECT, related_name="+")
    total_hours = models.DecimalField(_("总学时"), max_digits=6, decimal_places=2, default=0)
    state = models.CharField(_("状态"), max_length=12, choices=CohortState, default=CohortState.PLANNED)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_synthetic = models.BooleanField(_("示范数据"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("班次")
        verbose_name_plural = _("班次")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="cohort_dates_in_order", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="cohort_state", condition=Q(state__in=CohortState.values)),
            models.CheckConstraint(
                name="closed_cohort_has_time",
                condition=Q(state__in=["closed", "archived"], closed_at__isnull=False)
                | ~Q(state__in=["closed", "archived"]),
            ),
        ]

    def __str__(self) -> str:
        return self.full_title

    @property
    def full_title(self) -> str:
        """The title as it is printed: with the intake number."""
        return f"{self.title}（第{self.intake_no}期）"

    @property
    def context_key(self) -> str:
        """By this key lower apps keep what belongs to the class without knowing it."""
        return f"cohort:{self.public_id}"


class CohortStaff(models.Model):
    """Who runs or teaches a class."""

    class Duty(models.TextChoices):
        TEACHER = "teacher", _("班主任")
        LECTURER = "lecturer", _("授课教师")
        ORGANISER = "organiser", _("组织员")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="class_duties")
    duty = models.CharField(_("职责"), max_length=10, choices=Duty)

    class Meta:
        verbose_name = _("办班人员")
        constraints = [models.UniqueConstraint(fields=["cohort", "user", "duty"], name="one_duty_per_person")]


class Group(models.Model):
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="groups")
    number = models.PositiveSmallIntegerField(_("组号"))

    class Meta:
        verbose_name = _("小组")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["cohort", "number"], name="group_number_once")]

    def __str__(self) -> str:
        return f"第{self.number}组"


class MembershipState(models.TextChoices):
    CONFIRMED = "confirmed", _("已确认")
    REGISTERED = "registered", _("在班")
    ABSENT = "no_show", _("未报到")
    WITHDRAWN = "withdrawn", _("退学")
    GRADUATED = "graduated", _("结业")
    NOT_GRADUATED = "not_graduated", _("未结业")


class Membership(models.Model):
    """A cadre in a class, with the posting of that day; the leave figures are kept by the write of leave."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("学员"), on_delete=models.PROTECT, related_name="memberships"
    )
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name=_("选派单位"), on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(
        Group, verbose_name=_("小组"), on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    state = models.CharField(_("状态"), max_length=14, choices=MembershipState, default=MembershipState.CONFIRMED)
    registered_at = models.DateTimeField(_("报到时间"), null=True, blank=True)
    ended_on = models.DateField(_("退出日期"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    leave_hours = models.DecimalField(_("累计请假学时"), max_digits=6, decimal_places=2, default=0)
    over_leave_limit = models.BooleanField(_("超过七分之一"), default=False)
    joined_at = models.DateTimeField(default=clock.now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("班次学员")
        verbose_name_plural = _("班次学员")
        ordering = ["user__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user"], name="member_once_per_cohort"),
            models.CheckConstraint(name="membership_state", condition=Q(state__in=MembershipState.values)),
            models.CheckConstraint(name="leave_hours_not_negative", condition=Q(leave_hours__gte=0)),
            models.CheckConstraint(name="withdrawn_with_reason", condition=~Q(state="withdrawn") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.cohort}"


class Session(models.Model):
    """An entry of the timetable within one half day; ``hours`` are 学时 by the class's hour rule."""

    class Kind(models.TextChoices):
        LECTURE = "lecture", _("讲授")
        DISCUSSION = "discussion", _("研讨")
        FIELD = "field", _("现场教学")
        CASE = "case", _("案例教学")
        EXAM = "exam", _("考试")
        SELF_STUDY = "self_study", _("自学")
        CEREMONY = "ceremony", _("开班结业")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(_("内容"), max_length=120)
    kind = models.CharField(_("形式"), max_length=12, choices=Kind, default=Kind.LECTURE)
    day = models.DateField(_("日期"))
    half = models.CharField(_("时段"), max_length=2, choices=Half)
    starts_at = models.TimeField(_("开始"))
    ends_at = models.TimeField(_("结束"))
    room = models.CharField(_("教室"), max_length=60, blank=True)
    lecturer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("授课教师"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions_taught",
    )
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=2)

    class Meta:
        verbose_name = _("课表")
        verbose_name_plural = _("课表")
        ordering = ["day", "starts_at"]
        constraints = [
            models.CheckConstraint(name="session_times_in_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="session_hours", condition=Q(hours__gte=0)),
            models.CheckConstraint(name="session_half", condition=Q(half__in=["am", "pm"])),
        ]

    def __str__(self) -> str:
        return self.title


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", _("到课")
    LATE = "late", _("迟到")
    LEFT_EARLY = "left_early", _("早退")
    ON_LEAVE = "on_leave", _("请假")
    ABSENT = "absent", _("旷课")


class Attendance(models.Model):
    """A member's status in one half day; no row means *not recorded*."""

    wagtail_reference_index_ignore = True

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="attendance")
    day = models.DateField(_("日期"))
    half = models.CharField(_("时段"), max_length=2, choices=Half)
    status = models.CharField(_("状态"), max_length=10, choices=AttendanceStatus)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("考勤")
        constraints = [
            models.UniqueConstraint(fields=["membership", "day", "half"], name="one_status_per_half_day"),
            models.CheckConstraint(name="attendance_status", condition=Q(status__in=AttendanceStatus.values)),
        ]


class AttendanceEvent(models.Model):
    """Each recording and each correction, with who and why."""

    append_only = True
    wagtail_reference_index_ignore = True

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="events")
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]


class LeaveRecord(models.Model):
    """Leave granted from one half day to another; ``hours`` are what the timetable holds in between."""

    wagtail_reference_index_ignore = True

    class Category(models.TextChoices):
        OFFICIAL = "official", _("公务")
        SICK = "sick", _("病假")
        PRIVATE = "private", _("事假")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="leaves")
    category = models.CharField(_("类别"), max_length=10, choices=Category)
    from_day = models.DateField(_("开始日期"))
    from_half = models.CharField(_("开始时段"), max_length=2, choices=Half)
    to_day = models.DateField(_("结束日期"))
    to_half = models.CharField(_("结束时段"), max_length=2, choices=Half)
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=2)
    reason = models.CharField(_("事由"), max_length=200)
    approved_by_name = models.CharField(_("批准人"), max_length=50)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("请假")
        ordering = ["from_day", "from_half"]
        constraints = [
            models.CheckConstraint(name="leave_days_in_order", condition=Q(to_day__gte=F("from_day"))),
            models.CheckConstraint(
                name="leave_halves_in_order",
                condition=Q(to_day__gt=F("from_day")) | ~Q(from_half="pm", to_half="am"),
            ),
        ]


class LeaveDecision(models.Model):
    """What a person decided about a member above the 1/7 limit; the flag stays visible either way."""

    append_only = True
    wagtail_reference_index_ignore = True

    class Outcome(models.TextChoices):
        WITHDRAW = "withdraw", _("确认退学")
        WAIVE = "waive", _("豁免")

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="leave_decisions")
    outcome = models.CharField(_("决定"), max_length=10, choices=Outcome)
    leave_hours = models.DecimalField(max_digits=6, decimal_places=2)
    total_hours = models.DecimalField(max_digits=6, decimal_places=2)
    reason = models.CharField(_("理由"), max_length=200)
    document_no = models.CharField(_("文号"), max_length=60)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="leave_decision_reasoned", condition=~Q(reason="") & ~Q(document_no=""))
        ]


class Requirement(models.Model):
    """A condition of graduation: a node that asks for all or n of its children, or a leaf that points at one thing."""

    class Kind(models.TextChoices):
        ALL = "all", _("全部满足")
        N_OF = "n_of", _("满足其中若干项")
        COURSE = "course", _("课程")
        EXAM = "exam", _("考试")
        TASK = "task", _("任务")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="requirements")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    need = models.PositiveSmallIntegerField(_("至少满足"), null=True, blank=True)
    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("结业条件")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort"], condition=Q(parent__isnull=True), name="one_root_requirement"),
            models.CheckConstraint(
                name="requirement_points_at_its_kind",
                condition=Q(kind__in=["all", "n_of"], edition__isnull=True, exam__isnull=True, task__isnull=True)
                | Q(kind="course", edition__isnull=False, exam__isnull=True, task__isnull=True)
                | Q(kind="exam", edition__isnull=True, exam__isnull=False, task__isnull=True)
                | Q(kind="task", edition__isnull=True, exam__isnull=True, task__isnull=False),
            ),
            models.CheckConstraint(
                name="only_n_of_needs_a_number",
                condition=Q(kind="n_of", need__gte=1) | (~Q(kind="n_of") & Q(need__isnull=True)),
            ),
            models.CheckConstraint(
                name="leaf_has_a_parent", condition=Q(kind__in=["all", "n_of"]) | Q(parent__isnull=False)
            ),
            models.UniqueConstraint(fields=["cohort", "edition"], name="course_required_once"),
            models.UniqueConstraint(fields=["cohort", "exam"], name="exam_required_once"),
            models.UniqueConstraint(fields=["cohort", "task"], name="task_required_once"),
        ]


class RequirementResult(models.Model):
    """Where a member stands on a leaf; kept by the receivers of what lower apps announce."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        MET = "met", _("已满足")
        MISSING = "missing", _("未满足")

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="results")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="results")
    state = models.CharField(_("状态"), max_length=8, choices=State)
    detail = models.CharField(_("说明"), max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "requirement"], name="one_result_per_requirement"),
            models.CheckConstraint(name="requirement_result_state", condition=Q(state__in=["met", "missing"])),
        ]


class ClosingPaper(models.Model):
    """A paper that has to be attached before a class can be closed."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("培训方案")
        TIMETABLE = "timetable", _("最终课表")
        SIGN_IN = "sign_in", _("签到表")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="closing_papers")
    kind = models.CharField(_("材料"), max_length=10, choices=Kind)
    name = models.CharField(_("文件名"), max_length=120)
    file = models.FileField(storage=private_storage, upload_to="closing-papers/")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("结班材料")
        constraints = [models.UniqueConstraint(fields=["cohort", "sha256", "kind"], name="paper_once_per_cohort")]


class Closing(models.Model):
    """A closing of a class; undone and done again it gets the next number."""

    wagtail_reference_index_ignore = True

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="closings")
    number = models.PositiveSmallIntegerField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="closing_number_once"),
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(undone_at__isnull=True), name="one_standing_closing"
            ),
        ]


class GraduationDecision(models.Model):
    """Graduated or not at a closing, with every condition as it stood: a list of {key, label, met, detail}."""

    append_only = True
    wagtail_reference_index_ignore = True

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="decisions")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="decisions")
    granted = models.BooleanField()
    conditions = models.JSONField()
    days = models.DecimalField(max_digits=6, decimal_places=2)
    hours = models.DecimalField(max_digits=7, decimal_places=2)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closing", "membership"], name="one_decision_per_closing")]
