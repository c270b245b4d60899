"""Hours that are on their way: higher apps say which classes are confirmed and not yet credited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from records.rules.counting import EntryValue


@dataclass(frozen=True)
class Expected:
    """Hours that a cadre will earn with full attendance, and the last day on which they are earned."""

    user_id: int
    bucket: str
    category: str
    mode: str
    days: Decimal
    hours: Decimal
    earned_on: date
    label: str


Provider = Callable[[Sequence[int]], Iterable[Expected]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """``provider(user_ids)`` gives what is not credited yet, in a number of queries that does not grow with them."""
    _providers[name] = provider


def expected_of(user_ids: Sequence[int]) -> dict[int, list[EntryValue]]:
    """The hours to come of each person as lines with negative ids, by day."""
    found: dict[int, list[EntryValue]] = defaultdict(list)
    every = [one for provider in _providers.values() for one in provider(user_ids)]
    for number, one in enumerate(sorted(every, key=lambda e: (e.earned_on, e.label)), 1):
        found[one.user_id].append(
            EntryValue(-number, one.bucket, one.days, one.hours, one.earned_on, one.label, one.category, one.mode)
        )
    return found
