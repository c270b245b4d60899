"""What a class may cost: people × days × the standard of its class of training. Pure functions; amounts in yuan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class StandardValue:
    """One version of the standard: yuan per person and day by class of training."""

    version: int
    name: str
    effective_from: date
    per_person_day: Mapping[str, Decimal]


@dataclass(frozen=True)
class Limit:
    """What a class may cost and what was planned; ``limit`` is None where no standard says anything."""

    places: int
    days: Decimal
    rate: Decimal | None
    budget: Decimal
    standard: int | None = None

    @property
    def limit(self) -> Decimal | None:
        return None if self.rate is None else self.places * self.days * self.rate

    @property
    def over_by(self) -> Decimal:
        """How far the budget lies above the limit; 0 within it and where there is none."""
        return Decimal(0) if self.limit is None else max(Decimal(0), self.budget - self.limit)

    @property
    def is_over(self) -> bool:
        return self.over_by > 0


@dataclass
class FeeSum:
    """The classes of one class of training: how many, their limit and their budget; ``open`` have no limit."""

    fee_class: str
    classes: int = 0
    places: int = 0
    budget: Decimal = Decimal(0)
    limit: Decimal = Decimal(0)
    open: int = 0
    over: int = 0


@dataclass
class PlanSum:
    """The sums of a plan, by class of training and as a whole."""

    by_fee_class: dict[str, FeeSum] = field(default_factory=dict)
    whole: FeeSum = field(default_factory=lambda: FeeSum(""))


def standard_on(day: date, standards: Iterable[StandardValue]) -> StandardValue | None:
    """The newest version in force on the day; None before the first."""
    there = [one for one in standards if one.effective_from <= day]
    return max(there, key=lambda one: (one.effective_from, one.version)) if there else None


def limit_of(
    *, places: int, days: Decimal, fee_class: str, budget: Decimal, on: date, standards: Iterable[StandardValue]
) -> Limit:
    """The limit of a class that begins on the day."""
    standard = standard_on(on, standards)
    rate = standard.per_person_day.get(fee_class) if standard else None
    return Limit(places, days, rate, budget, standard.version if standard and rate is not None else None)


def sums(limits: Iterable[tuple[str, Limit]]) -> PlanSum:
    """Sums over pairs of class of training and limit."""
    found = PlanSum()
    for fee_class, one in limits:
        own = found.by_fee_class.setdefault(fee_class, FeeSum(fee_class))
        for row in (own, found.whole):
            _add(row, one)
    return found


def _add(row: FeeSum, one: Limit) -> None:
    row.classes += 1
    row.places += one.places
    row.budget += one.budget
    row.limit += one.limit or Decimal(0)
    row.open += one.limit is None
    row.over += one.is_over


def carried(budget: Decimal, before: Decimal | None, after: Decimal | None) -> Decimal:
    """Last year's budget at the same share of the new limit; as it was where one of the limits is not known."""
    if not before or after is None:
        return budget
    return (budget * after / before).quantize(CENT, rounding=ROUND_HALF_UP)
