"""What this app adds to roles, menus, kinds of jobs and the pages of classes."""

from __future__ import annotations

from planning import call_registrations, plan_registrations


def register_all() -> None:
    """Called once, when the apps are ready."""
    plan_registrations.register_all()
    call_registrations.register_all()
