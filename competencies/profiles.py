"""A competency profile as a pure function of evidence, weights and framework version.

Levels are decimals from 1 to 5. ``before`` rests on evidence of the phase pre, ``after`` on during, post and
follow-up. Within a kind of evidence the mean is weighted by the number of items; the kinds that are present are
combined by the framework's weights, rescaled to one. Self-ratings never weigh. A dimension that rests on fewer
than two kinds is insufficient (证据不足): its levels are kept for the trace and not to be shown as a result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

LOWEST, HIGHEST = Decimal(1), Decimal(5)
LEAST_KINDS = 2
LEAST_GROUP = 5
Z90 = Decimal("1.645")  # two-sided 90 %
LEAST_SPREAD = Decimal("0.5")  # so that few equal scores do not look exact
BEFORE = frozenset({"pre"})
AFTER = frozenset({"during", "post", "follow_up"})


@dataclass(frozen=True)
class EvidenceValue:
    id: int
    indicator: str
    kind: str
    phase: str
    score: Decimal
    items: int
    observed_on: date
    source_label: str


@dataclass(frozen=True)
class IndicatorValue:
    code: str
    name: str
    scored: bool
    anchors: tuple[str, ...]  # behaviour at levels 1 to 5


@dataclass(frozen=True)
class DimensionValue:
    code: str
    name: str
    indicators: tuple[IndicatorValue, ...]


@dataclass(frozen=True)
class FrameworkValue:
    version: int
    name: str
    weights: Mapping[str, Decimal]
    dimensions: tuple[DimensionValue, ...]


@dataclass(frozen=True)
class Level:
    """A level with its 90 % interval and the number of items it rests on."""

    value: Decimal
    low: Decimal
    high: Decimal
    n: int


@dataclass(frozen=True)
class Standing:
    """Where a person stands in an indicator or a dimension, with the evidence that says so."""

    code: str
    name: str
    before: Level | None
    after: Level | None
    kinds: frozenset[str]
    evidence: tuple[EvidenceValue, ...]

    @property
    def sufficient(self) -> bool:
        return len(self.kinds) >= LEAST_KINDS

    @property
    def change(self) -> Decimal | None:
        """After minus before; None where one of them is missing."""
        return self.after.value - self.before.value if self.before and self.after else None


@dataclass(frozen=True)
class Profile:
    framework: FrameworkValue
    dimensions: tuple[Standing, ...]
    indicators: tuple[Standing, ...]
    self_ratings: tuple[EvidenceValue, ...]

    def dimension(self, code: str) -> Standing:
        return next(standing for standing in self.dimensions if standing.code == code)


@dataclass(frozen=True)
class GroupStanding:
    """Means of a group in a dimension; a mean of fewer than five people is None, its n stays."""

    code: str
    name: str
    before: Level | None
    after: Level | None
    n: int


def rounded(value: Decimal) -> Decimal:
    """Two decimals, half up, as every level is shown and stored."""
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _mean(evidence: Sequence[EvidenceValue]) -> Decimal:
    items = sum(piece.items for piece in evidence)
    return sum((piece.score * piece.items for piece in evidence), Decimal(0)) / items


def _by_kind(evidence: Iterable[EvidenceValue]) -> dict[str, list[EvidenceValue]]:
    kinds: dict[str, list[EvidenceValue]] = defaultdict(list)
    for piece in evidence:
        kinds[piece.kind].append(piece)
    return kinds


def _combined(evidence: Sequence[EvidenceValue], weights: Mapping[str, Decimal]) -> Decimal:
    kinds = _by_kind(evidence)
    whole = sum((weights[kind] for kind in kinds), Decimal(0))
    return sum((_mean(pieces) * weights[kind] for kind, pieces in kinds.items()), Decimal(0)) / whole


def _spread(evidence: Sequence[EvidenceValue], centre: Decimal) -> Decimal:
    n = sum(piece.items for piece in evidence)
    variance = sum((piece.items * (piece.score - centre) ** 2 for piece in evidence), Decimal(0)) / n
    return max(variance.sqrt(), LEAST_SPREAD)


def level_of(evidence: Sequence[EvidenceValue], weights: Mapping[str, Decimal]) -> Level | None:
    """The level that weighing evidence gives; None without any."""
    weighing = [piece for piece in evidence if weights.get(piece.kind)]
    if not weighing:
        return None
    value = _combined(weighing, weights)
    n = sum(piece.items for piece in weighing)
    half = Z90 * _spread(weighing, value) / Decimal(n).sqrt()
    return Level(rounded(value), rounded(max(LOWEST, value - half)), rounded(min(HIGHEST, value + half)), n)


def _standing(code: str, name: str, evidence: Sequence[EvidenceValue], weights: Mapping[str, Decimal]) -> Standing:
    return Standing(
        code=code,
        name=name,
        before=level_of([piece for piece in evidence if piece.phase in BEFORE], weights),
        after=level_of([piece for piece in evidence if piece.phase in AFTER], weights),
        kinds=frozenset(piece.kind for piece in evidence if weights.get(piece.kind)),
        evidence=tuple(evidence),
    )


def profile(evidence: Iterable[EvidenceValue], framework: FrameworkValue) -> Profile:
    """The profile of one person; evidence on indicators that are not scored per person is left out."""
    pieces = list(evidence)
    by_indicator: dict[str, list[EvidenceValue]] = defaultdict(list)
    for piece in pieces:
        if piece.kind != "self":
            by_indicator[piece.indicator].append(piece)
    dimensions, indicators = [], []
    for dimension in framework.dimensions:
        scored = [indicator for indicator in dimension.indicators if indicator.scored]
        indicators += [_standing(i.code, i.name, by_indicator[i.code], framework.weights) for i in scored]
        mine = [piece for indicator in scored for piece in by_indicator[indicator.code]]
        dimensions.append(_standing(dimension.code, dimension.name, mine, framework.weights))
    own = tuple(piece for piece in pieces if piece.kind == "self")
    return Profile(framework, tuple(dimensions), tuple(indicators), own)


def _group_level(levels: Sequence[Level]) -> Level | None:
    if len(levels) < LEAST_GROUP:
        return None
    n = len(levels)
    mean = sum((level.value for level in levels), Decimal(0)) / n
    variance = sum(((level.value - mean) ** 2 for level in levels), Decimal(0)) / n
    half = Z90 * variance.sqrt() / Decimal(n).sqrt()
    return Level(rounded(mean), rounded(max(LOWEST, mean - half)), rounded(min(HIGHEST, mean + half)), n)


def group_profile(profiles: Sequence[Profile]) -> tuple[GroupStanding, ...]:
    """Means over the people whose dimension is sufficient; the interval is the mean's, over people."""
    if not profiles:
        return ()
    group = []
    for dimension in profiles[0].framework.dimensions:
        enough = [p.dimension(dimension.code) for p in profiles if p.dimension(dimension.code).sufficient]
        before = _group_level([s.before for s in enough if s.before])
        after = _group_level([s.after for s in enough if s.after])
        group.append(GroupStanding(dimension.code, dimension.name, before, after, len(enough)))
    return tuple(group)
