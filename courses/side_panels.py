"""A quiet panel beside the editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from courses.hints import Hint


class HintsSidePanel(BaseSidePanel):
    """What the saved draft still lacks; the toggle counts what is missing, not what is merely said."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("编写提示")
        icon_name = "list-ul"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            missing = [hint for hint in self.panel.hints if hint.kind == "risk"]
            return {**super().get_context_data(parent_context), "count": len(missing)}

    name = "hints"
    title = _("编写提示")
    template_name = "courses/office/hints.html"
    order = 150

    def __init__(self, object: Any, request: Any, *, hints: Callable[[Any], list[Hint]]) -> None:
        self.hints = hints(object)
        super().__init__(object, request)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "hints": self.hints}
