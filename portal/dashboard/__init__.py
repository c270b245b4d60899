"""The office's start page: classes with their next step, and what waits for this person."""

from __future__ import annotations

from portal.dashboard.registry import HOOK, Pending, pending_for, register

__all__ = ["HOOK", "Pending", "pending_for", "register"]
