"""Drawing a paper from the bank: every line of the blueprint met, no question twice, the same seed the same paper."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.rules.scoring import JUDGE, MULTIPLE, SINGLE

Candidates = list[list["PoolQuestion"]]
Holder = dict[int, tuple[int, "PoolQuestion"]]
KIND_ORDER = {SINGLE: 0, MULTIPLE: 1, JUDGE: 2}


@dataclass(frozen=True)
class Line:
    """So many questions of a kind; no indicator or difficulty means any."""

    kind: str
    count: int
    points: Decimal
    indicator: int | None = None
    difficulty: int | None = None

    def takes(self, question: PoolQuestion) -> bool:
        return (
            question.kind == self.kind
            and self.indicator in (None, question.indicator)
            and self.difficulty in (None, question.difficulty)
        )


@dataclass(frozen=True)
class PoolQuestion:
    """A question that may be drawn, with its present wording."""

    question: int
    version: int
    kind: str
    indicator: int
    difficulty: int


@dataclass(frozen=True)
class Drawn:
    """A question on the paper and the line it serves (from 0)."""

    question: PoolQuestion
    line: int
    points: Decimal


@dataclass(frozen=True)
class Shortage:
    """A line (from 0) that cannot be filled: so many are wanted, so many are left for it."""

    line: int
    wanted: int
    found: int

    @property
    def lacking(self) -> int:
        return self.wanted - self.found


class PoolTooSmall(Exception):
    """The bank does not hold what the blueprint asks for; names each short line."""

    def __init__(self, shortages: list[Shortage]) -> None:
        super().__init__(shortages)
        self.shortages = shortages


def draw(
    lines: Sequence[Line],
    pool: Sequence[PoolQuestion],
    *,
    seed: int,
    exclude: Collection[int] = (),
    avoid: Collection[int] = (),
) -> list[Drawn]:
    """A paper in the order it is asked: single, multiple, judge, shuffled within each kind.

    Questions in ``exclude`` are never drawn; those in ``avoid`` only where the rest does not suffice.
    Raises ``PoolTooSmall``.
    """
    chance = random.Random(seed)
    filled = _fill(lines, _candidates(lines, pool, chance, exclude, avoid))
    short = shortages(lines, filled)
    if short:
        raise PoolTooSmall(short)
    paper = [Drawn(question, line, lines[line].points) for line, question in filled]
    chance.shuffle(paper)
    return sorted(paper, key=lambda item: KIND_ORDER.get(item.question.kind, len(KIND_ORDER)))


def shortages(lines: Sequence[Line], filled: Sequence[tuple[int, PoolQuestion]]) -> list[Shortage]:
    """The lines that were not filled."""
    got = [0] * len(lines)
    for line, _ in filled:
        got[line] += 1
    return [Shortage(n, line.count, got[n]) for n, line in enumerate(lines) if got[n] < line.count]


def shuffled_options(kind: str, options: int, *, seed: int, position: int) -> list[int]:
    """The order in which the options of an item are shown; 正确 and 错误 keep theirs."""
    order = list(range(options))
    if kind != JUDGE:
        random.Random(f"{seed}:{position}").shuffle(order)
    return order


def overlap(first: Collection[int], second: Collection[int]) -> Decimal:
    """The share of the smaller paper's questions that both papers ask, 0–1."""
    smaller = min(len(set(first)), len(set(second)))
    return Decimal(len(set(first) & set(second))) / smaller if smaller else Decimal(0)


def _candidates(
    lines: Sequence[Line],
    pool: Sequence[PoolQuestion],
    chance: random.Random,
    exclude: Collection[int],
    avoid: Collection[int],
) -> tuple[Candidates, Candidates]:
    """For each line the questions that it takes in the order in which they are tried: the fresh ones, then all."""
    barred, spared = set(exclude), set(avoid)
    usable = sorted((q for q in pool if q.question not in barred), key=lambda q: q.question)
    chance.shuffle(usable)
    fresh = [q for q in usable if q.question not in spared]
    rest = [q for q in usable if q.question in spared]
    taken = [[q for q in fresh if line.takes(q)] for line in lines]
    return taken, [first + [q for q in rest if line.takes(q)] for first, line in zip(taken, lines, strict=True)]


def _fill(lines: Sequence[Line], candidates: tuple[Candidates, Candidates]) -> list[tuple[int, PoolQuestion]]:
    """As many places filled as can be, with as few questions to be avoided as can be."""
    holder: Holder = {}
    missing = [line.count for line in lines]
    for stage in candidates:
        for line in sorted(range(len(lines)), key=lambda n: len(stage[n])):
            while missing[line] and _place(line, stage, holder, set()):
                missing[line] -= 1
    return list(holder.values())


def _place(line: int, candidates: Candidates, holder: Holder, seen: set[int]) -> bool:
    """Give the line one more question; a question that another line holds is freed where that line finds another."""
    free = next((q for q in candidates[line] if q.question not in holder), None)
    if free is not None:
        holder[free.question] = (line, free)
        return True
    for question in candidates[line]:
        other = holder[question.question][0]
        if question.question in seen or other == line:
            continue
        seen.add(question.question)
        if _place(other, candidates, holder, seen):
            holder[question.question] = (line, question)
            return True
    return False
