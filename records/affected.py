"""What a new hour rule would touch: higher apps say which of their things begin on or after a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Affected:
    """A thing reckoned by an hour rule that it keeps: its name, first day, version and page."""

    label: str
    starts_on: date
    version: int
    url: str


Provider = Callable[[Any, date], Iterable[Affected]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """``provider(user, day)`` gives what the user may see of the things that begin on the day or later."""
    _providers[name] = provider


def affected_from(user: Any, day: date) -> list[Affected]:
    found = [one for provider in _providers.values() for one in provider(user, day)]
    return sorted(found, key=lambda one: (one.starts_on, one.label))
