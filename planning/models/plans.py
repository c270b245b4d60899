"""The plan of a year or of an occasion, its classes, what changes after approval, and the standard of cost."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from core import clock
from courses.models import Track
from people.models import Unit
from people.ranks import Regime
from planning.querysets.plans import (
    CostStandardQuerySet,
    PlanChangeQuerySet,
    PlannedClassQuerySet,
    TrainingPlanQuerySet,
)
from records.models import Category, Mode


class FeeClass(models.TextChoices):
    """The classes of training that standards of cost distinguish."""

    FIRST = "first", _("一类培训")
    SECOND = "second", _("二类培训")
    THIRD = "third", _("三类培训")


class CostStandard(models.Model):
    """One version of what a person and day of training may cost; local, so it is data with its source."""

    append_only = True

    version = models.PositiveIntegerField(_("版本"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    effective_from = models.DateField(_("生效日期"))
    note = models.CharField(_("依据"), max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = CostStandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("培训费标准")
        verbose_name_plural = _("培训费标准")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"


class CostLine(models.Model):
    """The most that one person's day may cost in a class of training, in yuan."""

    append_only = True
    wagtail_reference_index_ignore = True

    standard = models.ForeignKey(CostStandard, on_delete=models.PROTECT, related_name="lines")
    fee_class = models.CharField(_("费用类别"), max_length=8, choices=FeeClass)
    per_person_day = models.DecimalField(_("每人每天（元）"), max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = _("培训费标准明细")
        ordering = ["fee_class"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "fee_class"], name="one_cost_line_per_fee_class"),
            models.CheckConstraint(name="cost_fee_class", condition=Q(fee_class__in=FeeClass.values)),
            models.CheckConstraint(name="cost_is_positive", condition=Q(per_person_day__gt=0)),
        ]


