"""Check-in by code: the window of a half day, and every attempt to use it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Cohort
from cohorts.models.timetable import Half
from core import clock


class CheckIn(models.Model):
    """The check-in of a half day; opened again it has a new secret, so that earlier codes are worth nothing."""

    wagtail_reference_index_ignore = True

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="check_ins")
    day = models.DateField(_("日期"))
    half = models.CharField(_("时段"), max_length=2, choices=Half)
    key = models.CharField(max_length=8, unique=True, editable=False)
    secret = models.CharField(max_length=64, editable=False)
    opens_at = models.DateTimeField(_("开始签到"))
    late_after = models.DateTimeField(_("此后记迟到"))
    closes_at = models.DateTimeField(_("截止签到"))
    closed_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("扫码签到")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "day", "half"], name="one_check_in_per_half_day"),
            models.CheckConstraint(name="check_in_half", condition=Q(half__in=["am", "pm"])),
            models.CheckConstraint(
                name="check_in_times_in_order",
                condition=Q(opens_at__lte=F("late_after"), late_after__lte=F("closes_at"), opens_at__lt=F("closes_at")),
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], name="check_in_closes_at")]

    @property
    def is_standing(self) -> bool:
        """Opened and neither ended nor run out; its window may still be ahead."""
        return self.closed_at is None and clock.now() <= self.closes_at


class ScanOutcome(models.TextChoices):
    PRESENT = "present", _("到课")
    LATE = "late", _("迟到")
    ALREADY = "already", _("已经签到")
    EXPIRED = "expired", _("签到码失效")
    OTHER_CLASS = "other_class", _("其他班次的签到码")
    NOT_MEMBER = "not_member", _("不在本班在班名单")
    CLOSED = "closed", _("不在签到时间内")
    ON_LEAVE = "on_leave", _("已登记请假")
    ABSENT = "absent", _("已登记旷课")
    OTHER_GROUP = "other_group", _("其他小组的课")


RECORDED = (ScanOutcome.PRESENT, ScanOutcome.LATE)
FAILED = tuple(o for o in ScanOutcome if o not in (*RECORDED, ScanOutcome.ALREADY))


class Scan(models.Model):
    """Every attempt to check in, with what came of it; neither place nor device is kept."""

    append_only = True
    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    check_in = models.ForeignKey(CheckIn, on_delete=models.PROTECT, null=True, related_name="scans")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scans")
    nonce = models.UUIDField(editable=False)
    outcome = models.CharField(_("结果"), max_length=12, choices=ScanOutcome)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("签到尝试")
        constraints = [
            models.UniqueConstraint(fields=["user", "nonce"], name="one_scan_per_nonce"),
            models.CheckConstraint(name="scan_outcome", condition=Q(outcome__in=ScanOutcome.values)),
            models.CheckConstraint(
                name="recorded_scan_has_check_in",
                condition=Q(check_in__isnull=False) | ~Q(outcome__in=["present", "late", "already"]),
            ),
        ]
        indexes = [models.Index(fields=["user", "at"], name="scan_by_user_and_time")]
