"""The one table of laws, and the library entries that explain some of them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from cms import presenters
from cms.models.base import PublicPage
from core.blocks import TEXT_FEATURES
from courses.models import Course

STATUS = _("以官方发布为准")


class LawRecord(index.Indexed, models.Model):
    """A law, regulation or Party rule named anywhere in the product, and against what it was checked."""

    title = models.CharField(_("名称"), max_length=80, unique=True)
    short = models.CharField(_("简称"), max_length=40)
    kind = models.CharField(_("类别"), max_length=20)
    number = models.CharField(_("文号"), max_length=60, blank=True, help_text=_("未核对的留空。"))
    issuer = models.CharField(_("制定机关"), max_length=60, blank=True, help_text=_("未核对的留空。"))
    adopted = models.DateField(_("通过或公布日期"), null=True, blank=True)
    effective = models.DateField(_("现行文本施行日期"), null=True, blank=True)
    revised = models.JSONField(_("修订、修正日期"), default=list, blank=True)  # ISO dates in order
    status = models.CharField(_("效力状态"), max_length=40, default=STATUS)
    articles = models.PositiveSmallIntegerField(_("条数"), null=True, blank=True)
    checked_against = models.CharField(_("核对情况"), max_length=300)

    panels = [
        *(FieldPanel(name) for name in ("title", "short", "kind", "number", "issuer", "adopted", "effective")),
        *(FieldPanel(name) for name in ("revised", "status", "articles", "checked_against")),
    ]
    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("short"),
        index.SearchField("number"),
        index.SearchField("issuer"),
        index.AutocompleteField("title"),
    ]

    class Meta:
        verbose_name = _("法规目录条目")
        verbose_name_plural = _("法规目录")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class PointBlock(blocks.StructBlock):
    article = blocks.CharBlock(label=_("条"), max_length=20, help_text=_("中文数字，如：三十七"))
    heading = blocks.CharBlock(label=_("要点"), max_length=60)
    text = blocks.TextBlock(label=_("说明"))

    class Meta:
        icon = "list-ol"
        label = _("条文要点")


class LawIndexPage(PublicPage):
    template = "cms/law_index.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.LawPage"]
    max_count = 1

    class Meta:
        verbose_name = _("法规库")

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        pages = LawPage.objects.live().select_related("law").order_by("law")
        return {"laws": presenters.law_cards(pages, request), "records": LawRecord.objects.count()}


class LawPage(PublicPage):
    """One law explained for those who apply it; the official text stays with its publisher."""

    law = models.OneToOneField(LawRecord, verbose_name=_("法规"), on_delete=models.PROTECT, related_name="page")
    points = StreamField([("point", PointBlock())], verbose_name=_("条文要点"), blank=True)
    practice = RichTextField(_("实务提示"), features=TEXT_FEATURES, blank=True)
    related_courses = ParentalManyToManyField(Course, verbose_name=_("相关课程"), blank=True, related_name="+")

    content_panels = [
        *PublicPage.content_panels,
        *(FieldPanel(name) for name in ("law", "points", "practice", "related_courses")),
    ]
    search_fields = [*PublicPage.search_fields, index.SearchField("points"), index.SearchField("practice")]
    template = "cms/law.html"
    parent_page_types = ["cms.LawIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("法规解读")

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "facts": presenters.law_facts(self.law),
            "courses": presenters.course_cards(self.related_courses.published().select_related("page"), request),
        }
