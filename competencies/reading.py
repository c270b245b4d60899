"""Profiles read from the database, in a number of queries that does not grow with the people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from competencies.models import Evidence, Framework
from competencies.profiles import DimensionValue, EvidenceValue, FrameworkValue, IndicatorValue, Profile, profile
from core.errors import DomainError


def current_framework() -> Framework:
    """The newest framework in force; a refusal where none was loaded yet."""
    framework = Framework.objects.order_by("-version").first()
    if framework is None:
        raise DomainError("尚未载入能力框架，请系统管理员先运行 load_reference。")
    return framework


def framework_value(framework: Framework | None = None) -> FrameworkValue:
    """The framework with dimensions, indicators, anchors and weights as plain values; five queries."""
    row = framework or current_framework()
    dimensions = row.dimensions.prefetch_related("indicators__anchors")
    return FrameworkValue(
        version=row.version,
        name=row.name,
        weights={weight.kind: weight.weight for weight in row.weights.all()},
        dimensions=tuple(
            DimensionValue(
                dimension.code,
                dimension.name,
                tuple(
                    IndicatorValue(i.code, i.name, i.scored, tuple(anchor.text for anchor in i.anchors.all()))
                    for i in dimension.indicators.all()
                ),
            )
            for dimension in dimensions
        ),
    )


def evidence_of(user_ids: Iterable[int], *, context_key: str | None = None) -> dict[int, list[EvidenceValue]]:
    """Standing evidence by person; with a context key only what that class or course produced."""
    rows = Evidence.objects.standing().filter(user_id__in=list(user_ids))
    if context_key is not None:
        rows = rows.filter(context_key=context_key)
    found: dict[int, list[EvidenceValue]] = defaultdict(list)
    columns = ("user_id", "id", "indicator__code", "kind", "phase", "score", "items", "observed_on", "source_label")
    for user_id, *values in rows.order_by("observed_on", "pk").values_list(*columns):
        found[user_id].append(EvidenceValue(*values))
    return found


def profiles_of(user_ids: Iterable[int], *, context_key: str | None = None) -> dict[int, Profile]:
    """The profile of each person; without evidence an empty one."""
    people = list(user_ids)
    framework, found = framework_value(), evidence_of(people, context_key=context_key)
    return {user_id: profile(found.get(user_id, []), framework) for user_id in people}


def profile_of(user_id: int, *, context_key: str | None = None) -> Profile:
    return profiles_of([user_id], context_key=context_key)[user_id]
