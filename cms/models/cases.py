"""The case library."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from cms import presenters
from cms.models.base import PublicPage
from competencies.models import Indicator
from core.blocks import TEXT_FEATURES, TableBlock
from courses.models import Course, Track


class SourceBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("名称"), max_length=120)
    note = blocks.CharBlock(label=_("说明"), max_length=200, required=False)

    class Meta:
        icon = "link"
        label = _("依据与来源")


class CaseIndexPage(PublicPage):
    template = "cms/case_index.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CasePage"]
    max_count = 1

    class Meta:
        verbose_name = _("案例库")

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        pages = CasePage.objects.live().order_by("path")
        return {"cases": presenters.page_cards(pages, request)}


class CasePage(PublicPage):
    """A teaching case: how it began, what was done, what came of it, what to discuss, how to teach it."""

    track = models.CharField(_("专题"), max_length=10, choices=Track)
    indicators = ParentalManyToManyField(Indicator, verbose_name=_("能力指标"), blank=True, related_name="+")
    background = RichTextField(_("背景"), features=TEXT_FEATURES)
    process = RichTextField(_("过程"), features=TEXT_FEATURES)
    figures = StreamField([("table", TableBlock())], verbose_name=_("数据"), blank=True, max_num=3)
    result = RichTextField(_("结果"), features=TEXT_FEATURES)
    discussion = StreamField(
        [("question", blocks.CharBlock(label=_("讨论题"), max_length=300, icon="help"))],
        verbose_name=_("讨论"),
        blank=True,
    )
    teaching = RichTextField(_("教学提示"), features=TEXT_FEATURES, blank=True)
    sources = StreamField([("source", SourceBlock())], verbose_name=_("依据与来源"), blank=True)
    related_courses = ParentalManyToManyField(Course, verbose_name=_("相关课程"), blank=True, related_name="+")

    content_panels = [
        *PublicPage.content_panels,
        *(FieldPanel(name) for name in ("track", "indicators", "background", "process", "figures", "result")),
        *(FieldPanel(name) for name in ("discussion", "teaching", "sources", "related_courses")),
    ]
    search_fields = [
        *PublicPage.search_fields,
        *(index.SearchField(name) for name in ("background", "process", "figures", "result", "discussion", "sources")),
    ]
    template = "cms/case.html"
    parent_page_types = ["cms.CaseIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("案例")
        constraints = [models.CheckConstraint(name="case_page_track", condition=Q(track__in=Track.values))]

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "courses": presenters.course_cards(self.related_courses.published().select_related("page"), request),
            "indicator_names": [indicator.name for indicator in self.indicators.all()],
        }
