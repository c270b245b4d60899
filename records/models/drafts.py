"""Drafts of new versions, one of each kind at a time, and the preview of what a new version would change."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import Job
from people.ranks import Regime
from records.models.choices import Bucket, OnlineUnit
from records.models.rules import (
    CAP_KINDS,
    CARRY_IS_YEARLY,
    HAS_A_MEASURE,
    CapTerms,
    HourTerms,
    LineTerms,
    PolicyTerms,
    RequirementPolicy,
)


class Draft(models.Model):
    """What makes a draft: there is one at a time, ``revision`` guards against lost edits and dates its previews."""

    slot = models.PositiveSmallIntegerField(default=1, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True


class HourRuleDraft(HourTerms, Draft):
    """The next version of the hour rule while it is written."""

    class Meta:
        verbose_name = _("学时规则草稿")
        constraints = [
            models.CheckConstraint(name="hour_draft_slot", condition=Q(slot=1)),
            models.CheckConstraint(name="hour_draft_unit", condition=Q(online_unit__in=OnlineUnit.values)),
            models.CheckConstraint(
                name="hour_draft_brackets", condition=Q(online_half_minutes__lt=F("online_full_minutes"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{_('草稿')}）"


class PolicyDraft(PolicyTerms, Draft):
    """The next version of the required-training table while it is written."""

    class Meta:
        verbose_name = _("应训要求草稿")
        constraints = [models.CheckConstraint(name="policy_draft_slot", condition=Q(slot=1))]

    def __str__(self) -> str:
        return f"{self.name}（{_('草稿')}）"


class PolicyDraftLine(LineTerms):
    """A line of the draft."""

    policy = models.ForeignKey(PolicyDraft, on_delete=models.CASCADE, related_name="lines")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "regime", "bucket", "window"], name="one_draft_line"),
            models.CheckConstraint(name="draft_line_has_a_measure", condition=HAS_A_MEASURE),
            models.CheckConstraint(name="draft_carry_is_yearly", condition=CARRY_IS_YEARLY),
        ]


class PolicyDraftCap(CapTerms):
    """A cap of the draft."""

    policy = models.ForeignKey(PolicyDraft, on_delete=models.CASCADE, related_name="caps")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "bucket", "category", "mode"], name="one_draft_cap"),
            models.CheckConstraint(name="draft_cap_kinds", condition=CAP_KINDS),
            models.CheckConstraint(name="draft_cap_names_a_kind", condition=~Q(category="") | ~Q(mode="")),
        ]


class PolicyPreviewQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> PolicyPreviewQuerySet:
        """One's own previews: they hold the people of one's own scope."""
        return self.filter(owner=user.pk)


class PolicyPreview(models.Model):
    """What the draft would change for the people of its owner's scope, as of a day."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(RequirementPolicy, on_delete=models.PROTECT, related_name="+")
    draft_key = models.PositiveBigIntegerField()
    revision = models.PositiveIntegerField()
    as_of = models.DateField()
    people = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = PolicyPreviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("应训要求预览")
        ordering = ["-pk"]


class PreviewedPerson(models.Model):
    """How one cadre stands in a bucket under the version in force and under the draft; "" where nothing is required."""

    wagtail_reference_index_ignore = True

    preview = models.ForeignKey(PolicyPreview, on_delete=models.CASCADE, related_name="rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    regime = models.CharField(max_length=10, choices=Regime)
    bucket = models.CharField(max_length=10, choices=Bucket)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["preview", "user", "bucket"], name="one_row_per_previewed")]
        indexes = [models.Index(fields=["preview", "before", "after"], name="previewed_moves")]
