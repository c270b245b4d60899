"""Who needs a seat: counted from what the statute still asks and from gaps in competencies. Pure functions.

A statutory need is a person with an open requirement of 集中培训. A need by competency is a person below what is
expected of the rank in at least one indicator of a dimension that rests on enough evidence; numbers below five, of
people who can be judged or of people in need, are not shown. Within a regime the same is counted by post or rank;
where the totals would tell a figure that is hidden, the next small one is hidden with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from people.ranks import regime_of

LEAST = 5
# Themes of classes are the dimensions of the competency framework.
THEME_OF = {"A": "base", "B": "reform", "C": "digital", "D": "talent", "E": "law", "F": "service"}
STATUTE, COMPETENCY = "statute", "competency"
OTHER = "other"  # neither post level nor rank is on file


@dataclass(frozen=True)
class PersonNeed:
    """One cadre: regime, post or rank, whether the statute asks for more, themes with a gap, themes one can judge."""

    regime: str
    is_short: bool
    themes: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    level: str = ""


@dataclass(frozen=True)
class Need:
    """A figure of the table: people in need of those who can be judged; silent where the figure is too small."""

    basis: str
    regime: str
    theme: str
    known: int
    people: int
    suppressed: bool = False
    level: str = ""


def level_of(level: str, rank: str, regime: str) -> str:
    """The post, or without one that decides the rank, by which a cadre of the regime is counted."""
    decisive = [code for code, own in ((level, regime_of(level, "")), (rank, regime_of("", rank))) if own == regime]
    return next((code for code in (*decisive, level, rank) if code), OTHER)


def count_needs(
    people: Iterable[PersonNeed], regimes: Iterable[str], themes: Iterable[str], levels: Sequence[str] = ()
) -> list[Need]:
    """Every figure, by regime, and by regime and theme; then both by the posts and ranks that somebody holds."""
    there, themes = list(people), list(themes)
    found = []
    for regime in regimes:
        own = [one for one in there if one.regime == regime]
        found.append(_by_statute(own, regime))
        found += [_of_theme(own, regime, theme) for theme in themes]
        held = {level: [one for one in own if one.level == level] for level in levels}
        held = {level: rows for level, rows in held.items() if rows}
        found += [_by_statute(rows, regime, level) for level, rows in held.items()]
        found += [need for theme in themes for need in _of_levels(held, regime, theme)]
    return found


def _by_statute(own: Sequence[PersonNeed], regime: str, level: str = "") -> Need:
    return Need(STATUTE, regime, "", len(own), sum(one.is_short for one in own), level=level)


def _of_theme(own: Iterable[PersonNeed], regime: str, theme: str, level: str = "") -> Need:
    judged = [one for one in own if theme in one.known]
    short = sum(theme in one.themes for one in judged)
    if _is_small(len(judged), short):
        return Need(COMPETENCY, regime, theme, 0, 0, suppressed=True, level=level)
    return Need(COMPETENCY, regime, theme, len(judged), short, level=level)


def _is_small(judged: int, short: int) -> bool:
    return judged < LEAST or 0 < short < LEAST


def _of_levels(held: dict[str, list[PersonNeed]], regime: str, theme: str) -> list[Need]:
    """The figures of one theme by post or rank; the hidden ones together are never few enough to be told apart."""
    found = {level: _of_theme(own, regime, theme, level) for level, own in held.items()}
    while (small := _hidden(found, held, theme)) and _is_small(*small):
        shown = [need for need in found.values() if not need.suppressed]
        if not shown:
            break
        least = min(shown, key=lambda need: (need.people, need.known))
        found[least.level] = Need(COMPETENCY, regime, theme, 0, 0, suppressed=True, level=least.level)
    return list(found.values())


def _hidden(found: dict[str, Need], held: dict[str, list[PersonNeed]], theme: str) -> tuple[int, int] | None:
    """Whom the hidden figures are about: those who can be judged, and those in need; None where there is nobody."""
    judged = [one for level, need in found.items() if need.suppressed for one in held[level] if theme in one.known]
    return (len(judged), sum(theme in one.themes for one in judged)) if judged else None


def classes_needed(people: int, planned: int, size: int) -> int:
    """How many classes of the size close the gap between need and planned seats."""
    return ceil(max(people - planned, 0) / size)
