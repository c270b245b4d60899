"""Which groups of a table are not shown, so that no small group can be had by taking the others from the total."""

from __future__ import annotations

from collections.abc import Sequence

from competencies.profiles import LEAST_GROUP


def withheld(sizes: Sequence[int], already: frozenset[int] = frozenset()) -> frozenset[int]:
    """Positions of the groups to withhold where the total is known; ``already`` are withheld for another reason.

    First the groups of one to four people. As long as those withheld are fewer than five together, what is left
    of the total would still tell of a small group: then the smallest of the others is withheld as well.
    """
    hidden = set(already) | {n for n, size in enumerate(sizes) if 0 < size < LEAST_GROUP}
    others = sorted((n for n, size in enumerate(sizes) if size and n not in hidden), key=lambda n: (sizes[n], n))
    while others and 0 < sum(sizes[n] for n in hidden) < LEAST_GROUP:
        hidden.add(others.pop(0))
    return frozenset(hidden)


def withheld_in_parts(
    sizes: Sequence[int], parts: Sequence[int], already: frozenset[int] = frozenset()
) -> frozenset[int]:
    """The same where each part has a total of its own that is known, and all parts together have one; ``parts``
    names the part of each position."""
    hidden = set(already)
    for part in dict.fromkeys(parts):
        here = [n for n, one in enumerate(parts) if one == part]
        inside = frozenset(at for at, n in enumerate(here) if n in already)
        hidden |= {here[at] for at in withheld([sizes[n] for n in here], inside)}
    return withheld(sizes, frozenset(hidden))
