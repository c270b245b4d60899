"""The panel itself."""

from __future__ import annotations

from typing import Any

from wagtail.admin.ui.components import Component

from portal.dashboard.classes import class_rows, works_with_classes
from portal.dashboard.registry import pending_for


class OfficePanel(Component):
    """待办 and 班次, first on the start page of the office."""

    name = "office"
    template_name = "portal/office/panel.html"
    order = 10

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        return {
            "pending": pending_for(user),
            "classes": class_rows(user),
            "with_classes": works_with_classes(user),
            "user": user,
        }
