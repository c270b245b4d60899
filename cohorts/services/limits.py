"""How many members a class may still take, where a higher app shares out its places."""

from __future__ import annotations

from collections.abc import Callable

from cohorts.models import Cohort
from core.errors import DomainError

Limit = Callable[[Cohort, int], "str | None"]
_registered: dict[str, Limit] = {}


def register_limit(name: str, limit: Limit) -> None:
    """``limit(class, count)`` says in a sentence why so many cannot be taken in, or None; the class is held."""
    _registered[name] = limit


def require_room(held: Cohort, count: int) -> None:
    """DomainError where places are shared out and so many more do not fit; called under the lock on the class."""
    sentences = [words for limit in _registered.values() if count and (words := limit(held, count))]
    if sentences:
        raise DomainError("".join(sentences), code="full")
