"""Making the figures that leaders read: of all people, and of each class."""

from __future__ import annotations

from cohorts.models import Cohort
from portal.snapshots.cohorts import rebuild_cohort
from portal.snapshots.people import rebuild_people, refresh_people
from portal.snapshots.writing import drop_snapshot

__all__ = ["drop_snapshot", "rebuild_all", "rebuild_cohort", "rebuild_people", "refresh_people"]

WITHOUT = ("planned", "nominating", "cancelled")  # classes that have no figures yet, or none any more


def rebuild_all() -> tuple[int, int]:
    """Rebuild every figure from what stands below; how many people and how many classes. Safe to repeat."""
    people = rebuild_people()
    cohorts = [rebuild_cohort(cohort=cohort) for cohort in Cohort.objects.exclude(state__in=WITHOUT).order_by("pk")]
    for cohort in Cohort.objects.filter(state__in=WITHOUT):
        drop_snapshot(cohort.context_key)
    return people.people.values("user").distinct().count(), len(cohorts)
