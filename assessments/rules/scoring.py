"""What an answer is worth: all or nothing, for multiple choice too; points are exact decimals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")
ZERO = Decimal(0)

SINGLE, MULTIPLE, JUDGE = "single", "multiple", "judge"


@dataclass(frozen=True)
class ItemValue:
    """An answered item: the key and the choice as option numbers from 0, the points it is worth."""

    answer: Sequence[int]
    choice: Sequence[int]
    points: Decimal


@dataclass(frozen=True)
class PaperScore:
    score: Decimal
    full: Decimal
    right: int
    answered: int
    items: int

    @property
    def percent(self) -> Decimal:
        """The share of the points, 0–100 to two places; 0 for an empty paper."""
        return percent_of(self.score, self.full)


def percent_of(score: Decimal, full: Decimal) -> Decimal:
    """``score`` of ``full`` as 0–100 to two places, halves up."""
    return (score * 100 / full).quantize(HUNDREDTH, ROUND_HALF_UP) if full else ZERO


def is_right(answer: Sequence[int], choice: Sequence[int]) -> bool:
    """Exactly the options of the key and no other; nothing chosen is never right."""
    return bool(choice) and set(answer) == set(choice)


def points_for(item: ItemValue) -> Decimal:
    """All of the item's points or none: an incomplete multiple choice earns nothing."""
    return item.points if is_right(item.answer, item.choice) else ZERO


def score_paper(items: Iterable[ItemValue]) -> PaperScore:
    """The sums of one paper."""
    every = list(items)
    return PaperScore(
        score=sum((points_for(item) for item in every), ZERO),
        full=sum((item.points for item in every), ZERO),
        right=sum(is_right(item.answer, item.choice) for item in every),
        answered=sum(bool(item.choice) for item in every),
        items=len(every),
    )


def has_passed(score: Decimal, full: Decimal, pass_percent: Decimal) -> bool:
    """Whether the unrounded share reaches the pass mark: 59.996 % is not 60 %."""
    return score * 100 >= pass_percent * full


def allowed_choice(kind: str, options: int, choice: Sequence[int]) -> bool:
    """Whether the choice can be made at all: options that exist, none twice, one at most except in multiple choice."""
    if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n < options for n in choice):
        return False
    return len(set(choice)) == len(choice) and (kind == MULTIPLE or len(choice) <= 1)
