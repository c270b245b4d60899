"""The page of one row in words of the trade."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import InspectView


def yes_or_no(value: bool) -> str:
    return str(_("是") if value else _("否"))


class WordedInspectView(InspectView):
    """The facts of a row under words of the trade, yes and no included."""

    page_title = _("查看")
    words: dict[str, Any] = {}

    def get_field_label(self, field_name: str, field: Any) -> str:
        return str(self.words.get(field_name) or super().get_field_label(field_name, field))

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        return yes_or_no(value) if isinstance(value, bool) else value
