"""Hours and competencies of everybody, as they stand on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from competencies.profiles import Profile
from competencies.reading import profiles_of
from core import clock
from people.models import User
from people.ranks import Regime
from portal.measures import PERSON, Need
from portal.models import PersonFigure, Snapshot
from portal.snapshots.levels import level_figures
from portal.snapshots.writing import add_up, replace_people, snapshot_of
from records.presenters.hours import reached_words, short_words, state_of, window_words
from records.reading.hours import compliance_of_many
from records.rules.compliance import WindowResult

CHUNK = 500
MOST_AT_ONCE = 2000  # a few seconds; more is left to the nightly rebuild


def counted_people() -> QuerySet[User]:
    """Whom the figures are about: active people with a unit."""
    return User.objects.active().filter(unit__isnull=False).order_by("pk")


def rebuild_people() -> Snapshot:
    """Make the figures of everybody anew, in chunks that each commit; totals change once, at the end."""
    snapshot, today = snapshot_of(Snapshot.Kind.PEOPLE), clock.today()
    ids = list(counted_people().values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        _write(snapshot, ids[start : start + CHUNK], today)
    gone = PersonFigure.objects.filter(snapshot=snapshot).exclude(user__in=counted_people().values("pk"))
    gone.delete()
    add_up(snapshot, complete=True)
    return snapshot


def refresh_people(*, user_ids: Iterable[int]) -> Snapshot:
    """Bring the figures of some people up to date; where the rest is of an earlier day, everybody's.

    With more than MOST_AT_ONCE people the rest waits for the nightly rebuild and the date stays what it was.
    """
    snapshot = snapshot_of(Snapshot.Kind.PEOPLE)
    stale = snapshot.as_of != clock.today() or not snapshot.people.exists()
    if stale and counted_people().count() <= MOST_AT_ONCE:
        return rebuild_people()
    _write(snapshot, sorted(set(user_ids)), clock.today())
    add_up(snapshot, complete=False)
    return snapshot


def _write(snapshot: Snapshot, ids: Sequence[int], today: date) -> None:
    people = list(counted_people().filter(pk__in=ids).only("pk", "unit_id", "managed_by_id"))
    keys = [person.pk for person in people]
    needs, profiles = compliance_of_many(keys, today), profiles_of(keys)
    rows = [row for p in people for row in _figures(snapshot, p, needs[p.pk], profiles[p.pk])]
    replace_people(snapshot, ids, rows)


def _figures(
    snapshot: Snapshot, person: User, results: Sequence[WindowResult], profile: Profile
) -> Iterator[PersonFigure]:
    owner: dict[str, Any] = {
        "snapshot": snapshot, "user_id": person.pk, "unit_id": person.unit_id, "managed_by_id": person.managed_by_id,
    }  # fmt: skip
    standing = [result for result in results if result.applies_to is None]
    regime = standing[0].regime if standing else ""
    words = str(Regime(regime).label) if regime else _("没有任职记录")
    yield PersonFigure(measure=PERSON, state=regime, value=100, words=words, **owner)
    for result in standing:
        yield _need(result, standing, owner)
    yield from level_figures(profile, **owner)


def _need(result: WindowResult, results: Sequence[WindowResult], owner: dict[str, Any]) -> PersonFigure:
    words = "；".join(filter(None, [reached_words(result.measures), short_words(result), window_words(result)]))
    need = Need(result.regime, result.bucket, result.window)
    return PersonFigure(measure=need.measure, state=state_of(result, results), value=100, words=words[:300], **owner)
