"""The timetable of a class: what is taught in which half day, without clashes of rooms, lecturers and groups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Attendance, AttendanceStatus, Cohort, Group, Session
from cohorts.permissions import require_runs
from cohorts.reading.classes import timetable_of
from cohorts.rules import states
from cohorts.rules.halfdays import HalfDay
from cohorts.rules.schedule import moved_times
from cohorts.services.bookings import check_entry, check_workday, hours_left
from cohorts.services.leave import recompute
from cohorts.services.locking import lock_day, locked
from core.errors import DomainError
from people.models import User

MIDDAY = time(12, 30)
USUAL = {"am": time(9), "pm": time(14)}  # where a class has nothing in such a half day yet
FIELDS = frozenset({"title", "kind", "day", "half", "starts_at", "ends_at", "room", "lecturer", "hours", "groups"})


def half_of(starts_at: time) -> str:
    """The half day in which something begins; the evening belongs to the afternoon."""
    return "am" if starts_at < MIDDAY else "pm"


@transaction.atomic
def add_session(
    *,
    actor: User,
    cohort: Cohort,
    title: str,
    day: date,
    starts_at: time,
    ends_at: time,
    kind: str = Session.Kind.LECTURE,
    half: str = "",
    room: str = "",
    lecturer: User | None = None,
    hours: Decimal | None = None,
    groups: Iterable[Group] = (),
    on_rest_day: bool = False,
) -> Session:
    """Put an entry into the timetable; ``hours`` are 学时, by default what the half day still holds by the rule.

    For the whole class unless ``groups`` are named. DomainError for a day outside the class or one that is not worked
    (unless ``on_rest_day``), a clash of room, lecturer or group, a lecturer who is away, or more hours than the rule
    allows.
    """
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    lock_day(day)
    session = Session(
        cohort=held,
        title=title.strip(),
        kind=kind,
        day=day,
        half=half or half_of(starts_at),
        starts_at=starts_at,
        ends_at=ends_at,
        room=room.strip(),
        lecturer=lecturer,
        hours=hours if hours is not None else Decimal(0),
    )
    groups = list(groups)
    if hours is None:
        session.hours = hours_left(session, groups)
    check_entry(session, groups)
    if not on_rest_day:
        check_workday(day)
    session.save(force_insert=True)
    session.groups.set(groups)
    _settle(actor, held)
    log(held, "cohorts.timetable.add", user=actor, data=_words(session))
    cohort.total_hours = held.total_hours
    return session


@transaction.atomic
def change_session(*, actor: User, session: Session, on_rest_day: bool = False, **changes: Any) -> Session:
    """Move or change an entry; refused when it would empty a half day whose attendance is recorded."""
    require_runs(actor, session.cohort)
    if set(changes) - FIELDS:
        raise ValueError(f"not a field of the timetable: {sorted(set(changes) - FIELDS)}")
    held = locked(session.cohort, *states.OPEN)
    fresh = held.sessions.select_for_update().get(pk=session.pk)
    before = HalfDay(fresh.day, fresh.half)
    groups = list(changes.pop("groups", fresh.groups.all()))
    for name, value in changes.items():
        setattr(fresh, name, value)
    if "starts_at" in changes and "half" not in changes:
        fresh.half = half_of(fresh.starts_at)
    for day in sorted({before.day, fresh.day}):
        lock_day(day)
    check_entry(fresh, groups)
    if fresh.day != before.day and not on_rest_day:
        check_workday(fresh.day)
    if HalfDay(fresh.day, fresh.half) != before:
        _check_not_signed(held, before, leaving=fresh)
    fresh.save(update_fields=sorted(changes.keys() | {"half"}))
    fresh.groups.set(groups)
    _settle(actor, held)
    log(held, "cohorts.timetable.change", user=actor, data=_words(fresh))
    return fresh


def move_session(*, actor: User, session: Session, day: date, half: str) -> Session:
    """Put an entry into another half day with its length, at the hour at which the class begins there."""
    if HalfDay(session.day, session.half) == HalfDay(day, half):
        return session
    starts_at, ends_at = session.starts_at, session.ends_at
    if half != session.half:
        starts_at, ends_at = moved_times(starts_at, ends_at, _usual_start(session.cohort, half))
    return change_session(actor=actor, session=session, day=day, half=half, starts_at=starts_at, ends_at=ends_at)


def _usual_start(cohort: Cohort, half: str) -> time:
    """The earliest hour at which the class begins in such half days."""
    first = cohort.sessions.filter(half=half).order_by("starts_at").values_list("starts_at", flat=True).first()
    return first or USUAL[half]


@transaction.atomic
def remove_session(*, actor: User, session: Session) -> None:
    """Take an entry out; refused when it would empty a half day whose attendance is recorded."""
    require_runs(actor, session.cohort)
    held = locked(session.cohort, *states.OPEN)
    _check_not_signed(held, HalfDay(session.day, session.half), leaving=session)
    data = _words(session)
    session.delete()
    _settle(actor, held)
    log(held, "cohorts.timetable.remove", user=actor, data=data)


def _words(session: Session) -> dict[str, str]:
    return {"title": session.title, "when": HalfDay(session.day, session.half).label}


def _settle(actor: User, cohort: Cohort) -> None:
    """The total follows the timetable, and leave follows both."""
    total = sum(timetable_of(cohort).values(), Decimal(0))
    Cohort.objects.filter(pk=cohort.pk).update(total_hours=total)
    cohort.total_hours = total
    recompute(actor=actor, cohort=cohort)


def _check_not_signed(cohort: Cohort, place: HalfDay, *, leaving: Session) -> None:
    if cohort.sessions.filter(day=place.day, half=place.half).exclude(pk=leaving.pk).exists():
        return
    signed = (
        Attendance.objects.filter(membership__cohort=cohort, day=place.day, half=place.half)
        .exclude(status=AttendanceStatus.ON_LEAVE)
        .count()
    )
    if signed:
        raise DomainError(
            _("%(when)s已登记 %(n)s 人的考勤，不能把这半天的课全部移走。") % {"when": place.label, "n": signed}
        )
