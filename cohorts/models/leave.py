"""Asking for leave: the ladder of a host, who sits on it, the request and each decision about it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.models.attendance import LeaveRecord
from cohorts.models.cohort import Membership
from cohorts.models.timetable import Half
from core import clock
from core.storage import private_storage
from people.models import Unit


class StepKey(models.TextChoices):
    TEACHER = "teacher", _("班主任")
    ACADEMIC = "academic", _("教务处")
    VICE_HEAD = "vice_head", _("分管校长")
    ORGANISATION = "organisation", _("组织部")


class LeaveLadder(models.Model):
    """How leave is approved in the classes of a unit and of those below it; ``version`` guards against lost edits."""

    host = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="leave_ladder")
    allows_late = models.BooleanField(_("允许事后补假"), default=True)
    keep_proof_days = models.PositiveSmallIntegerField(_("证明材料保留天数"), default=30)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("请假审批规则")
        constraints = [
            models.CheckConstraint(name="proof_kept_some_days", condition=Q(keep_proof_days__range=(1, 365))),
        ]

    def __str__(self) -> str:
        return f"{self.host} · {self._meta.verbose_name}"


class LadderStep(models.Model):
    """One approval of the ladder: asked for when leave is longer than ``over_half_days``."""

    ladder = models.ForeignKey(LeaveLadder, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(_("环节"), max_length=12, choices=StepKey)
    title = models.CharField(_("名称"), max_length=20)
    over_half_days = models.PositiveSmallIntegerField(_("超过几个半天"))
    days = models.PositiveSmallIntegerField(_("时限（工作日）"), default=1)

    class Meta:
        verbose_name = _("审批环节")
        constraints = [
            models.UniqueConstraint(fields=["ladder", "key"], name="step_once_per_ladder"),
            models.CheckConstraint(name="ladder_step_key", condition=Q(key__in=StepKey.values)),
            models.CheckConstraint(name="ladder_step_days", condition=Q(days__range=(1, 30))),
        ]


class Approver(models.Model):
    """A seat: who approves a step for a unit, and who stands in between two days."""

    host = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(_("环节"), max_length=12, choices=StepKey)
    title = models.CharField(_("职务"), max_length=30)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("审批人"), on_delete=models.PROTECT, related_name="leave_seats"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("代办人"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="leave_stand_ins",
    )  # fmt: skip
    delegate_from = models.DateField(_("代办自"), null=True, blank=True)
    delegate_to = models.DateField(_("代办至"), null=True, blank=True)

    class Meta:
        verbose_name = _("请假审批人")
        constraints = [
            models.UniqueConstraint(fields=["host", "step", "user"], name="seat_once_per_person"),
            models.CheckConstraint(name="seat_step", condition=Q(step__in=StepKey.values)),
            models.CheckConstraint(
                name="stand_in_is_another_with_dates",
                condition=Q(delegate__isnull=True, delegate_from__isnull=True, delegate_to__isnull=True)
                | (
                    Q(delegate__isnull=False, delegate_to__gte=F("delegate_from"))
                    & ~Q(delegate=F("user"))
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_step_display()} · {self.user}"


class LeaveRequestQuerySet(models.QuerySet):
    def open(self) -> LeaveRequestQuerySet:
        return self.filter(state=LeaveRequest.State.SUBMITTED)

    def of(self, user: Any) -> LeaveRequestQuerySet:
        """A member's own."""
        return self.filter(membership__user=user.pk)

    def with_people(self) -> LeaveRequestQuerySet:
        return self.select_related("membership__user", "membership__unit", "membership__cohort__host")


