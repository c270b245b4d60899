"""What a person tells the office, and what became of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.querysets import FeedbackQuerySet
from core import clock
from core.fields import EncryptedTextField


class FeedbackMessage(models.Model):
    """A message with a number by which its writer follows it without an account; never a measure of anybody."""

    class Category(models.TextChoices):
        PROBLEM = "problem", _("页面打不开或出错")
        HARD = "hard", _("看不懂、不好用")
        CONTENT = "content", _("课程、案例或法规内容有误")
        BURDEN = "burden", _("增加了不必要的负担")
        DATA = "data", _("我的个人信息或成绩有误")
        OTHER = "other", _("其他建议")

    class State(models.TextChoices):
        NEW = "new", _("待回复")
        ANSWERED = "answered", _("已回复")
        CLOSED = "closed", _("已办结")

    code = models.CharField(_("查询编号"), max_length=16, unique=True, editable=False)
    client_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    category = models.CharField(_("类别"), max_length=10, choices=Category)
    page_path = models.CharField(_("所在页面"), max_length=200, blank=True)
    message = models.TextField(_("内容"), max_length=2000)
    contact = EncryptedTextField(_("联系方式"), blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("提出人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("提出时间"), default=clock.now)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.NEW)
    reply = models.TextField(_("答复"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("答复人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    objects = FeedbackQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("意见反馈")
        verbose_name_plural = _("意见反馈")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "-created_at"], name="feedback_by_state")]
        constraints = [
            models.CheckConstraint(name="feedback_state", condition=Q(state__in=["new", "answered", "closed"])),
            models.CheckConstraint(
                name="feedback_category",
                condition=Q(category__in=["problem", "hard", "content", "burden", "data", "other"]),
            ),
            models.CheckConstraint(
                name="answered_feedback_has_reply",
                condition=Q(state="new", reply="", answered_at__isnull=True)
                | (Q(state__in=["answered", "closed"], answered_at__isnull=False) & ~Q(reply="")),
            ),
            models.CheckConstraint(
                name="closed_feedback_has_time",
                condition=Q(state="closed", closed_at__isnull=False)
                | Q(state__in=["new", "answered"], closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.code
