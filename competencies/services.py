"""Every change of the framework and of evidence."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from competencies.models import (
    Dimension,
    Evidence,
    EvidenceWeight,
    Expectation,
    Framework,
    Indicator,
    Kind,
    LevelAnchor,
    Phase,
)
from core import clock
from core.errors import DomainError
from people.ranks import Regime

FIRST_FRAMEWORK = Path(__file__).parent / "data" / "competency_framework.csv"
DEFAULT_WEIGHTS = {
    Kind.TEST: Decimal("0.40"),
    Kind.TASK: Decimal("0.30"),
    Kind.OBSERVATION: Decimal("0.20"),
    Kind.SUPERVISOR: Decimal("0.10"),
}
DEFAULT_EXPECTATIONS = {Regime.SENIOR: Decimal("3.50"), Regime.JUNIOR: Decimal("2.50")}
NOT_SCORED = {"A1"}  # taught and recorded, never scored per person unless the operator switches it on in writing


@dataclass(frozen=True)
class EvidenceEntry:
    """Evidence to be recorded; ``source_ref`` names its cause, so that recording it again changes nothing."""

    user_id: int
    indicator_id: int
    kind: str
    phase: str
    score: Decimal
    items: int
    source_label: str
    source_ref: str
    context_key: str
    observed_on: date


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _add_indicator(dimension: Dimension, row: dict[str, str]) -> None:
    code = row["indicator_code"]
    indicator = Indicator.objects.create(
        dimension=dimension, code=code, name=row["indicator_zh"], scored=code not in NOT_SCORED
    )
    LevelAnchor.objects.bulk_create(
        LevelAnchor(indicator=indicator, level=level, text=row[f"level{level}"]) for level in range(1, 6)
    )
    Expectation.objects.bulk_create(
        Expectation(indicator=indicator, regime=regime, level=level) for regime, level in DEFAULT_EXPECTATIONS.items()
    )


@transaction.atomic
def load_framework(*, actor: Any = None, path: Path = FIRST_FRAMEWORK, name: str = "领航六维") -> Framework:
    """Load the framework of a CSV file as version 1; loaded before, it is returned as it is."""
    framework, created = Framework.objects.get_or_create(
        version=1, defaults={"name": name, "effective_from": clock.today()}
    )
    if not created:
        return framework
    dimensions: dict[str, Dimension] = {}
    for row in _rows(path):
        code = row["dimension_code"]
        if code not in dimensions:
            dimensions[code] = framework.dimensions.create(
                code=code, name=row["dimension_zh"], name_en=row["dimension_en"], path=row["seed_path"]
            )
        _add_indicator(dimensions[code], row)
    EvidenceWeight.objects.bulk_create(
        EvidenceWeight(framework=framework, kind=kind, weight=weight) for kind, weight in DEFAULT_WEIGHTS.items()
    )
    log(framework, "competencies.framework.load", user=actor, data={"version": framework.version})
    return framework


def _check(entries: list[EvidenceEntry]) -> None:
    unscored = set(Indicator.objects.filter(scored=False).values_list("pk", flat=True))
    for entry in entries:
        if entry.indicator_id in unscored:
            raise DomainError("该指标只授课、不对个人评分，不能写入能力证据。")
        if not 1 <= entry.score <= 5 or entry.kind not in Kind.values or entry.phase not in Phase.values:
            raise DomainError("能力证据的得分应在 1 至 5 之间，并注明证据类型和阶段。")


@transaction.atomic
def record_evidence(*, actor: Any, entries: list[EvidenceEntry]) -> int:
    """Add what is not recorded yet, by source, person, indicator and phase; the number of new pieces."""
    _check(entries)
    refs = {entry.source_ref for entry in entries}
    known = set(
        Evidence.objects.filter(source_ref__in=refs, reverses__isnull=True).values_list(
            "source_ref", "user_id", "indicator_id", "phase"
        )
    )
    new = [e for e in entries if (e.source_ref, e.user_id, e.indicator_id, e.phase) not in known]
    Evidence.objects.bulk_create(
        (Evidence(**entry.__dict__, recorded_by=actor, recorded_at=clock.now()) for entry in new), batch_size=500
    )
    return len(new)


@transaction.atomic
def reverse_evidence(*, actor: Any, evidence: list[Evidence], reason: str) -> int:
    """Take evidence back by a line that points at it; what is already taken back stays as it is."""
    if not reason.strip():
        raise DomainError("请写明撤回能力证据的理由。")
    standing = Evidence.objects.standing().filter(pk__in=[piece.pk for piece in evidence])
    lines = [
        Evidence(
            user_id=piece.user_id, indicator_id=piece.indicator_id, kind=piece.kind, phase=piece.phase,
            score=piece.score, items=piece.items, source_label=reason[:120], source_ref=f"reverse:{piece.pk}",
            context_key=piece.context_key, reverses=piece, observed_on=clock.today(), recorded_by=actor,
        )
        for piece in standing
    ]  # fmt: skip
    Evidence.objects.bulk_create(lines)
    return len(lines)
