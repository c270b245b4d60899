"""What every public page has in common."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms import presenters


class PublicPage(Page):
    """A page of the public face: a sentence of its own, the place it stands at, and its notice."""

    summary = models.TextField(_("摘要"), max_length=600, blank=True)
    notice = models.CharField(_("提示"), max_length=120, blank=True)

    search_fields = [*Page.search_fields, index.SearchField("summary", boost=1.5)]
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("notice")]
    promote_panels = [FieldPanel("slug"), FieldPanel("search_description")]
    show_in_menus_default = False

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Title, sentence and place for the frame, then what the kind of page shows."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(title=self.title, lede=self.summary, crumbs=presenters.crumbs(self, request))
        context.update(self.shown(request))
        return context

    def shown(self, request: HttpRequest) -> dict[str, Any]:
        """What this kind of page puts before the reader."""
        return {}
