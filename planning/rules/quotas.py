"""Places shared among units in proportion to whom they could send: arithmetic without a database."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def shares(places: int, eligible: Mapping[int, int]) -> dict[int, int]:
    """Places per unit by the largest remainder, never more than the unit has eligible people.

    Ties go to the unit that has more people, then to the one that comes first. The sum is ``places``, or everybody
    where fewer are eligible.
    """
    left, given = places, dict.fromkeys(eligible, 0)
    while left:
        open_units = {unit: count for unit, count in eligible.items() if count > given[unit]}
        if not open_units:
            break
        extra = _largest_remainder(left, open_units)
        for unit, more in extra.items():
            given[unit] += min(more, eligible[unit] - given[unit])
        left = places - sum(given.values())
    return given


def _largest_remainder(places: int, weights: Mapping[int, int]) -> dict[int, int]:
    whole = sum(weights.values())
    exact = {unit: Fraction(places * weight, whole) for unit, weight in weights.items()}
    given = {unit: int(share) for unit, share in exact.items()}
    order = list(weights)
    by_remainder = sorted(order, key=lambda unit: (given[unit] - exact[unit], -weights[unit], order.index(unit)))
    for unit in by_remainder[: places - sum(given.values())]:
        given[unit] += 1
    return given
