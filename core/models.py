"""What every app uses: long pieces of work as rows, messages to a person, days that differ from the week's order."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.messaging.models import ChannelChoice, Delivery, MessageRules, MessageTemplate
from core.storage import private_storage

__all__ = [
    "CalendarDay",
    "ChannelChoice",
    "Delivery",
    "Job",
    "JobRefusal",
    "MessageRules",
    "MessageTemplate",
    "Notice",
    "SavedView",
]

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


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> NoticeQuerySet:
        """One's own notices, nobody else's."""
        return self.filter(recipient=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """A message to one person inside the product; the same ``key`` reaches a person once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    title = models.CharField(_("标题"), max_length=100)
    text = models.CharField(_("内容"), max_length=1000, blank=True)
    url = models.CharField(_("链接"), max_length=300, blank=True)
    key = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(_("时间"), default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-sent_at"], name="notices_of_a_person"),
            models.Index(fields=["recipient"], name="unread_notices", condition=Q(read_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], condition=~Q(key=""), name="one_notice_per_cause")
        ]

    def __str__(self) -> str:
        return self.title


class CalendarDayQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> CalendarDayQuerySet:
        """The calendar is no secret; who may change it is a matter of permissions."""
        return self if user.is_authenticated else self.none()

    def exceptions(self, first: date, last: date) -> Mapping[date, bool]:
        """Of the days from ``first`` to ``last``, those that differ from the week's order: worked or not."""
        return dict(self.filter(day__range=(first, last)).values_list("day", "is_working"))


class CalendarDay(models.Model):
    """A weekday on which nobody works (放假) or a weekend day that is worked in exchange (调休上班)."""

    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("上班"), default=False)
    name = models.CharField(_("名称"), max_length=40)
    source = models.CharField(_("依据"), max_length=120, blank=True)

    objects = CalendarDayQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("节假日和调休")
        verbose_name_plural = _("节假日和调休")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day.year}年{self.day.month}月{self.day.day}日 {self.name}"


class SavedView(models.Model):
    """A person's own name for the filters of a list; ``place`` names the list, ``query`` are its parameters."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views")
    place = models.CharField(max_length=80)
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(max_length=500)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("常用筛选")
        verbose_name_plural = _("常用筛选")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "place", "name"], name="one_view_per_name")]

    def __str__(self) -> str:
        return self.name
