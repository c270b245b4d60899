"""What a competency report says, as a pure function of profiles: figures, strengths and next steps in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from competencies.profiles import GroupStanding, IndicatorValue, Profile, Standing
from core.drawing import CompetencyReport, DimensionResult, EvidenceLine, IndicatorResult

LISTED = 3
NOTE = "仅用于培训改进，不作为任免、奖惩的直接依据"


@dataclass(frozen=True)
class Words:
    """Labels of codes, kept out of the pure part: kinds and phases of evidence."""

    kinds: Mapping[str, str]
    phases: Mapping[str, str]


@dataclass(frozen=True)
class Heading:
    """Whose report it is, of which class, and the day it is issued."""

    person: str
    unit: str
    post: str
    cohort: str
    window_from: date
    window_to: date
    issuer: str
    issued_on: date
    marker: str


def level_number(value: Decimal) -> int:
    """The behavioural level (1–5) whose anchor describes a level value."""
    return max(1, min(5, int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))))


def anchors(indicator: IndicatorValue, after: Decimal | None) -> tuple[str, str]:
    """What the person does now and what comes next; at the top level there is nothing next."""
    if after is None:
        return "", ""
    now = level_number(after)
    following = indicator.anchors[now] if now < len(indicator.anchors) else ""
    return indicator.anchors[now - 1], following


def _evidence(standing: Standing, words: Words) -> tuple[EvidenceLine, ...]:
    return tuple(
        EvidenceLine(
            piece.observed_on, words.kinds[piece.kind], piece.source_label, piece.score, words.phases[piece.phase]
        )
        for piece in standing.evidence
    )


def _indicator(standing: Standing, indicator: IndicatorValue, words: Words) -> IndicatorResult:
    now, following = anchors(indicator, standing.after.value if standing.after else None)
    return IndicatorResult(
        code=standing.code,
        name=standing.name,
        before=standing.before.value if standing.before else None,
        after=standing.after.value if standing.after else None,
        anchor_now=now,
        anchor_next=following,
        evidence=_evidence(standing, words),
    )


def _dimension(
    standing: Standing, group: GroupStanding | None, indicators: tuple[IndicatorResult, ...], words: Words
) -> DimensionResult:
    after = standing.after
    return DimensionResult(
        code=standing.code,
        name=standing.name,
        before=standing.before.value if standing.before else None,
        after=after.value if after else None,
        group=group.after.value if group and group.after else None,
        low=after.low if after else None,
        high=after.high if after else None,
        n=after.n if after else 0,
        kinds=tuple(words.kinds[kind] for kind in sorted(standing.kinds)),
        insufficient=not standing.sufficient,
        indicators=indicators,
    )


def _sufficient(profile: Profile) -> list[Standing]:
    """Indicators with a level after the class, within dimensions that rest on two kinds of evidence."""
    enough = {d.code for d in profile.dimensions if d.sufficient}
    return [i for i in profile.indicators if i.after and i.code[0] in enough]


def strengths(profile: Profile) -> tuple[str, ...]:
    """The highest indicators, at level 3 (胜任) or above, with what the person does there."""
    known = {i.code: i for d in profile.framework.dimensions for i in d.indicators}
    best = sorted(_sufficient(profile), key=lambda s: (-s.after.value, s.code) if s.after else (0, s.code))
    return tuple(
        f"{s.code} {s.name}：{anchors(known[s.code], s.after.value)[0]}。"
        for s in best[:LISTED]
        if s.after and level_number(s.after.value) >= 3
    )


def next_steps(profile: Profile, expected: Mapping[str, Decimal]) -> tuple[str, ...]:
    """The indicators furthest below what the rank expects, with the behaviour that comes next."""
    known = {i.code: i for d in profile.framework.dimensions for i in d.indicators}
    rated = _sufficient(profile)
    gaps = [(expected[s.code] - s.after.value, s) for s in rated if s.after and s.code in expected]
    gaps = sorted((gap for gap in gaps if gap[0] > 0), key=lambda gap: (-gap[0], gap[1].code))
    if rated and not gaps:
        return ("已有证据的指标都达到本职级的期望，可参照下一级行为描述继续提高。",)
    return tuple(
        f"{s.code} {s.name}：下一步{anchors(known[s.code], s.after.value)[1]}。" for _, s in gaps[:LISTED] if s.after
    )


def compose(
    *, heading: Heading, profile: Profile, group: Sequence[GroupStanding], group_size: int,
    expected: Mapping[str, Decimal], words: Words,
) -> CompetencyReport:  # fmt: skip
    """The whole report as the drawing kit takes it."""
    group_of = {standing.code: standing for standing in group}
    standings = {standing.code: standing for standing in profile.indicators}
    dimensions = []
    for value in profile.framework.dimensions:
        rows = tuple(_indicator(standings[i.code], i, words) for i in value.indicators if i.code in standings)
        dimensions.append(_dimension(profile.dimension(value.code), group_of.get(value.code), rows, words))
    sources = sorted({piece.source_label for standing in profile.dimensions for piece in standing.evidence})
    return CompetencyReport(
        person=heading.person,
        unit=heading.unit,
        post=heading.post,
        cohort=heading.cohort,
        window_from=heading.window_from,
        window_to=heading.window_to,
        framework=f"{profile.framework.name}能力框架 第{profile.framework.version}版",
        issued_on=heading.issued_on,
        issuer=heading.issuer,
        marker=heading.marker,
        dimensions=tuple(dimensions),
        strengths=strengths(profile),
        next_steps=next_steps(profile, expected),
        sources=tuple(sources),
        group_size=group_size if group_size >= 5 else None,
        note=NOTE,
    )


def _number(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def figures_of(report: CompetencyReport) -> dict[str, Any]:
    """The figures of a report as they are frozen: levels as decimal strings."""
    return {
        "framework": report.framework,
        "group_size": report.group_size,
        "strengths": list(report.strengths),
        "next_steps": list(report.next_steps),
        "sources": list(report.sources),
        "dimensions": [
            {
                "code": d.code, "name": d.name, "before": _number(d.before), "after": _number(d.after),
                "group": _number(d.group), "low": _number(d.low), "high": _number(d.high), "n": d.n,
                "kinds": list(d.kinds), "insufficient": d.insufficient,
                "indicators": [
                    {
                        "code": i.code, "name": i.name, "before": _number(i.before), "after": _number(i.after),
                        "now": i.anchor_now, "next": i.anchor_next,
                        "evidence": [
                            {"on": e.on.isoformat(), "kind": e.kind, "source": e.source, "score": _number(e.score),
                             "phase": e.phase}
                            for e in i.evidence
                        ],
                    }
                    for i in d.indicators
                ],
            }
            for d in report.dimensions
        ],
    }  # fmt: skip
