"""取消成绩: a result that no longer counts, by a decision that stands until it is lifted."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.exams import Attempt
from assessments.models.tasks import Submission
from assessments.querysets import VoidingQuerySet
from core import clock

LONGEST_REPLY = 500


class VoidingCause(models.TextChoices):
    CHEATING = "cheating", _("违反考试或学术纪律")
    TECHNICAL = "technical", _("技术故障")
    OTHER = "other", _("其他原因")


class Voiding(models.Model):
    """The result of an attempt or a work taken away, with reason; only the reply and the lifting are added later."""

    frozen_columns = ("attempt", "submission", "cause", "reason", "document_no", "again_until", "round", "by", "at")
    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="voidings")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, null=True, related_name="voidings")
    cause = models.CharField(_("情形"), max_length=10, choices=VoidingCause)
    reason = models.CharField(_("理由"), max_length=200)
    document_no = models.CharField(_("文号"), max_length=60, blank=True)
    again_until = models.DateTimeField(_("可补考或补交至"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=0)  # of a work: the newest round of marks that it takes away
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("决定时间"), default=clock.now)
    reply = models.CharField(_("学员申述"), max_length=LONGEST_REPLY, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lift_reason = models.CharField(_("撤销取消的理由"), max_length=200, blank=True)

    objects = VoidingQuerySet.as_manager()

    class Meta:
        verbose_name = _("取消成绩")
        verbose_name_plural = _("取消成绩")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="voiding_of_one_thing",
                condition=Q(attempt__isnull=False, submission__isnull=True)
                | Q(attempt__isnull=True, submission__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(lifted_at__isnull=True), name="one_standing_voiding_per_attempt"
            ),
            models.CheckConstraint(name="voiding_cause", condition=Q(cause__in=VoidingCause.values)),
            models.CheckConstraint(
                name="voiding_reasoned", condition=~Q(reason="") & ~Q(cause="cheating", document_no="")
            ),
            models.CheckConstraint(
                name="voiding_lifted_as_a_whole",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
            ),
            models.CheckConstraint(
                name="voiding_reply_is_dated",
                condition=Q(reply="", replied_at__isnull=True) | (~Q(reply="") & Q(replied_at__isnull=False)),
            ),
        ]
