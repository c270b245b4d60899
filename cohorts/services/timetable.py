"""The timetable of a class: what is taught in which half day, without clashes of rooms and lecturers."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts import states
from cohorts.figures import day_words, plain
from cohorts.halfdays import HalfDay
from cohorts.models import Attendance, AttendanceStatus, Cohort, CohortState, Session
from cohorts.permissions import require_runs
from cohorts.services.leave import recompute
from cohorts.services.locking import lock_day, locked
from core.errors import DomainError
from people.models import User

MIDDAY = time(12, 30)
FIELDS = frozenset({"title", "kind", "day", "half", "starts_at", "ends_at", "room", "lecturer", "hours"})


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
) -> Session:
    """Put an entry into the timetable; ``hours`` are 学时, by default what the half day still holds by the rule.

    DomainError for a day outside the class, a clash of room or lecturer, or more hours than the rule allows.
    """
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    lock_day(day)
    half = half or half_of(starts_at)
    session = Session(
        cohort=held,
        title=title.strip(),
        kind=kind,
        day=day,
        half=half,
        starts_at=starts_at,
        ends_at=ends_at,
        room=room.strip(),
        lecturer=lecturer,
        hours=_room_left(held, day, half) if hours is None else hours,
    )
    _check(session)
    session.save(force_insert=True)
    _settle(actor, held)
    log(held, "cohorts.timetable.add", user=actor, data=_words(session))
    cohort.total_hours = held.total_hours
    return session


@transaction.atomic
def change_session(*, actor: User, session: Session, **changes: Any) -> Session:
    """Move or change an entry; refused when it would empty a half day whose attendance is recorded."""
    require_runs(actor, session.cohort)
    if set(changes) - FIELDS:
        raise ValueError(f"not a field of the timetable: {sorted(set(changes) - FIELDS)}")
    held = locked(session.cohort, *states.OPEN)
    fresh = held.sessions.select_for_update().get(pk=session.pk)
    before = HalfDay(fresh.day, fresh.half)
    for name, value in changes.items():
        setattr(fresh, name, value)
    if "starts_at" in changes and "half" not in changes:
        fresh.half = half_of(fresh.starts_at)
    for day in sorted({before.day, fresh.day}):
        lock_day(day)
    _check(fresh)
    if HalfDay(fresh.day, fresh.half) != before:
        _check_not_signed(held, before, leaving=fresh)
    fresh.save(update_fields=sorted(changes.keys() | {"half"}))
    _settle(actor, held)
    log(held, "cohorts.timetable.change", user=actor, data=_words(fresh))
    return fresh


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
    total = cohort.sessions.aggregate(total=Sum("hours"))["total"] or Decimal(0)
    Cohort.objects.filter(pk=cohort.pk).update(total_hours=total)
    cohort.total_hours = total
    recompute(actor=actor, cohort=cohort)


def _others_in_half_day(session: Session) -> Any:
    return session.cohort.sessions.filter(day=session.day, half=session.half).exclude(pk=session.pk)


def _room_left(cohort: Cohort, day: date, half: str) -> Decimal:
    """The 学时 that the half day still holds by the rule."""
    planned = cohort.sessions.filter(day=day, half=half).aggregate(sum=Sum("hours"))["sum"] or Decimal(0)
    return max(cohort.hour_rule.hours_per_half_day - planned, Decimal(0))


def _check(session: Session) -> None:
    if not session.title:
        raise DomainError(_("请填写课程内容。"))
    if session.ends_at <= session.starts_at:
        raise DomainError(_("结束时间必须晚于开始时间。"))
    cohort = session.cohort
    if not cohort.starts_on <= session.day <= cohort.ends_on:
        words = {"first": day_words(cohort.starts_on), "last": day_words(cohort.ends_on)}
        raise DomainError(_("上课日期须在%(first)s至%(last)s之间。") % words)
    _check_hours(session)
    if problems := clashes(session):
        raise DomainError("；".join(problems) + "。", code="clash")


def _check_hours(session: Session) -> None:
    if session.hours < 0:
        raise DomainError(_("学时不能为负数。"))
    most = session.cohort.hour_rule.hours_per_half_day
    planned = _others_in_half_day(session).aggregate(sum=Sum("hours"))["sum"] or Decimal(0)
    if planned + session.hours > most:
        raise DomainError(
            _("%(when)s已排 %(planned)s 学时，再加 %(hours)s 学时就超过学时规则的每半天 %(most)s 学时。")
            % {
                "when": HalfDay(session.day, session.half).label,
                "planned": plain(planned),
                "hours": plain(session.hours),
                "most": plain(most),
            }
        )


def clashes(session: Session) -> list[str]:
    """Who or what is taken at that time, as sentences: the room, the lecturer, the class itself."""
    taken = Q(cohort=session.cohort)
    if session.room:
        taken |= Q(room=session.room)
    if session.lecturer_id:
        taken |= Q(lecturer=session.lecturer_id)
    others = (
        Session.objects.filter(taken, day=session.day, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
        .exclude(pk=session.pk)
        .exclude(cohort__state=CohortState.CANCELLED)
        .select_related("cohort", "lecturer")
    )
    return [_clash(session, other) for other in others]


def _clash(session: Session, other: Session) -> str:
    words = {
        "from": f"{other.starts_at:%H:%M}",
        "to": f"{other.ends_at:%H:%M}",
        "class": other.cohort.full_title,
        "title": other.title,
    }
    if session.lecturer_id and other.lecturer_id == session.lecturer_id:
        return _("%(who)s %(from)s至%(to)s已在“%(class)s”讲授《%(title)s》") % {"who": other.lecturer, **words}
    if session.room and other.room == session.room:
        return _("%(room)s %(from)s至%(to)s已安排“%(class)s”的《%(title)s》") % {"room": other.room, **words}
    return _("本班 %(from)s至%(to)s已排《%(title)s》") % words


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
