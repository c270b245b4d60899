"""The class itself, who runs it, its groups and its members."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.querysets import CohortQuerySet, MembershipQuerySet
from core import clock
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
    arrival_days = models.PositiveSmallIntegerField(
        _("报到期限（工作日）"),
        default=3,
        help_text=_("自开班日起（含当日）的工作日数；逾期未报到的名额由培训处确认取消，期限内可以换人。"),
    )
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="copies"
    )
    state = models.CharField(_("状态"), max_length=12, choices=CohortState, default=CohortState.PLANNED)
    appraisal_required = models.BooleanField(_("结班前须签署结业鉴定"), default=False, editable=False)
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
            models.CheckConstraint(name="cohort_arrival_days", condition=Q(arrival_days__range=(1, 30))),
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
    replaces = models.OneToOneField(
        "self", verbose_name=_("替换"), on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
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
            models.CheckConstraint(
                name="replaces_somebody_else", condition=Q(replaces__isnull=True) | ~Q(replaces=F("id"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.cohort}"
