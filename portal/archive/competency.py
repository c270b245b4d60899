"""A competency profile as a chart with its table, and the evidence behind each dimension."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from competencies.models import Kind, Phase
from competencies.profiles import EvidenceValue, Level, Profile, Standing
from core.templatetags.linghang import day


def _values(profile: Profile, pick: Callable[[Standing], Level | None]) -> list[Level | None]:
    return [pick(s) if s.sufficient else None for s in profile.dimensions]


def series(name: str, role: str, levels: list[Level | None], missing: str = "") -> dict[str, Any]:
    """One line of a chart of levels with its intervals."""
    return {
        "name": name,
        "role": role,
        "values": [level and level.value for level in levels],
        "low": [level and level.low for level in levels],
        "high": [level and level.high for level in levels],
        "missing": missing or _("证据不足"),
    }


def profile_chart(profile: Profile) -> dict[str, Any] | None:
    """Before and after for the dimensions with enough evidence; None where there is no evidence at all."""
    if not any(standing.evidence for standing in profile.dimensions):
        return None
    before = _values(profile, lambda s: s.before)
    after = _values(profile, lambda s: s.after)
    return {
        "labels": [standing.name for standing in profile.dimensions],
        "unit": "",
        "min": Decimal(1),
        "max": Decimal(5),
        "row_label": _("维度"),
        "series": [series(_("训前"), "before", before), series(_("训后"), "after", after)],
    }


def dimension_folds(profile: Profile) -> list[dict[str, Any]]:
    """Each dimension with its indicators' evidence, newest first."""
    names = {i.code: i.name for d in profile.framework.dimensions for i in d.indicators}
    return [
        {
            "code": standing.code,
            "name": standing.name,
            "sufficient": standing.sufficient,
            "words": _standing_words(standing),
            "rows": [_evidence_row(piece, names) for piece in reversed(standing.evidence)],
        }
        for standing in profile.dimensions
    ]


def _standing_words(standing: Standing) -> str:
    if not standing.evidence:
        return _("还没有证据")
    if not standing.sufficient:
        return _("%(n)s 条证据，只有一类，暂不给出等级") % {"n": len(standing.evidence)}
    before = _("训前 %(n)s") % {"n": f"{standing.before.value:.1f}"} if standing.before else ""
    after = _("训后 %(n)s") % {"n": f"{standing.after.value:.1f}"} if standing.after else ""
    return "，".join(filter(None, [before, after, _("%(n)s 条证据") % {"n": len(standing.evidence)}]))


def _evidence_row(piece: EvidenceValue, names: dict[str, str]) -> list[Any]:
    return [
        f"{piece.indicator} {names.get(piece.indicator, '')}",
        str(Kind(piece.kind).label),
        str(Phase(piece.phase).label),
        {"text": f"{piece.score:.1f}", "sub": _("%(n)s 题（项）") % {"n": piece.items}},
        day(piece.observed_on),
        piece.source_label,
    ]
