"""What lessons need that are neither text nor video on our own pages."""

from __future__ import annotations

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Delivery(models.Model):
    """The file of a document, the address of a course elsewhere, the time and place of a live session."""

    document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("PDF 文档"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    minutes = models.PositiveSmallIntegerField(_("标称时长（分钟）"), null=True, blank=True)
    platform = models.CharField(_("平台名称"), max_length=60, blank=True)
    address = models.CharField(
        _("网址"), max_length=500, blank=True, validators=[URLValidator(schemes=["https", "http"])]
    )
    place = models.CharField(_("地点"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ends_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        abstract = True