class LeaveRequest(models.Model):
    """A member's wish for leave on its way up the ladder.

    ``plan`` are the steps as they were when it was handed in, ``step`` the one it waits at; both never change under it.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("审批中")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")
        CANCELLED = "cancelled", _("已取消")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="leave_requests")
    category = models.CharField(_("类别"), max_length=10, choices=LeaveRecord.Category)
    from_day = models.DateField(_("开始日期"))
    from_half = models.CharField(_("开始时段"), max_length=2, choices=Half)
    to_day = models.DateField(_("结束日期"))
    to_half = models.CharField(_("结束时段"), max_length=2, choices=Half)
    half_days = models.PositiveSmallIntegerField(_("半天数"))
    reason = models.CharField(_("事由"), max_length=200)
    is_late = models.BooleanField(_("事后补假"), default=False)
    knows_limit = models.BooleanField(default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SUBMITTED)
    plan = models.JSONField()
    step = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField(null=True, blank=True)
    submitted_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    leave = models.OneToOneField(LeaveRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="request")
    back_day = models.DateField(_("返校日期"), null=True, blank=True)
    back_half = models.CharField(_("返校时段"), max_length=2, choices=Half, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    back_confirmed_at = models.DateTimeField(null=True, blank=True)
    proof = models.FileField(storage=private_storage, upload_to="leave-proofs/", blank=True)
    proof_name = models.CharField(max_length=120, blank=True)
    proof_type = models.CharField(max_length=40, blank=True)
    keep_proof_days = models.PositiveSmallIntegerField(default=30)
    proof_deleted_at = models.DateTimeField(null=True, blank=True)

    objects = LeaveRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("请假申请")
        ordering = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["state"], name="open_leave_requests", condition=Q(state="submitted"))]
        constraints = [
            models.CheckConstraint(
                name="leave_request_state",
                condition=Q(state__in=["submitted", "approved", "refused", "withdrawn", "cancelled"]),
            ),
            models.CheckConstraint(name="leave_request_days", condition=Q(to_day__gte=F("from_day"))),
            models.CheckConstraint(
                name="approved_leave_is_recorded", condition=~Q(state="approved") | Q(leave__isnull=False)
            ),
            models.CheckConstraint(
                name="ended_leave_request_has_time",
                condition=Q(state="submitted", ended_at__isnull=True, due_on__isnull=False)
                | (~Q(state="submitted") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="deleted_proof_is_gone", condition=Q(proof_deleted_at__isnull=True) | Q(proof="")
            ),
        ]

    @property
    def step_key(self) -> str:
        return str(self.plan[self.step]["key"])

    @property
    def step_title(self) -> str:
        """The step it waits at, or waited at last."""
        return str(self.plan[self.step]["title"])


class LeaveReminder(models.Model):
    """That somebody was told of a step that is overdue: once for each stage of it."""

    append_only = True
    wagtail_reference_index_ignore = True

    class Stage(models.TextChoices):
        OVERDUE = "overdue", _("逾期提醒")
        ESCALATED = "escalated", _("逾期升级")

    request = models.ForeignKey(LeaveRequest, on_delete=models.PROTECT, related_name="reminders")
    step = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=10, choices=Stage)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "step", "stage", "user"], name="one_leave_reminder"),
            models.CheckConstraint(name="leave_reminder_stage", condition=Q(stage__in=["overdue", "escalated"])),
        ]


class LeaveStepDecision(models.Model):
    """What an approver decided at a step, in own name or for whom they stand in."""

    append_only = True
    wagtail_reference_index_ignore = True

    class Outcome(models.TextChoices):
        APPROVE = "approve", _("同意")
        REFUSE = "refuse", _("不同意")

    request = models.ForeignKey(LeaveRequest, on_delete=models.PROTECT, related_name="decisions")
    step = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=20)
    outcome = models.CharField(_("意见"), max_length=8, choices=Outcome)
    comment = models.CharField(_("说明"), max_length=200, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stands_in_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["step"]
        constraints = [
            models.UniqueConstraint(fields=["request", "step"], name="one_decision_per_leave_step"),
            models.CheckConstraint(name="leave_step_outcome", condition=Q(outcome__in=["approve", "refuse"])),
            models.CheckConstraint(name="refused_leave_has_a_comment", condition=~Q(outcome="refuse") | ~Q(comment="")),
        ]
