"""What this app adds to roles."""

from __future__ import annotations

from people.roles import permit


def register_all() -> None:
    """Called once, when the apps are ready."""
    permit("training_office", "records.view_hourentry")
    permit("unit_admin", "records.view_hourentry")
