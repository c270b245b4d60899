"""Certificates that never change once issued, the runs that issue them, and the competency reports."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.querysets import CertificateQuerySet, ReportQuerySet
from cohorts.models import Cohort, GraduationDecision, Membership
from core import clock
from core.models import Job


class CertificateTemplate(models.Model):
    """A layout as data (see ``core.drawing``), the issuer and the pattern of the number; a version does not change."""

    append_only = True

    name = models.CharField(_("名称"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    layout = models.JSONField()
    issuer = models.CharField(_("发证机构"), max_length=60)
    seal_text = models.CharField(_("印章文字"), max_length=20)
    number_prefix = models.CharField(_("编号前缀"), max_length=20)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("证书模板")
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="template_version_once")]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"


class NumberSequence(models.Model):
    """The last number given per prefix and year; taken under its row's lock, so that none is missing or doubled."""

    prefix = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="one_sequence_per_year")]


class Issuance(models.Model):
    """A confirmed run of issuing for a class: who was chosen, and the job that does it."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="issuances")
    template = models.ForeignKey(CertificateTemplate, on_delete=models.PROTECT, related_name="+")
    members = models.JSONField()  # ids of Membership in the order of their numbers
    client_key = models.UUIDField(unique=True)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=clock.now)


class Certificate(models.Model):
    """An issued certificate: everything printed is frozen, only its status may change."""

    class Status(models.TextChoices):
        VALID = "valid", _("有效")
        REVOKED = "revoked", _("已撤销")
        REISSUED = "reissued", _("已补发")

    frozen_columns = (
        "number", "code", "membership", "decision", "issuance", "template", "printed", "pdf", "sha256", "issued_on",
        "predecessor", "photo",
    )  # fmt: skip
    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("证书编号"), max_length=60, unique=True)
    code = models.CharField(_("校验码"), max_length=20)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="certificates")
    decision = models.ForeignKey(GraduationDecision, on_delete=models.PROTECT, related_name="certificates")
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="certificates")
    template = models.ForeignKey(CertificateTemplate, on_delete=models.PROTECT, related_name="certificates")
    printed = models.JSONField()
    photo = models.BinaryField(null=True)  # the portrait as it was printed: with ``printed`` it draws the same bytes
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    issued_on = models.DateField(_("发证日期"))
    issued_at = models.DateTimeField(default=clock.now)
    predecessor = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="successor")
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.VALID)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoke_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("证书")
        verbose_name_plural = _("证书")
        ordering = ["-issued_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(status="valid"), name="one_valid_certificate_per_member"
            ),
            models.CheckConstraint(name="certificate_status", condition=Q(status__in=["valid", "revoked", "reissued"])),
            models.CheckConstraint(
                name="revoked_with_reason",
                condition=Q(status="valid") | (Q(revoked_at__isnull=False) & ~Q(revoke_reason="")),
            ),
            models.CheckConstraint(name="not_its_own_predecessor", condition=~Q(predecessor=F("id"))),
        ]

    def __str__(self) -> str:
        return self.number


class CompetencyReport(models.Model):
    """A published competency report; a correction makes the next version."""

    append_only = True
    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField(_("版本"))
    figures = models.JSONField()
    evidence = models.JSONField()  # ids of Evidence that the figures rest on
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("能力报告")
        ordering = ["-made_at"]
        constraints = [models.UniqueConstraint(fields=["membership", "version"], name="report_version_once")]
