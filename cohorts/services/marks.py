"""Writing half days: the present status and, beside it, an event that is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cohorts.models import Attendance, AttendanceEvent, AttendanceHow, AttendanceStatus
from cohorts.rules.halfdays import HalfDay
from cohorts.services.discipline import draft_absences, follow_corrections
from core import clock
from people.models import User

There = Mapping[tuple[int, HalfDay], Attendance]


@dataclass(frozen=True)
class Change:
    """A new status of a member's half day; the empty status withdraws what was recorded."""

    member: int
    place: HalfDay
    status: str
    reason: str = ""
    how: str = AttendanceHow.ROLL_CALL


def write(*, actor: User, changes: list[Change], there: There) -> int:
    """Put the changes into effect; ``there`` holds the present rows. The number of half days that changed."""
    real = [c for c in changes if _before(c, there) != c.status]
    _withdraw([c for c in real if not c.status], there)
    _insert(actor, [c for c in real if c.status and (c.member, c.place) not in there])
    _update(actor, [c for c in real if c.status and (c.member, c.place) in there], there)
    AttendanceEvent.objects.bulk_create([_event(actor, c, _before(c, there)) for c in real], batch_size=500)
    _follow_absences(actor, real, there)
    return len(real)


def _follow_absences(actor: User, changes: list[Change], there: There) -> None:
    """旷课 drafts a record of discipline; where it turns out to be none, the record follows."""
    draft_absences(actor=actor, places=[(c.member, c.place) for c in changes if c.status == AttendanceStatus.ABSENT])
    no_longer = [c for c in changes if _before(c, there) == AttendanceStatus.ABSENT]
    follow_corrections(actor=actor, places=[(c.member, c.place) for c in no_longer])


def _before(change: Change, there: There) -> str:
    row = there.get((change.member, change.place))
    return row.status if row else ""


def _insert(actor: User, changes: list[Change]) -> None:
    now = clock.now()
    Attendance.objects.bulk_create(
        [
            Attendance(
                membership_id=c.member,
                day=c.place.day,
                half=c.place.half,
                status=c.status,
                how=c.how,
                recorded_by=actor,
                recorded_at=now,
            )
            for c in changes
        ],
        batch_size=500,
    )


def _update(actor: User, changes: list[Change], there: There) -> None:
    rows, now = [], clock.now()
    for c in changes:
        row = there[c.member, c.place]
        version = row.version + 1
        rows.append(
            Attendance(pk=row.pk, status=c.status, how=c.how, recorded_by=actor, recorded_at=now, version=version)
        )
    Attendance.objects.bulk_update(rows, ["status", "how", "recorded_by", "recorded_at", "version"], batch_size=500)


def _withdraw(changes: list[Change], there: There) -> None:
    Attendance.objects.filter(pk__in=[there[c.member, c.place].pk for c in changes]).delete()


def _event(actor: User, change: Change, before: str) -> AttendanceEvent:
    return AttendanceEvent(
        membership_id=change.member,
        day=change.place.day,
        half=change.place.half,
        before=before,
        after=change.status,
        how=change.how,
        reason=change.reason[:200],
        recorded_by=actor,
        at=clock.now(),
    )