class TrainingPlan(models.Model):
    """The plan of a training office for a year, or for classes that were not foreseen; ``version`` guards edits."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("年度计划")
        AD_HOC = "ad_hoc", _("临时计划")

    class State(models.TextChoices):
        DRAFT = "draft", _("编制中")
        SUBMITTED = "submitted", _("待审批")
        APPROVED = "approved", _("已批准")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, verbose_name=_("编制单位"), on_delete=models.PROTECT, related_name="training_plans")
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind, default=Kind.ANNUAL)
    title = models.CharField(_("名称"), max_length=100)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="copies"
    )
    copy_notes = models.JSONField(default=list, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    is_synthetic = models.BooleanField(_("示范数据"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    document_no = models.CharField(_("批准文号"), max_length=60, blank=True)

    objects = TrainingPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("培训计划")
        verbose_name_plural = _("培训计划")
        ordering = ["-year", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"], condition=Q(kind="annual"), name="one_annual_plan_per_unit_and_year"
            ),
            models.UniqueConstraint(
                fields=["copied_from", "year"],
                condition=Q(copied_from__isnull=False),
                name="one_copy_per_plan_and_year",
            ),
            models.CheckConstraint(name="plan_kind", condition=Q(kind__in=["annual", "ad_hoc"])),
            models.CheckConstraint(name="plan_state", condition=Q(state__in=["draft", "submitted", "approved"])),
            models.CheckConstraint(name="plan_year", condition=Q(year__range=(2000, 2100))),
            models.CheckConstraint(
                name="plan_submitted_by_somebody",
                condition=Q(state="draft") | Q(submitted_by__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_approved_by_somebody_else",
                condition=Q(state="approved", approved_at__isnull=False, approved_by__isnull=False)
                & ~Q(approved_by=F("submitted_by"))
                | Q(~Q(state="approved"), approved_by__isnull=True, approved_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanDecision(models.Model):
    """What happened to a plan and when: handed in, given back, approved; ``content`` is its classes as they stood."""

    class What(models.TextChoices):
        SUBMITTED = "submitted", _("提交审批")
        RETURNED = "returned", _("退回修改")
        APPROVED = "approved", _("批准")

    append_only = True
    wagtail_reference_index_ignore = True

    plan = models.ForeignKey(TrainingPlan, on_delete=models.PROTECT, related_name="decisions")
    what = models.CharField(max_length=10, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    reason = models.CharField(_("意见"), max_length=300, blank=True)
    document_no = models.CharField(_("批准文号"), max_length=60, blank=True)
    content = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="plan_decision", condition=Q(what__in=["submitted", "returned", "approved"])),
            models.CheckConstraint(name="return_with_reason", condition=~Q(what="returned") | ~Q(reason="")),
        ]


class PlannedClass(models.Model):
    """One class of a plan: for whom, about what, when, where, how many, at what cost (yuan).

    ``levels`` holds codes of ``people.ranks``; empty means that post and rank do not matter.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(TrainingPlan, on_delete=models.PROTECT, related_name="classes")
    position = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("班次名称"), max_length=100)
    intake_no = models.PositiveSmallIntegerField(_("期次"), default=1)
    brand = models.CharField(_("品牌"), max_length=20, blank=True, default="领航班")
    theme = models.CharField(_("主题"), max_length=10, choices=Track)
    category = models.CharField(_("培训类别"), max_length=12, choices=Category, default=Category.IN_SERVICE)
    mode = models.CharField(_("培训方式"), max_length=14, choices=Mode, default=Mode.OFF_JOB)
    starts_on = models.DateField(_("开班日期"))
    ends_on = models.DateField(_("结束日期"))
    days = models.DecimalField(_("天数"), max_digits=5, decimal_places=1)
    hours = models.DecimalField(_("学时"), max_digits=6, decimal_places=2)
    regime = models.CharField(_("对象范围"), max_length=10, choices=Regime, blank=True)
    levels = models.JSONField(_("职务层次和职级"), default=list, blank=True)
    audience = models.CharField(_("培训对象"), max_length=200)
    places = models.PositiveSmallIntegerField(_("人数"))
    venue = models.CharField(_("地点"), max_length=80, blank=True)
    fee_class = models.CharField(_("费用类别"), max_length=8, choices=FeeClass, default=FeeClass.THIRD)
    budget = models.DecimalField(_("经费预算（元）"), max_digits=12, decimal_places=2)
    over_reason = models.CharField(_("超标准的理由"), max_length=300, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cohort = models.OneToOneField(
        Cohort, verbose_name=_("班次"), on_delete=models.PROTECT, null=True, blank=True, related_name="planned"
    )

    objects = PlannedClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("计划班次")
        verbose_name_plural = _("计划班次")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "title", "intake_no"],
                condition=Q(cancelled_at__isnull=True),
                name="planned_once_per_plan",
            ),
            models.CheckConstraint(name="planned_intake", condition=Q(intake_no__gt=0)),
            models.CheckConstraint(name="planned_dates_in_order", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="planned_days_and_hours", condition=Q(days__gt=0, hours__gt=0)),
            models.CheckConstraint(name="planned_places", condition=Q(places__gt=0)),
            models.CheckConstraint(name="planned_budget", condition=Q(budget__gte=0)),
            models.CheckConstraint(name="planned_theme", condition=Q(theme__in=Track.values)),
            models.CheckConstraint(name="planned_category", condition=Q(category__in=Category.values)),
            models.CheckConstraint(name="planned_mode", condition=Q(mode__in=Mode.values)),
            models.CheckConstraint(name="planned_fee_class", condition=Q(fee_class__in=FeeClass.values)),
        ]

    def __str__(self) -> str:
        return self.full_title

    @property
    def full_title(self) -> str:
        """The title as it is printed: with the intake number."""
        return f"{self.title}（第{self.intake_no}期）"


class PlanChange(models.Model):
    """A change asked for after the approval, with the values before and after; the plan moves when it is approved."""

    class Kind(models.TextChoices):
        EDIT = "edit", _("调整班次")
        ADD = "add", _("增加班次")
        CANCEL = "cancel", _("取消班次")

    class State(models.TextChoices):
        PENDING = "pending", _("待审批")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("不同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(TrainingPlan, on_delete=models.PROTECT, related_name="changes")
    target = models.ForeignKey(PlannedClass, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PENDING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(_("审批意见"), max_length=300, blank=True)
    document_no = models.CharField(_("批准文号"), max_length=60, blank=True)

    objects = PlanChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("计划变更")
        verbose_name_plural = _("计划变更")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["target"], condition=Q(state="pending"), name="one_pending_change_per_planned_class"
            ),
            models.CheckConstraint(name="plan_change_kind", condition=Q(kind__in=["edit", "add", "cancel"])),
            models.CheckConstraint(
                name="plan_change_state", condition=Q(state__in=["pending", "approved", "refused", "withdrawn"])
            ),
            models.CheckConstraint(name="plan_change_with_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="plan_change_names_its_class",
                condition=Q(kind="add") | Q(kind__in=["edit", "cancel"], target__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_change_decided_by_somebody_else",
                condition=Q(state__in=["pending", "withdrawn"], decided_by__isnull=True)
                | Q(state__in=["approved", "refused"], decided_at__isnull=False) & ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="plan_refusal_with_reason", condition=~Q(state="refused") | ~Q(decision_reason="")
            ),
        ]
