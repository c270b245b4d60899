"""Writing details and adding them up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import BigIntegerField, Count, F, Sum
from django.db.models.functions import Cast

from core import clock
from portal.models import PersonFigure, Snapshot, UnitFigure

BATCH = 1000


def snapshot_of(kind: str, key: str = "") -> Snapshot:
    """The snapshot of a subject; made where there is none."""
    return Snapshot.objects.get_or_create(kind=kind, key=key, defaults={"as_of": clock.today()})[0]


def drop_snapshot(key: str) -> None:
    """Forget the figures of a class that no longer has any."""
    Snapshot.objects.filter(kind=Snapshot.Kind.COHORT, key=key).delete()


@transaction.atomic
def replace_people(snapshot: Snapshot, users: Iterable[int], rows: Sequence[PersonFigure]) -> None:
    """Put these details in the place of what was kept about these people."""
    Snapshot.objects.select_for_update().get(pk=snapshot.pk)
    PersonFigure.objects.filter(snapshot=snapshot, user__in=list(users)).delete()
    PersonFigure.objects.bulk_create(rows, batch_size=BATCH)


@transaction.atomic
def add_up(snapshot: Snapshot, *, complete: bool) -> None:
    """Make the units' figures from the details; ``complete`` moves the date of the snapshot to today."""
    Snapshot.objects.select_for_update().get(pk=snapshot.pk)
    UnitFigure.objects.filter(snapshot=snapshot).delete()
    UnitFigure.objects.bulk_create(_sums(snapshot), batch_size=BATCH)
    if complete:
        snapshot.as_of = clock.today()
    snapshot.made_at = clock.now()
    snapshot.save(update_fields=["as_of", "made_at"])


def _sums(snapshot: Snapshot) -> list[UnitFigure]:
    value = Cast("value", BigIntegerField())
    rows = PersonFigure.objects.filter(snapshot=snapshot).values("unit_id", "managed_by_id", "measure", "state")
    rows = rows.annotate(people=Count("pk"), total=Sum(value), squares=Sum(value * F("value"))).order_by()
    return [UnitFigure(snapshot=snapshot, **row) for row in rows]
