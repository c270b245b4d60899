"""Levels of a profile as details of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from competencies.profiles import Level, Profile
from portal.measures import AFTER, BEFORE, dimension
from portal.models import PersonFigure


def level_figures(profile: Profile, **owner: Any) -> Iterator[PersonFigure]:
    """A detail per dimension and phase; a dimension with too little evidence leaves none."""
    for standing in profile.dimensions:
        if standing.sufficient:
            for phase, level in ((BEFORE, standing.before), (AFTER, standing.after)):
                if level is not None:
                    yield _figure(standing.code, phase, level, owner)


def _figure(code: str, phase: str, level: Level, owner: dict[str, Any]) -> PersonFigure:
    return PersonFigure(measure=dimension(code, phase), value=int(level.value * 100), **owner)
