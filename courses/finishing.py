"""What an approved workflow does: pages go live; a course that passed its audit waits for the office to publish it."""

from __future__ import annotations

from typing import Any

from wagtail.workflows import publish_workflow_state


def finish(workflow_state: Any, user: Any = None) -> None:
    """Wagtail's ``WAGTAIL_FINISH_WORKFLOW_ACTION``."""
    if not getattr(workflow_state.content_object, "published_by_hand", False):
        publish_workflow_state(workflow_state, user=user)
