"""Long pieces of work as rows: the Job table is the truth, messages only hurry it along."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.storage import private_storage

SILENCE = timedelta(seconds=30)  # a running job without a sign of life for longer may be taken over
RESEND = timedelta(seconds=15)  # a queued job is told to Celery again after this long
MAX_ATTEMPTS = 5  # tries of one step before the job is given up


def _silent(moment: datetime) -> Q:
    """Running, but whoever ran it has stopped or has handed it back for the next slice.

    A plain condition on the row, never a subquery: PostgreSQL checks it again after waiting for a lock.
    """
    return Q(state="running") & (Q(heartbeat__isnull=True) | Q(heartbeat__lt=moment - SILENCE))


class JobQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> JobQuerySet:
        """One's own jobs, nobody else's."""
        return self.filter(owner=user.pk) if user.is_authenticated else self.none()

    def claimable(self, moment: datetime) -> JobQuerySet:
        """Queued, or silent, and not yet tried too often."""
        return self.filter(Q(state="queued") | _silent(moment), attempts__lt=MAX_ATTEMPTS)

    def due(self, moment: datetime) -> JobQuerySet:
        """Those that Celery should be told again."""
        waiting = Q(heartbeat__isnull=True) | Q(heartbeat__lt=moment - RESEND)
        return self.filter((Q(state="queued") & waiting) | _silent(moment))

    def given_up(self, moment: datetime) -> JobQuerySet:
        """Silent after the last permitted try."""
        return self.filter(_silent(moment), attempts__gte=MAX_ATTEMPTS)


class Job(models.Model):
    """One long piece of work: planned once, done step by step, each step in its own transaction."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    OPEN = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("种类"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("发起人"), on_delete=models.PROTECT, related_name="jobs"
    )
    title = models.CharField(_("名称"), max_length=200)
    params = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(_("已完成步数"), default=0)
    total = models.PositiveIntegerField(_("总步数"), null=True, blank=True)
    message = models.CharField(_("说明"), max_length=300, blank=True)
    result = models.JSONField(default=dict, blank=True)
    result_name = models.CharField(_("结果文件名"), max_length=200, blank=True)
    result_file = models.FileField(_("结果文件"), storage=private_storage, max_length=200, blank=True)
    error = models.TextField(_("未完成的原因"), blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    dedupe_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(_("提交时间"), default=clock.database_now, editable=False)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = JobQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        ordering = ["-created_at", "id"]
        permissions = [("view_site_history", _("查看全站操作记录"))]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="job_owner_newest"),
            models.Index(fields=["heartbeat"], name="job_open", condition=Q(state__in=["queued", "running"])),
        ]
        constraints = [
            models.CheckConstraint(name="job_state", condition=Q(state__in=["queued", "running", "done", "failed"])),
            models.CheckConstraint(
                name="job_done_within_total",
                condition=Q(done=0, total__isnull=True) | Q(total__isnull=False, done__lte=F("total")),
            ),
            models.CheckConstraint(
                name="job_done_is_whole", condition=~Q(state="done") | Q(total__isnull=False, done=F("total"))
            ),
            models.CheckConstraint(
                name="job_end_is_dated",
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed"], finished_at__isnull=False),
            ),
            models.CheckConstraint(name="job_failure_has_reason", condition=~Q(state="failed") | ~Q(error="")),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def percent(self) -> int:
        """0 to 100; 0 while nothing is planned."""
        if self.state == self.State.DONE:
            return 100
        return 100 * self.done // self.total if self.total else 0


class JobRefusal(models.Model):
    """One step that was refused with a sentence; the job went on with the next."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="refusals")
    step = models.PositiveIntegerField()
    reason = models.CharField(_("原因"), max_length=500)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("被退回的一项")
        verbose_name_plural = _("被退回的各项")
        ordering = ["step"]
        constraints = [models.UniqueConstraint(fields=["job", "step"], name="one_refusal_per_step")]

    def __str__(self) -> str:
        return self.reason
