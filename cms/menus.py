"""Who sees which part of the Wagtail admin: its own menus and panels are for those who edit content."""

from __future__ import annotations

from typing import Any

from people.scopes import has_role

EDITORS = ("content_editor", "system_admin")
APPROVERS = ("training_office",)
WAGTAIL_MENUS = frozenset({"explorer", "images", "documents", "snippets", "reports", "settings", "help"})
AUDITOR_MENUS = frozenset({"reports"})
REVIEW_PANELS = frozenset({"WorkflowObjectsToModeratePanel", "UserObjectsInWorkflowModerationPanel"})


def visible_items(user: Any, items: list[Any]) -> list[Any]:
    """The trade's menu for everybody; Wagtail's own entries for editors, the reports for auditors too."""
    hidden = WAGTAIL_MENUS
    if has_role(user, *EDITORS) or user.is_superuser:
        hidden = frozenset({"help"})
    elif has_role(user, "audit_admin"):
        hidden = WAGTAIL_MENUS - AUDITOR_MENUS
    return [item for item in items if item.name not in hidden]


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
