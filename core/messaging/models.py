"""The tables of messages that leave the house."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.messaging.kinds import TITLES, find

SEE_EVERYTHING = "core.view_every_delivery"
CHANNEL_CHOICES = list(TITLES.items())


class ChannelChoice(models.Model):
    """That a person switched a channel on or off; the newest counts."""

    append_only = True
    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="channel_choices")
    channel = models.CharField(_("渠道"), max_length=10, choices=CHANNEL_CHOICES)
    agreed = models.BooleanField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="choice_channel", condition=Q(channel__in=list(TITLES)))]


class MessageTemplate(models.Model):
    """One version of the words of a kind on a channel; the newest counts, an empty one is the built-in text."""

    append_only = True
    wagtail_reference_index_ignore = True

    kind = models.CharField(_("种类"), max_length=60)
    channel = models.CharField(_("渠道"), max_length=10, choices=CHANNEL_CHOICES)
    version = models.PositiveIntegerField(_("版本"))
    text = models.TextField(_("文字"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"), default=clock.now)

    class Meta:
        verbose_name = _("消息模板")
        verbose_name_plural = _("消息模板")
        ordering = ["kind", "channel", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "channel", "version"], name="one_template_per_version"),
            models.CheckConstraint(name="template_channel", condition=Q(channel__in=list(TITLES))),
            models.CheckConstraint(name="template_version_from_one", condition=Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.version}"


class MessageRules(models.Model):
    """One version of the office's rules for messages that leave the house; the newest counts."""

    append_only = True
    wagtail_reference_index_ignore = True

    version = models.PositiveIntegerField(unique=True)
    quiet_from = models.TimeField(_("免打扰开始"), default=time(21, 30))
    quiet_to = models.TimeField(_("免打扰结束"), default=time(8))
    quiet_rest_days = models.BooleanField(_("休息日也不打扰"), default=False)
    mandatory_by_mail = models.BooleanField(_("必须送达的通知不受个人邮件开关限制"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("外发消息规则")
        verbose_name_plural = _("外发消息规则")
        ordering = ["-version"]


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> DeliveryQuerySet:
        """Those to people in reach, oneself included; all of them for those who see to the system or audit it."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm(SEE_EVERYTHING):
            return self
        people = get_user_model()._default_manager.visible_to(user)
        return self.filter(recipient__in=people.order_by().values("pk"))

    def open(self) -> DeliveryQuerySet:
        return self.filter(state__in=Delivery.OPEN)

    def claimable(self, moment: datetime) -> DeliveryQuerySet:
        """Open and due."""
        return self.open().filter(not_before__lte=moment)

    def of_group(self, row: Delivery) -> DeliveryQuerySet:
        """The same kind to the same person by the same channel."""
        return self.filter(recipient=row.recipient_id, channel=row.channel, kind=row.kind)


class Delivery(models.Model):
    """One message to one person by one channel: the outbox and the log of sending. No address stands here in clear."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待发送")
        HELD = "held", _("到时再发")
        SENDING = "sending", _("正在发送")
        SENT = "sent", _("已发出")
        FAILED = "failed", _("待重试")
        GIVEN_UP = "given_up", _("已放弃")
        DROPPED = "dropped", _("不必再发")

    class Hold(models.TextChoices):
        NOT = "", ""
        QUIET = "quiet", _("免打扰时段")
        BUNDLE = "bundle", _("与后面的消息合并")

    OPEN = (State.WAITING, State.HELD, State.FAILED)
    ENDED = (State.SENT, State.GIVEN_UP, State.DROPPED)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey("core.Notice", on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("收件人"), on_delete=models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField(_("渠道"), max_length=10, choices=CHANNEL_CHOICES)
    kind = models.CharField(_("种类"), max_length=60)
    due = models.DateField(_("期限"), null=True, blank=True)
    urgent = models.BooleanField(_("紧急"), default=False)
    must = models.BooleanField(_("必须送达"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    not_before = models.DateTimeField(_("不早于"), default=clock.now)
    hold = models.CharField(_("等待的原因"), max_length=10, choices=Hold, blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    lead = models.ForeignKey("self", on_delete=models.PROTECT, related_name="followers", null=True)
    template = models.ForeignKey(MessageTemplate, on_delete=models.PROTECT, related_name="+", null=True)
    address = models.CharField(_("地址（已遮盖）"), max_length=100, blank=True)
    receipt = models.CharField(_("回执"), max_length=200, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("产生时间"), default=clock.now)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    objects = DeliveryQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("外发消息")
        verbose_name_plural = _("外发消息")
        ordering = ["-created_at", "-pk"]
        permissions = [("view_every_delivery", _("查看全部外发消息"))]
        indexes = [
            models.Index(
                fields=["not_before"], name="delivery_open", condition=Q(state__in=["waiting", "held", "failed"])
            ),
            models.Index(fields=["claimed_at"], name="delivery_sending", condition=Q(state="sending")),
            models.Index(fields=["recipient", "channel", "kind"], name="delivery_group"),
            models.Index(fields=["-created_at"], name="delivery_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_per_notice_and_channel"),
            models.CheckConstraint(name="delivery_channel", condition=Q(channel__in=list(TITLES))),
            models.CheckConstraint(
                name="delivery_state",
                condition=Q(state__in=["waiting", "held", "sending", "sent", "failed", "given_up", "dropped"]),
            ),
            models.CheckConstraint(
                name="delivery_sending_is_claimed",
                condition=Q(state="sending", claim__isnull=False, claimed_at__isnull=False)
                | (~Q(state="sending") & Q(claim__isnull=True, claimed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_sent_is_dated",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_end_is_dated",
                condition=Q(state__in=["sent", "given_up", "dropped"], ended_at__isnull=False)
                | (~Q(state__in=["sent", "given_up", "dropped"]) & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_failure_has_reason",
                condition=~Q(state__in=["failed", "given_up", "dropped"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(name="delivery_follows_another", condition=Q(lead__isnull=True) | ~Q(lead=F("pk"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind_title} {self.get_channel_display()}"

    @property
    def kind_title(self) -> str:
        """The kind in words; its name where no app registers it any more."""
        kind = find(self.kind)
        return str(kind.title) if kind else self.kind
