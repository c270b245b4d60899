"""What this app registers with the Wagtail admin."""

from __future__ import annotations

from planning import call_hooks, plan_hooks  # noqa: F401
