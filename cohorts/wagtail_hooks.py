"""What this app registers with the Wagtail admin."""

from __future__ import annotations

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from cohorts import log_actions


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    log_actions.register(actions)
