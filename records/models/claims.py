"""Claims of hours earned elsewhere (学时申报), and each decision about them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.storage import private_storage
from people.models import Unit
from people.scopes import managed_condition
from records.models.choices import Bucket, Category, Mode
from records.models.entries import HourEntry

DECIDERS = ("unit_admin", "training_office")


class HourClaimQuerySet(models.QuerySet):
    def of(self, user: Any) -> HourClaimQuerySet:
        """A cadre's own."""
        return self.filter(user=user.pk)

    def visible_to(self, user: Any) -> HourClaimQuerySet:
        """Claims of people whom a grant as unit administrator or training office reaches; never one's own."""
        if not user.is_authenticated:
            return self.none()
        people = self.model._meta.get_field("user").related_model.objects.filter(managed_condition(user, DECIDERS))
        return self.filter(user__in=people.values("pk")).exclude(user=user.pk)

    def open(self) -> HourClaimQuerySet:
        return self.filter(state__in=HourClaim.OPEN)


class HourClaim(models.Model):
    """What a cadre asks to be credited, with its evidence. Only where it stands may change.

    What was credited by mistake is reversed by a line of its own. After that, or a refusal, a new claim follows the
    old one (``follows``); both stay.
    """

    wagtail_reference_index_ignore = True
    frozen_columns = (
        "user", "unit", "follows", "bucket", "category", "mode", "days", "hours", "starts_on", "ends_on", "title",
        "organiser", "certificate_no", "sha256", "submitted_at",
    )  # fmt: skip

    class State(models.TextChoices):
        UNIT = "unit", _("待单位认定")
        OFFICE = "office", _("待培训处认定")
        CREDITED = "credited", _("已认定")
        REFUSED = "refused", _("不予认定")
        WITHDRAWN = "withdrawn", _("已撤回")
        REVERSED = "reversed", _("已更正冲销")

    OPEN = (State.UNIT, State.OFFICE)
    AGAIN = (State.REFUSED, State.WITHDRAWN, State.REVERSED)  # may be handed in once more

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hour_claims")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    follows = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    bucket = models.CharField(_("学时类别"), max_length=10, choices=Bucket)
    category = models.CharField(_("培训类别"), max_length=12, choices=Category)
    mode = models.CharField(_("培训方式"), max_length=14, choices=Mode)
    days = models.DecimalField(_("天数"), max_digits=6, decimal_places=2)
    hours = models.DecimalField(_("学时"), max_digits=7, decimal_places=2)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    title = models.CharField(_("培训名称"), max_length=80)
    organiser = models.CharField(_("主办单位"), max_length=60)
    certificate_no = models.CharField(_("证书编号"), max_length=80, blank=True)
    file = models.FileField(storage=private_storage, upload_to="hour-claims", max_length=200)
    file_name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.UNIT)
    submitted_at = models.DateTimeField(_("提交时间"), default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(HourEntry, on_delete=models.PROTECT, null=True, related_name="claim")

    objects = HourClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("学时申报")
        verbose_name_plural = _("学时申报")
        ordering = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["state", "submitted_at"], name="claims_by_state")]
        constraints = [
            models.CheckConstraint(
                name="claim_state",
                condition=Q(state__in=["unit", "office", "credited", "refused", "withdrawn", "reversed"]),
            ),
            models.CheckConstraint(
                name="claim_kinds",
                condition=Q(bucket__in=Bucket.values, category__in=Category.values, mode__in=Mode.values),
            ),
            models.CheckConstraint(name="claim_dates_in_order", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="claim_has_an_amount", condition=Q(days__gte=0, hours__gte=0) & (Q(days__gt=0) | Q(hours__gt=0))
            ),
            models.CheckConstraint(
                name="credited_claim_has_its_line",
                condition=Q(state__in=["credited", "reversed"], entry__isnull=False)
                | (~Q(state__in=["credited", "reversed"]) & Q(entry__isnull=True)),
            ),
            models.CheckConstraint(
                name="ended_claim_has_time",
                condition=Q(state__in=["unit", "office"], ended_at__isnull=True)
                | Q(state__in=["credited", "refused", "withdrawn", "reversed"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class ClaimDecision(models.Model):
    """What was decided at one step; hours credited may be fewer than claimed, with a reason."""

    append_only = True
    wagtail_reference_index_ignore = True

    class Step(models.TextChoices):
        UNIT = "unit", _("单位")
        OFFICE = "office", _("培训处")

    class Outcome(models.TextChoices):
        ACCEPT = "accept", _("同意")
        REFUSE = "refuse", _("不予认定")

    claim = models.ForeignKey(HourClaim, on_delete=models.PROTECT, related_name="decisions")
    step = models.CharField(_("环节"), max_length=6, choices=Step)
    outcome = models.CharField(_("意见"), max_length=6, choices=Outcome)
    days = models.DecimalField(_("认定天数"), max_digits=6, decimal_places=2)
    hours = models.DecimalField(_("认定学时"), max_digits=7, decimal_places=2)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "step"], name="one_decision_per_claim_step"),
            models.CheckConstraint(
                name="claim_decision_kinds",
                condition=Q(step__in=["unit", "office"], outcome__in=["accept", "refuse"], days__gte=0, hours__gte=0),
            ),
            models.CheckConstraint(name="refused_claim_has_a_reason", condition=~Q(outcome="refuse") | ~Q(reason="")),
        ]
