"""The home page and the standing pages (help, about, privacy)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from certificates.forms import VerifyForm
from cms import presenters
from cms.models.base import PublicPage
from cms.models.cases import CasePage
from cms.models.laws import LawPage
from cms.models.tracks import TrackPage
from core.blocks import TEXT_FEATURES, body_blocks
from courses.models import Course


class SectionBlock(blocks.StructBlock):
    """A part of a standing page that other pages link to by its anchor."""

    anchor = blocks.RegexBlock(
        label=_("锚点"), regex=r"^[a-z][a-z0-9-]*$", help_text=_("小写字母、数字和连字符，供各页“本页帮助”链接到这里。")
    )
    title = blocks.CharBlock(label=_("标题"), max_length=60)
    text = blocks.RichTextBlock(label=_("正文"), features=TEXT_FEATURES)

    class Meta:
        icon = "list-ul"
        label = _("小节")
        template = "cms/blocks/section.html"


class HomePage(PublicPage):
    """One sentence on what this is, the ways in, the six tracks and what is new."""

    heading = models.CharField(_("大标题"), max_length=40)
    lede = models.CharField(_("一句话"), max_length=160)

    content_panels = [*PublicPage.content_panels[:1], FieldPanel("heading"), FieldPanel("lede"), FieldPanel("notice")]
    template = "cms/home.html"
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = _("首页")

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        newest = Course.objects.published().select_related("page").order_by("-first_published_at", "title")[:3]
        return {
            "lede": self.lede,
            "tracks": presenters.track_cards(TrackPage.objects.live().order_by("path"), request),
            "courses": presenters.course_cards(newest, request),
            "cases": presenters.page_cards(CasePage.objects.live().order_by("-first_published_at", "pk")[:3], request),
            "verify": VerifyForm(auto_id="verify_%s", label_suffix=""),
            "laws": presenters.law_cards(LawPage.objects.live().select_related("law").order_by("path")[:5], request),
        }


class StandardPage(PublicPage):
    """A page of plain information, in sections that can be linked to."""

    body = StreamField([("section", SectionBlock()), *body_blocks()], verbose_name=_("正文"), blank=True)

    content_panels = [*PublicPage.content_panels, FieldPanel("body")]
    search_fields = [*PublicPage.search_fields, index.SearchField("body")]
    template = "cms/standard.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("说明页")

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        sections = (block.value for block in self.body if block.block_type == "section")
        return {"sections": [(section["anchor"], section["title"]) for section in sections]}
