"""Hours taken over from another system: the uploaded file, the identity of each line there, and changed values."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import Job
from core.storage import private_storage
from people.models import Unit
from people.scopes import managed_condition
from records.models.choices import Bucket, Category, Mode
from records.models.entries import HourEntry


class HourImport(models.Model):
    """An uploaded file between its preview and its import; its checksum and figures stay."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("待确认")
        COMMITTED = "committed", _("已导入")
        DISCARDED = "discarded", _("已放弃")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("来源系统"), max_length=30)
    file_name = models.CharField(_("文件名"), max_length=200)
    file = models.FileField(storage=private_storage, upload_to="hour-imports")
    sha256 = models.CharField(max_length=64)
    report = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    committed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("学时导入")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="hour_import_state", condition=Q(state__in=["previewed", "committed", "discarded"])
            ),
            models.CheckConstraint(
                name="committed_import_has_time", condition=~Q(state="committed") | Q(committed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportedHours(models.Model):
    """One line of another system by its number there; ``entry`` is the credited line that stands for it."""

    wagtail_reference_index_ignore = True

    source = models.CharField(_("来源系统"), max_length=30)
    external_id = models.CharField(_("外部编号"), max_length=60)
    entry = models.OneToOneField(HourEntry, on_delete=models.PROTECT, related_name="imported")
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("外部学时")
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_line_per_external_id")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class HourChangeQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> HourChangeQuerySet:
        """Changes of people whom the user's grant as training office reaches; never of oneself."""
        if not user.is_authenticated:
            return self.none()
        people = HourEntry._meta.get_field("user").related_model.objects.filter(
            managed_condition(user, ("training_office",))
        )
        return self.filter(imported__entry__user__in=people.values("pk")).exclude(imported__entry__user=user.pk)


class HourChange(models.Model):
    """Another value that the other system gives for the same number; nothing moves until somebody approves it.

    ``before`` is the line that stood when the value arrived. Approved, it is reversed and ``after`` credited.
    """

    wagtail_reference_index_ignore = True
    frozen_columns = (
        "imported", "before", "unit", "bucket", "category", "mode", "days", "hours", "earned_on", "label",
        "evidence_no", "brought_by", "brought_at",
    )  # fmt: skip

    class State(models.TextChoices):
        WAITING = "waiting", _("待审批")
        APPROVED = "approved", _("已更改")
        REFUSED = "refused", _("维持原值")
        REPLACED = "replaced", _("已被新值取代")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    imported = models.ForeignKey(ImportedHours, on_delete=models.PROTECT, related_name="changes")
    before = models.ForeignKey(HourEntry, on_delete=models.PROTECT, related_name="+")
    after = models.OneToOneField(HourEntry, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    bucket = models.CharField(_("学时类别"), max_length=10, choices=Bucket)
    category = models.CharField(_("培训类别"), max_length=12, choices=Category)
    mode = models.CharField(_("培训方式"), max_length=14, choices=Mode)
    days = models.DecimalField(_("天数"), max_digits=6, decimal_places=2)
    hours = models.DecimalField(_("学时"), max_digits=7, decimal_places=2)
    earned_on = models.DateField(_("取得日期"))
    label = models.CharField(_("来源"), max_length=120)
    evidence_no = models.CharField(_("证明材料编号"), max_length=80, blank=True)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(_("导入时间"), default=clock.now)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = HourChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("学时更改")
        verbose_name_plural = _("学时更改")
        ordering = ["-brought_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="hour_change_state", condition=Q(state__in=["waiting", "approved", "refused", "replaced"])
            ),
            models.UniqueConstraint(
                fields=["imported"], condition=Q(state="waiting"), name="one_waiting_change_per_line"
            ),
            models.CheckConstraint(
                name="hour_change_decided",
                condition=Q(state__in=["waiting", "replaced"], decided_by__isnull=True)
                | Q(state__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="approved_change_has_its_line",
                condition=Q(state="approved", after__isnull=False) | (~Q(state="approved") & Q(after__isnull=True)),
            ),
            models.CheckConstraint(name="kept_value_has_a_reason", condition=~Q(state="refused") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return str(self.imported)
