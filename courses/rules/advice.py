"""Which courses to suggest: from the gap between a profile and what is expected of the rank. Pure functions.

A gap is claimed only in a dimension that rests on enough kinds of evidence; the largest need comes first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from competencies.profiles import Level, Profile, Standing

MOST = 3


@dataclass(frozen=True)
class Gap:
    """An indicator in which somebody stands below what is expected of the rank; levels from 1 to 5."""

    code: str
    name: str
    dimension: str
    level: Decimal
    expected: Decimal

    @property
    def size(self) -> Decimal:
        return self.expected - self.level


@dataclass(frozen=True)
class Offer:
    """A course that one can take, with the codes of the indicators that it covers."""

    course: int
    indicators: frozenset[str]


@dataclass(frozen=True)
class Suggestion:
    """A course with the gaps that speak for it, the largest first."""

    course: int
    gaps: tuple[Gap, ...]

    @property
    def need(self) -> Decimal:
        return sum((gap.size for gap in self.gaps), Decimal(0))


def present_level(standing: Standing) -> Level | None:
    """Where somebody stands now: after the training, else before it."""
    return standing.after or standing.before


def gaps_of(profile: Profile, expected: Mapping[str, Decimal]) -> list[Gap]:
    """The indicators below their expectation; dimensions without enough evidence are left out."""
    standings = {standing.code: standing for standing in profile.indicators}
    found = []
    for dimension in profile.framework.dimensions:
        if not profile.dimension(dimension.code).sufficient:
            continue
        for indicator in dimension.indicators:
            gap = _gap(dimension.code, standings.get(indicator.code), expected.get(indicator.code))
            found += [gap] if gap else []
    return found


def _gap(dimension: str, standing: Standing | None, expected: Decimal | None) -> Gap | None:
    level = present_level(standing) if standing else None
    if standing is None or level is None or expected is None or level.value >= expected:
        return None
    return Gap(standing.code, standing.name, dimension, level.value, expected)


def undecided(profile: Profile) -> list[str]:
    """The names of dimensions that have too little evidence to say anything."""
    return [standing.name for standing in profile.dimensions if not standing.sufficient]


def suggest(
    gaps: Sequence[Gap], offers: Iterable[Offer], completed: Collection[int], *, most: int = MOST
) -> list[Suggestion]:
    """At most ``most`` courses that cover a gap and are not completed; the greatest need first."""
    found = [Suggestion(o.course, _covered(gaps, o)) for o in offers if o.course not in completed]
    return sorted((s for s in found if s.gaps), key=lambda s: (-s.need, s.course))[:most]


def _covered(gaps: Sequence[Gap], offer: Offer) -> tuple[Gap, ...]:
    return tuple(sorted((g for g in gaps if g.code in offer.indicators), key=lambda g: (-g.size, g.code)))
