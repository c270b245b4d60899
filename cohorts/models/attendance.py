"""Who was there in which half day, leave, and what was decided about too much of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Membership
from cohorts.models.timetable import Half
from core import clock


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", _("到课")
    LATE = "late", _("迟到")
    LEFT_EARLY = "left_early", _("早退")
    ON_LEAVE = "on_leave", _("请假")
    ABSENT = "absent", _("旷课")


class AttendanceHow(models.TextChoices):
    """How a status came about; all of them have the same effect."""

    ROLL_CALL = "roll_call", _("点名")
    SCAN = "scan", _("扫码")
    SIGNATURE = "signature", _("手签")
    LEAVE = "leave", _("请假登记")


class Attendance(models.Model):
    """A member's status in one half day; no row means *not recorded*."""

    wagtail_reference_index_ignore = True

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="attendance")
    day = models.DateField(_("日期"))
    half = models.CharField(_("时段"), max_length=2, choices=Half)
    status = models.CharField(_("状态"), max_length=10, choices=AttendanceStatus)
    how = models.CharField(_("方式"), max_length=10, choices=AttendanceHow, default=AttendanceHow.ROLL_CALL)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("考勤")
        constraints = [
            models.UniqueConstraint(fields=["membership", "day", "half"], name="one_status_per_half_day"),
            models.CheckConstraint(name="attendance_status", condition=Q(status__in=AttendanceStatus.values)),
            models.CheckConstraint(name="attendance_how", condition=Q(how__in=AttendanceHow.values)),
        ]


class AttendanceEvent(models.Model):
    """Each change of a half day's status, with who and why; an empty status is *not recorded*."""

    append_only = True
    wagtail_reference_index_ignore = True

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="attendance_events")
    day = models.DateField(_("日期"))
    half = models.CharField(_("时段"), max_length=2, choices=Half)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    how = models.CharField(_("方式"), max_length=10, choices=AttendanceHow, default=AttendanceHow.ROLL_CALL)
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="attendance_event_changes", condition=~Q(before=F("after"))),
            models.CheckConstraint(name="attendance_event_how", condition=Q(how__in=AttendanceHow.values)),
        ]


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
