"""Wagtail's own tags for the office, those that draw the frame at every request drawn once (``core.office_frame``).

``settings.TEMPLATES`` names this library in the place of ``wagtailadmin_tags``.
"""

from __future__ import annotations

from typing import Any

from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.admin.templatetags import wagtailadmin_tags as wagtails

from core import office_frame

register = Library()
register.tags.update(wagtails.register.tags)
register.filters.update(wagtails.register.filters)


@register.simple_tag(takes_context=True)
def sidebar_props(context: Context) -> SafeString:
    modules = office_frame.sidebar_modules(context["request"])
    return json_script({"modules": modules}, element_id="wagtail-sidebar-props")


@register.simple_tag(takes_context=True)
def keyboard_shortcuts_dialog(context: Context) -> SafeString:
    facts: dict[str, Any] = wagtails.keyboard_shortcuts_dialog(context)
    key = ("keys", get_language(), str(facts))
    return office_frame.kept(key, lambda: render_to_string("wagtailadmin/shared/keyboard_shortcuts_dialog.html", facts))


@register.simple_tag(takes_context=True)
def with_footer(context: Context, frame: SafeString) -> SafeString:
    """Wagtail's frame with our footer as the last thing in its main part, which is what scrolls."""
    before, end, after = frame.rpartition("</main>")
    footer = render_to_string("core/office_footer.html", {"menus": context.get("menus")})
    return mark_safe(f"{before}{footer}{end}{after}")
