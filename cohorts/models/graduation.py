"""What people decide about one member's graduation: a condition waived, the final appraisal, honours."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Grade
from cohorts.models.cohort import Cohort, Membership
from core import clock


class ConditionWaiver(models.Model):
    """One condition of graduation waived for one member, with reason and document; only its revoking is added later."""

    frozen_columns = ("membership", "condition", "label", "reason", "document_no", "granted_by", "at")
    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="condition_waivers")
    condition = models.CharField(max_length=40)  # the key of graduation.Condition
    label = models.CharField(_("条件"), max_length=200)  # as it read on that day
    reason = models.CharField(_("理由"), max_length=200)
    document_no = models.CharField(_("文号"), max_length=60)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revoke_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("结业条件豁免")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "condition"],
                condition=Q(revoked_at__isnull=True),
                name="one_standing_waiver_per_condition",
            ),
            models.CheckConstraint(name="waiver_reasoned", condition=~Q(reason="") & ~Q(document_no="")),
            models.CheckConstraint(
                name="waiver_revoked_as_a_whole",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoke_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason="")),
            ),
        ]


class Appraisal(models.Model):
    """The final appraisal (结业鉴定) of a member: summary, the group's opinion, the class teacher's with a grade.

    The summary has a version of its own, so that the member and the teacher do not overwrite each other.
    """

    wagtail_reference_index_ignore = True

    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="appraisal")
    summary = models.TextField(_("自我鉴定"), blank=True)
    summary_version = models.PositiveIntegerField(default=0)
    summary_at = models.DateTimeField(null=True, blank=True)
    group_opinion = models.TextField(_("小组意见"), blank=True)
    teacher_opinion = models.TextField(_("班主任鉴定"), blank=True)
    grade = models.CharField(_("鉴定等次"), max_length=10, choices=Grade, blank=True)
    version = models.PositiveIntegerField(default=0)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_name = models.CharField(_("签名"), max_length=50, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("结业鉴定")
        constraints = [
            models.CheckConstraint(name="appraisal_grade", condition=Q(grade__in=["", *Grade.values])),
            models.CheckConstraint(
                name="appraisal_signed_as_a_whole",
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, signed_name="")
                | (
                    Q(signed_at__isnull=False, signed_by__isnull=False)
                    & ~Q(signed_name="")
                    & ~Q(teacher_opinion="")
                    & ~Q(grade="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"结业鉴定 {self.pk}"


class HonourQuota(models.Model):
    """How many members of a class may receive a title: a number, or a share of those in class, rounded down."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="honour_quotas")
    title = models.CharField(_("称号"), max_length=20)
    number = models.PositiveSmallIntegerField(_("名额"), null=True, blank=True)
    share = models.DecimalField(_("比例（%）"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("优秀名额")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "title"], name="honour_title_once"),
            models.CheckConstraint(
                name="honour_quota_number_or_share",
                condition=Q(number__isnull=False, share__isnull=True, number__gte=1)
                | Q(number__isnull=True, share__isnull=False, share__gt=0, share__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Honour(models.Model):
    """A title for a member; taken back before the closing it stays on record."""

    frozen_columns = ("quota", "membership", "reason", "by", "at")
    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    quota = models.ForeignKey(HonourQuota, on_delete=models.PROTECT, related_name="honours")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="honours")
    reason = models.CharField(_("理由"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdraw_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("优秀学员")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["quota", "membership"], condition=Q(withdrawn_at__isnull=True), name="one_standing_honour"
            ),
            models.CheckConstraint(name="honour_reasoned", condition=~Q(reason="")),
            models.CheckConstraint(
                name="honour_withdrawn_as_a_whole",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdraw_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdraw_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quota} · {self.membership_id}"
