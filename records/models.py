"""Training hours: the rules that count them, the append-only lines, and what is required of whom."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from people.models import Unit
from people.ranks import Regime
from people.scopes import people_condition


class Bucket(models.TextChoices):
    """Three buckets that are never summed into one another."""

    CENTRAL = "central", _("集中培训")
    ONLINE = "online", _("网络自学")
    BASIC = "basic", _("基本培训")


class Category(models.TextChoices):
    """What the training is for (公务员法 Arts 66–68); independent of the mode."""

    INITIAL = "initial", _("初任培训")
    APPOINTMENT = "appointment", _("任职培训")
    SPECIAL = "special", _("专门业务培训")
    IN_SERVICE = "in_service", _("在职培训")
    OTHER = "other", _("其他培训")


class Mode(models.TextChoices):
    """How it is held; independent of the category."""

    OFF_JOB = "off_job", _("脱产培训")
    CENTRE_GROUP = "centre_group", _("中心组学习")
    ONLINE = "online", _("网络培训")
    SELF_STUDY = "self_study", _("自学")
    OTHER_CENTRAL = "other_central", _("其他集中培训")


class Window(models.TextChoices):
    """The span of time in which a requirement has to be met."""

    YEAR = "year", _("自然年度")
    ROLLING_5 = "rolling_5", _("近五年")
    PLAN = "plan", _("规划周期")
    FROM_PROMOTION = "from_promotion", _("提任一年内")


class OnlineUnit(models.TextChoices):
    """What the brackets of online hours are applied to."""

    LESSON = "lesson", _("按课时逐个计算")
    COURSE = "course", _("按整门课程计算")


class HourRule(models.Model):
    """One version of how days and online courses become hours; a credited line keeps the version that produced it."""

    version = models.PositiveIntegerField(_("版本"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    hours_per_day = models.DecimalField(_("每天学时"), max_digits=4, decimal_places=2)
    hours_per_half_day = models.DecimalField(_("每半天学时"), max_digits=4, decimal_places=2)
    online_unit = models.CharField(_("网络课程计算单位"), max_length=6, choices=OnlineUnit, default=OnlineUnit.LESSON)
    online_full_minutes = models.PositiveSmallIntegerField(_("计满学时的分钟数"), default=30)
    online_half_minutes = models.PositiveSmallIntegerField(_("计短课学时的分钟数上限"), default=15)
    online_full_hours = models.DecimalField(_("长课学时"), max_digits=4, decimal_places=2, default=Decimal("1"))
    online_half_hours = models.DecimalField(_("中等时长学时"), max_digits=4, decimal_places=2, default=Decimal("0.5"))
    online_short_hours = models.DecimalField(_("短课学时"), max_digits=4, decimal_places=2, default=Decimal("0.25"))
    online_test_hours = models.DecimalField(
        _("测验通过另计学时"), max_digits=4, decimal_places=2, default=Decimal("0.5")
    )
    online_capped = models.BooleanField(_("不超过课程标明的学时"), default=True)
    effective_from = models.DateField(_("生效日期"))
    note = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("学时规则")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(name="online_unit", condition=Q(online_unit__in=OnlineUnit.values)),
            models.CheckConstraint(
                name="online_brackets_in_order", condition=Q(online_half_minutes__lt=models.F("online_full_minutes"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"


class HourEntryQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> HourEntryQuerySet:
        """Lines of people whose personal file the user may open."""
        people = self.model._meta.get_field("user").related_model.objects.filter(people_condition(user))
        return self.filter(user__in=people.values("pk"))

    def standing(self) -> HourEntryQuerySet:
        """Lines that are neither reversed nor reversals."""
        return self.filter(reverses__isnull=True, reversed_by__isnull=True)


class HourEntry(models.Model):
    """A credited line in days *and* hours; never changed, only reversed by another line."""

    append_only = True
    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hour_entries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    bucket = models.CharField(_("学时类别"), max_length=10, choices=Bucket)
    category = models.CharField(_("培训类别"), max_length=12, choices=Category)
    mode = models.CharField(_("培训方式"), max_length=14, choices=Mode)
    days = models.DecimalField(_("天数"), max_digits=6, decimal_places=2)
    hours = models.DecimalField(_("学时"), max_digits=7, decimal_places=2)
    earned_on = models.DateField(_("取得日期"))
    label = models.CharField(_("来源"), max_length=120)
    source_key = models.CharField(_("来源编号"), max_length=120, unique=True)
    rule = models.ForeignKey(HourRule, on_delete=models.PROTECT, null=True, related_name="entries")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    evidence_no = models.CharField(_("证明材料编号"), max_length=80, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = HourEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("学时记录")
        verbose_name_plural = _("学时记录")
        ordering = ["-earned_on", "-pk"]
        indexes = [models.Index(fields=["user", "bucket", "earned_on"], name="hours_of_user")]
        constraints = [
            models.CheckConstraint(name="hour_bucket", condition=Q(bucket__in=Bucket.values)),
            models.CheckConstraint(name="hour_category", condition=Q(category__in=Category.values)),
            models.CheckConstraint(name="hour_mode", condition=Q(mode__in=Mode.values)),
            models.CheckConstraint(
                name="hours_positive_unless_reversal",
                condition=Q(reverses__isnull=True, hours__gte=0, days__gte=0)
                | Q(reverses__isnull=False, hours__lte=0, days__lte=0),
            ),
        ]


class RequirementPolicy(models.Model):
    """One version of the required-training table."""

    version = models.PositiveIntegerField(_("版本"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    effective_from = models.DateField(_("生效日期"))
    plan_from = models.DateField(_("规划周期开始"), null=True, blank=True)
    plan_to = models.DateField(_("规划周期结束"), null=True, blank=True)
    note = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("应训要求")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"


class RequirementLine(models.Model):
    """What one regime has to reach in one bucket and window; either measure that is given satisfies it."""

    policy = models.ForeignKey(RequirementPolicy, on_delete=models.PROTECT, related_name="lines")
    regime = models.CharField(_("对象"), max_length=10, choices=Regime)
    bucket = models.CharField(_("学时类别"), max_length=10, choices=Bucket)
    window = models.CharField(_("期限"), max_length=16, choices=Window)
    min_hours = models.DecimalField(_("学时不少于"), max_digits=7, decimal_places=2, null=True, blank=True)
    min_days = models.DecimalField(_("天数不少于"), max_digits=6, decimal_places=2, null=True, blank=True)
    min_months = models.DecimalField(_("月数不少于"), max_digits=4, decimal_places=2, null=True, blank=True)
    days_per_month = models.DecimalField(_("一个月折合天数"), max_digits=4, decimal_places=1, default=Decimal("30"))
    certainty = models.CharField(_("核对情况"), max_length=2, default="V")

    class Meta:
        ordering = ["policy", "regime", "bucket", "window"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "regime", "bucket", "window"], name="one_line_per_requirement"),
            models.CheckConstraint(
                name="requirement_has_a_measure",
                condition=Q(min_hours__isnull=False) | Q(min_days__isnull=False) | Q(min_months__isnull=False),
            ),
        ]
