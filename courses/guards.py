"""What stands between a course and its publication, whichever door it takes; filled in when the apps are ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# (course, revision, scheduled) → whether to go on; a refusal is a DomainError.
Guard = Callable[[Any, Any, bool], bool]
_guards: dict[str, Guard] = {}


def register(name: str, guard: Guard) -> None:
    """Let ``guard`` decide; registering a name again replaces it."""
    _guards[name] = guard


def lets_through(course: Any, revision: Any, scheduled: bool) -> bool:
    return all(guard(course, revision, scheduled) for guard in _guards.values())
