"""What a competency report says: a tree of plain values, frozen before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.drawing.dates import chinese_date as chinese_date
from core.drawing.dates import chinese_window as chinese_window

NOTE = "仅用于培训改进，不作为任免、奖惩的直接依据"
HIGHEST = Decimal(5)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece of evidence: its date, the label of its kind, its source and its score (1–5)."""

    on: date
    kind: str
    source: str
    score: Decimal | None = None
    phase: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """An indicator with its levels (1–5) before and after, what the person does now and what comes next."""

    code: str
    name: str
    before: Decimal | None = None
    after: Decimal | None = None
    anchor_now: str = ""
    anchor_next: str = ""
    evidence: tuple[EvidenceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """A dimension with its levels (1–5), the interval of the level after, and on how much evidence it rests.

    ``group`` is the class average, None for fewer than five people; ``insufficient`` shows 证据不足 for a level.
    """

    code: str
    name: str
    before: Decimal | None = None
    after: Decimal | None = None
    group: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    n: int = 0
    kinds: tuple[str, ...] = ()
    insufficient: bool = False
    indicators: tuple[IndicatorResult, ...] = ()


@dataclass(frozen=True, slots=True)
class CompetencyReport:
    """Everything a competency report prints."""

    person: str
    unit: str
    cohort: str
    window_from: date
    window_to: date
    framework: str
    issued_on: date
    dimensions: tuple[DimensionResult, ...]
    post: str = ""
    issuer: str = ""
    strengths: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    group_size: int | None = None
    marker: str = ""
    note: str = NOTE


def level(value: Decimal | None) -> str:
    """Return a level with one decimal, or a dash where there is none."""
    return "—" if value is None else str(value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def change(before: Decimal | None, after: Decimal | None) -> str:
    """Return the difference of two printed levels with its sign, or a dash."""
    if before is None or after is None:
        return "—"
    step = Decimal(level(after)) - Decimal(level(before))
    return f"+{step}" if step > 0 else f"−{-step}" if step < 0 else "0.0"
