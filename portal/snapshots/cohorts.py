"""The figures of one class: who came, who graduated and why not, and the six dimensions within the class."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cohorts.models import Cohort, GraduationDecision, Membership
from competencies.profiles import Profile
from competencies.reading import profiles_of
from portal.measures import ARRIVED, MEMBER, reason
from portal.models import PersonFigure, Snapshot
from portal.snapshots.levels import level_figures
from portal.snapshots.writing import add_up, replace_people, snapshot_of


def rebuild_cohort(*, cohort: Cohort) -> Snapshot:
    """Make the figures of a class anew; in a number of queries that does not grow with its members."""
    snapshot = snapshot_of(Snapshot.Kind.COHORT, cohort.context_key)
    members = list(Membership.objects.filter(cohort=cohort).select_related("user").order_by("pk"))
    decisions = _decisions(cohort)
    profiles = profiles_of([m.user_id for m in members], context_key=cohort.context_key)
    rows = [
        row for m in members for row in _figures(snapshot, m, decisions.get(m.pk), profiles[m.user_id])
    ]  # fmt: skip
    kept = set(snapshot.people.values_list("user_id", flat=True)) | {m.user_id for m in members}
    replace_people(snapshot, kept, rows)
    add_up(snapshot, complete=True)
    return snapshot


def _decisions(cohort: Cohort) -> dict[int, GraduationDecision]:
    """What the standing closing decided, by membership; nothing while the class is open."""
    rows = GraduationDecision.objects.filter(closing__cohort=cohort, closing__undone_at__isnull=True)
    return {row.membership_id: row for row in rows}


def _figures(
    snapshot: Snapshot, member: Membership, decision: GraduationDecision | None, profile: Profile
) -> Iterator[PersonFigure]:
    owner: dict[str, Any] = {
        "snapshot": snapshot,
        "user_id": member.user_id,
        "unit_id": member.unit_id,
        "managed_by_id": member.user.managed_by_id,
    }
    unmet = unmet_conditions(decision)
    hours = decision.hours if decision and decision.granted else Decimal(0)
    words = "；".join(f"{label}：{detail}" for label, detail in unmet.items())
    yield PersonFigure(measure=MEMBER, state=member.state, value=int(hours * 100), words=words[:300], **owner)
    if member.registered_at:
        yield PersonFigure(measure=ARRIVED, value=100, **owner)
    for label, detail in unmet.items():
        yield PersonFigure(measure=reason(label), value=100, words=detail[:300], **owner)
    yield from level_figures(profile, **owner)


def unmet_conditions(decision: GraduationDecision | None) -> dict[str, str]:
    """The conditions that kept a member from graduating, by name, each with its sentence."""
    if decision is None or decision.granted:
        return {}
    return {c["label"]: c["detail"] for c in decision.conditions if not c["met"]}
