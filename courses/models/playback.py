"""Where a learner plays, what they answered on the way, and what was reported that cannot have been."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import QuestionVersion
from core import clock
from courses.models.editions import EditionLesson
from courses.models.learning import Enrolment
from courses.querysets import AnomalyQuerySet


class PlaybackLease(models.Model):
    """The one page on which a learner's playing counts; whoever opens another one takes it over.

    ``alive_at`` is the last sign of life that page told of; ``device`` a hash that tells browsers apart.
    """

    wagtail_reference_index_ignore = True

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="playback_lease")
    session = models.UUIDField(null=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True, related_name="+")
    device = models.CharField(max_length=32, blank=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    alive_at = models.DateTimeField()


class CueAnswer(models.Model):
    """One answer to a question on the way; ``client_key`` makes a repeat harmless."""

    append_only = True
    wagtail_reference_index_ignore = True

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="cue_answers")
    lesson = models.ForeignKey(EditionLesson, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    client_key = models.UUIDField()
    choice = models.JSONField()
    right = models.BooleanField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "client_key"], name="one_cue_answer_per_key")]


class PlaybackAnomaly(models.Model):
    """Seconds that were reported and cannot have been played: refused, kept, and looked at by a person.

    What happens again within minutes raises ``times`` and adds to ``refused``, the moments of the recording that were
    not counted; the evidence of the first time never changes. ``given_at``: a person had them counted after all.
    """

    wagtail_reference_index_ignore = True
    frozen_columns = ("public_id", "enrolment", "lesson", "kind", "claimed", "possible", "at")

    class Kind(models.TextChoices):
        CLOCK = "clock", _("快于时钟")
        LEAP = "leap", _("跳过未播放部分")
        QUESTION = "question", _("越过未答试题")
        IDLE = "idle", _("提示后无人应答")

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        NOTED = "noted", _("已记录")
        DISMISSED = "dismissed", _("不作异常")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="anomalies")
    lesson = models.ForeignKey(EditionLesson, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("情形"), max_length=10, choices=Kind)
    claimed = models.DecimalField(_("上报秒数"), max_digits=9, decimal_places=2)
    possible = models.DecimalField(_("计入秒数"), max_digits=9, decimal_places=2)
    refused = models.JSONField(_("未计入的片段"), default=list)  # pairs of seconds, as progress stores them
    at = models.DateTimeField(_("首次发生"), default=clock.now)
    times = models.PositiveIntegerField(_("次数"), default=1)
    last_at = models.DateTimeField(_("最近发生"), default=clock.now)
    state = models.CharField(_("处理"), max_length=10, choices=State, default=State.OPEN)
    appeal = models.CharField(_("学员说明"), max_length=500, blank=True)
    appealed_at = models.DateTimeField(null=True)
    reason = models.CharField(_("处理意见"), max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(_("补计时间"), null=True)

    objects = AnomalyQuerySet.as_manager()

    class Meta:
        verbose_name = _("播放异常")
        verbose_name_plural = _("播放异常")
        indexes = [models.Index(fields=["enrolment", "lesson", "-at"], name="anomalies_of_lesson")]
        constraints = [
            models.CheckConstraint(name="anomaly_kind", condition=Q(kind__in=["clock", "leap", "question", "idle"])),
            models.CheckConstraint(
                name="anomaly_decided_by_a_person",
                condition=Q(state="open")
                | Q(state__in=["noted", "dismissed"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(reason=""),
            ),
            models.CheckConstraint(name="anomaly_claims_more", condition=Q(claimed__gt=models.F("possible"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.lesson}"
