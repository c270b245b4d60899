"""Who contributes to 待办 on the office's start page.

An app below portal cannot know it, so portal registers what concerns classes itself. A peer (``cms``) contributes by
the Wagtail hook ``register_office_pending``: a function of the user that returns mappings ``{label, count, url, sub}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from wagtail import hooks

HOOK = "register_office_pending"


@dataclass(frozen=True)
class Pending:
    """Something that waits: how many, of what, and where it is done."""

    label: str
    count: int
    url: str
    sub: str = ""


Source = Callable[[Any], Iterable[Pending]]
_sources: dict[str, tuple[int, Source]] = {}


def register(name: str, source: Source, *, order: int) -> None:
    """Let ``source(user)`` contribute; registering a name again replaces it."""
    _sources[name] = (order, source)


def pending_for(user: Any) -> list[Pending]:
    """Everything that waits for the user, in the order of the sources; nothing is listed with a count of zero."""
    found: list[Pending] = []
    for _order, source in sorted(_sources.values(), key=lambda entry: entry[0]):
        found += source(user)
    for contribute in hooks.get_hooks(HOOK):
        found += [Pending(**item) for item in contribute(user)]
    return [item for item in found if item.count]
