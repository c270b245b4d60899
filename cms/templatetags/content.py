"""What only the pages of the content area write."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from people.scopes import has_role

register = template.Library()

KINDS = {"new": "waiting", "answered": "done", "closed": "done"}


@register.filter
def feedback_kind(state: str) -> str:
    """The kind of state that a message's state is shown as."""
    return KINDS.get(state, "info")


@register.filter
def heading_parts(heading: str) -> SafeString:
    """A ceremonial heading, broken only after its commas."""
    parts = [f"{part}，" for part in heading.split("，")]
    parts[-1] = parts[-1].rstrip("，")
    return format_html_join("", "<span>{}</span>", ((part,) for part in parts))


@register.filter
def control_alone(field: BoundField) -> SafeString:
    """A field's widget in our dress, without the help and error it is otherwise tied to."""
    return field.as_widget(attrs={"class": "form-control", "aria-describedby": None})


@register.filter
def edits_content(user: Any) -> bool:
    """Whether Wagtail's own parts of the start page are for this person."""
    return has_role(user, "content_editor")
