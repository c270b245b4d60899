"""Seconds that cannot have been played: kept as evidence, for a person to look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from courses.models import EditionLesson, Enrolment, PlaybackAnomaly
from courses.rules import progress
from courses.rules.progress import Refusal

NOTABLE = Decimal("3")  # seconds below which a refusal is a matter of clocks
BURST = timedelta(minutes=10)  # what happens again within it is the same matter


def note_refusals(*, enrolment: Enrolment, lesson: EditionLesson, refusals: Iterable[Refusal], now: datetime) -> None:
    """Keep what was refused, one row a burst: an open one that nobody has explained yet counts on.

    Called inside the transaction of the write that refused it.
    """
    for refusal in refusals:
        if refusal.seconds >= NOTABLE:
            _note(enrolment, lesson, refusal, now)


def _note(enrolment: Enrolment, lesson: EditionLesson, refusal: Refusal, now: datetime) -> None:
    same = PlaybackAnomaly.objects.filter(enrolment=enrolment, lesson=lesson, kind=refusal.kind.value)
    burst = same.filter(state=PlaybackAnomaly.State.OPEN, appeal="", last_at__gt=now - BURST)
    if earlier := burst.select_for_update().order_by("-pk").first():
        moments = progress.union([*progress.restored(earlier.refused), *refusal.moments])[: progress.MOST_KEPT]
        earlier.times, earlier.last_at, earlier.refused = earlier.times + 1, now, progress.stored(moments)
        earlier.save(update_fields=["times", "last_at", "refused"])
        return
    PlaybackAnomaly.objects.create(
        enrolment=enrolment,
        lesson=lesson,
        kind=refusal.kind.value,
        claimed=refusal.claimed,
        possible=refusal.possible,
        refused=progress.stored(refusal.moments),
        at=now,
        last_at=now,
    )
