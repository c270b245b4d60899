"""Dealing people into groups that are alike: equal in size, mixed in unit, then in sex, then in level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

ROUNDS = 20  # each round lowers the cost; a handful is enough


@dataclass(frozen=True, order=True)
class Person:
    """Somebody to be dealt: the unit (in the order of the tree), sex, level, and a key that tells them apart."""

    unit: str
    sex: str
    level: str
    key: int

    def marks(self) -> tuple[str, str, str]:
        return self.unit, self.sex, self.level


Tally = list[tuple[Counter[str], Counter[str], Counter[str]]]


def deal(people: Iterable[Person], count: int) -> list[list[int]]:
    """The keys of ``count`` groups, the same for the same people in whatever order they come.

    Sizes differ by one at most, and so do the people of one unit from group to group; within that, sex and level
    are as even as exchanges of two people can make them.
    """
    ordered = sorted(people)
    groups = [ordered[n::count] for n in range(count)]
    tally: Tally = [_tally(group) for group in groups]
    for _round in range(ROUNDS):
        moved = [_even_out(groups, tally, a, b) for a, b in combinations(range(count), 2)]
        if not any(moved):
            break
    return [[person.key for person in sorted(group)] for group in groups]


def _tally(group: Sequence[Person]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    return (
        Counter(person.unit for person in group),
        Counter(person.sex for person in group),
        Counter(person.level for person in group),
    )


def _even_out(groups: list[list[Person]], tally: Tally, a: int, b: int) -> bool:
    """Exchange people of two groups while that makes them more alike; whether anybody moved."""
    moved = False
    for here in range(len(groups[a])):
        for there in range(len(groups[b])):
            if _gain(tally[a], tally[b], groups[a][here], groups[b][there]) < (0, 0, 0):
                _exchange(groups, tally, (a, here), (b, there))
                moved = True
    return moved


def _gain(
    mine: tuple[Counter[str], ...], theirs: tuple[Counter[str], ...], one: Person, other: Person
) -> tuple[int, ...]:
    """By how much the sums of squares of unit, sex and level change when the two exchange places."""
    return tuple(
        0 if out == into else mine[n][into] - mine[n][out] + theirs[n][out] - theirs[n][into] + 2
        for n, (out, into) in enumerate(zip(one.marks(), other.marks(), strict=True))
    )


def _exchange(groups: list[list[Person]], tally: Tally, first: tuple[int, int], second: tuple[int, int]) -> None:
    (a, here), (b, there) = first, second
    one, other = groups[a][here], groups[b][there]
    groups[a][here], groups[b][there] = other, one
    for n, (out, into) in enumerate(zip(one.marks(), other.marks(), strict=True)):
        tally[a][n].update({out: -1, into: 1} if out != into else {})
        tally[b][n].update({out: 1, into: -1} if out != into else {})
