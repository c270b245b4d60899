"""Who sees which panel of the office's start page: Wagtail's own are for those who edit content."""

from __future__ import annotations

from typing import Any

from people.scopes import has_role

APPROVERS = ("training_office",)
REVIEW_PANELS = frozenset({"WorkflowObjectsToModeratePanel", "UserObjectsInWorkflowModerationPanel"})


def visible_panels(user: Any, panels: list[Any]) -> list[Any]:
    """Panels of the start page: Wagtail's own for editors, those of the review for who approves, ours for all."""
    panels = [panel for panel in panels if type(panel).__name__ != "SiteSummaryPanel"]  # our start page says more
    if has_role(user, "content_editor") or user.is_superuser:
        return panels
    return [panel for panel in panels if not _is_wagtails(panel) or _is_for_review(user, panel)]


def _is_wagtails(panel: Any) -> bool:
    return type(panel).__module__.startswith("wagtail.")


def _is_for_review(user: Any, panel: Any) -> bool:
    return type(panel).__name__ in REVIEW_PANELS and has_role(user, *APPROVERS)
