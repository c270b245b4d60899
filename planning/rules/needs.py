"""Who needs a seat: counted from what the statute still asks and from gaps in competencies. Pure functions.

A statutory need is a person with an open requirement of 集中培训. A need by competency is a person below what is
expected of the rank in at least one indicator of a dimension that rests on enough evidence; numbers below five, of
people who can be judged or of people in need, are not shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

LEAST = 5
# Themes of classes are the dimensions of the competency framework.
THEME_OF = {"A": "base", "B": "reform", "C": "digital", "D": "talent", "E": "law", "F": "service"}
STATUTE, COMPETENCY = "statute", "competency"


@dataclass(frozen=True)
class PersonNeed:
    """One cadre: regime, whether the statute still asks 集中培训, themes with a gap, themes that can be judged."""

    regime: str
    is_short: bool
    themes: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Need:
    """A figure of the table: people in need of those who can be judged; silent where the figure is too small."""

    basis: str
    regime: str
    theme: str
    known: int
    people: int
    suppressed: bool = False


def count_needs(people: Iterable[PersonNeed], regimes: Iterable[str], themes: Iterable[str]) -> list[Need]:
    """Every figure, by regime, and by regime and theme."""
    there, themes = list(people), list(themes)
    found = []
    for regime in regimes:
        own = [one for one in there if one.regime == regime]
        found.append(Need(STATUTE, regime, "", len(own), sum(one.is_short for one in own)))
        found += [_of_theme(own, regime, theme) for theme in themes]
    return found


def _of_theme(own: Iterable[PersonNeed], regime: str, theme: str) -> Need:
    judged = [one for one in own if theme in one.known]
    short = sum(theme in one.themes for one in judged)
    if len(judged) < LEAST or 0 < short < LEAST:
        return Need(COMPETENCY, regime, theme, 0, 0, suppressed=True)
    return Need(COMPETENCY, regime, theme, len(judged), short)


def classes_needed(people: int, planned: int, size: int) -> int:
    """How many classes of the size close the gap between need and planned seats."""
    return ceil(max(people - planned, 0) / size)
