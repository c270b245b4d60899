"""Versions of the hour rule and of the required-training table; a version in force never changes."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.ranks import Regime
from records.models.choices import Bucket, Category, Mode, OnlineUnit, Window

LONGEST_CARRY = 10  # years


class HourTerms(models.Model):
    """How days and online courses become hours: what a version of the hour rule and its draft both say."""

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
        abstract = True


class HourRule(HourTerms):
    """One version of how days and online courses become hours; a credited line keeps the version that produced it."""

    append_only = True

    version = models.PositiveIntegerField(_("版本"), unique=True)

    class Meta:
        verbose_name = _("学时规则")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(name="online_unit", condition=Q(online_unit__in=OnlineUnit.values)),
            models.CheckConstraint(
                name="online_brackets_in_order", condition=Q(online_half_minutes__lt=F("online_full_minutes"))
            ),
            models.UniqueConstraint(fields=["effective_from"], name="one_hour_rule_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"


class PolicyTerms(models.Model):
    """What a version of the required-training table and its draft both say.

    Surplus hours of a year are carried from ``carry_from_year`` on, for as many years as each line says.
    """

    name = models.CharField(_("名称"), max_length=60)
    effective_from = models.DateField(_("生效日期"))
    plan_from = models.DateField(_("规划周期开始"), null=True, blank=True)
    plan_to = models.DateField(_("规划周期结束"), null=True, blank=True)
    carry_from_year = models.PositiveSmallIntegerField(_("自哪一年度起结转"), null=True, blank=True)
    note = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        abstract = True


class LineTerms(models.Model):
    """What one regime has to reach in one bucket and window; either measure that is given satisfies it."""

    regime = models.CharField(_("对象"), max_length=10, choices=Regime)
    bucket = models.CharField(_("学时类别"), max_length=10, choices=Bucket)
    window = models.CharField(_("期限"), max_length=16, choices=Window)
    min_hours = models.DecimalField(_("学时不少于"), max_digits=7, decimal_places=2, null=True, blank=True)
    min_days = models.DecimalField(_("天数不少于"), max_digits=6, decimal_places=2, null=True, blank=True)
    min_months = models.DecimalField(_("月数不少于"), max_digits=4, decimal_places=2, null=True, blank=True)
    days_per_month = models.DecimalField(_("一个月折合天数"), max_digits=4, decimal_places=1, default=Decimal("30"))
    carry_years = models.PositiveSmallIntegerField(_("超出部分结转年数"), default=0)
    certainty = models.CharField(_("核对情况"), max_length=2, default="V")

    class Meta:
        abstract = True


class CapTerms(models.Model):
    """At most so many hours (and days) of a kind of training count in a calendar year; an empty kind means any."""

    bucket = models.CharField(_("学时类别"), max_length=10, choices=Bucket)
    category = models.CharField(_("培训类别"), max_length=12, choices=Category, blank=True)
    mode = models.CharField(_("培训方式"), max_length=14, choices=Mode, blank=True)
    max_hours = models.DecimalField(_("每年最多计入学时"), max_digits=6, decimal_places=2)
    max_days = models.DecimalField(_("每年最多计入天数"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        abstract = True


HAS_A_MEASURE = Q(min_hours__isnull=False) | Q(min_days__isnull=False) | Q(min_months__isnull=False)
CARRY_IS_YEARLY = Q(carry_years=0) | Q(window=Window.YEAR, carry_years__range=(1, LONGEST_CARRY))
CAP_KINDS = Q(category__in=["", *Category.values], mode__in=["", *Mode.values], bucket__in=Bucket.values)


class RequirementPolicy(PolicyTerms):
    """One version of the required-training table."""

    append_only = True

    version = models.PositiveIntegerField(_("版本"), unique=True)

    class Meta:
        verbose_name = _("应训要求")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["effective_from"], name="one_policy_per_day")]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"


class RequirementLine(LineTerms):
    """A line of a version of the required-training table."""

    append_only = True

    policy = models.ForeignKey(RequirementPolicy, on_delete=models.PROTECT, related_name="lines")

    class Meta:
        ordering = ["policy", "regime", "bucket", "window"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "regime", "bucket", "window"], name="one_line_per_requirement"),
            models.CheckConstraint(name="requirement_has_a_measure", condition=HAS_A_MEASURE),
            models.CheckConstraint(name="carry_is_yearly", condition=CARRY_IS_YEARLY),
        ]


class CountingCap(CapTerms):
    """A cap of a version of the required-training table."""

    append_only = True

    policy = models.ForeignKey(RequirementPolicy, on_delete=models.PROTECT, related_name="caps")

    class Meta:
        verbose_name = _("计入上限")
        ordering = ["policy", "bucket", "category", "mode"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "bucket", "category", "mode"], name="one_cap_per_kind"),
            models.CheckConstraint(name="cap_kinds", condition=CAP_KINDS),
            models.CheckConstraint(name="cap_names_a_kind", condition=~Q(category="") | ~Q(mode="")),
            models.CheckConstraint(
                name="cap_not_negative",
                condition=Q(max_hours__gte=0) & (Q(max_days__isnull=True) | Q(max_days__gte=0)),
            ),
        ]
