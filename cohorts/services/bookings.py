"""What speaks against an entry of the timetable: its day, its hours, its lecturer's absence, clashes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from cohorts.models import Cohort, CohortState, FacultyAbsence, Group, Room, Session
from cohorts.presenters.figures import day_words, plain
from cohorts.rules.clashes import Booking, clashes
from cohorts.rules.halfdays import WEEKDAYS, parallel_hours
from cohorts.rules.schedule import Entry, groups_words
from core.errors import DomainError
from core.models import CalendarDay
from core.workdays import is_workday


def entry_from(session: Session, groups: Iterable[Group]) -> Entry:
    """The session as a value, with the groups that it is to have."""
    return Entry(
        key=session.pk or 0,
        title=session.title,
        kind=session.kind,
        day=session.day,
        half=session.half,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        room=session.room,
        lecturer=session.lecturer_id,
        hours=session.hours,
        tracks=frozenset(group.number for group in groups),
    )


def check_entry(session: Session, groups: Iterable[Group]) -> None:
    """DomainError with a sentence for the first thing that speaks against it."""
    if not session.title:
        raise DomainError(_("请填写课程内容。"))
    if session.ends_at <= session.starts_at:
        raise DomainError(_("结束时间必须晚于开始时间。"))
    cohort, entry = session.cohort, entry_from(session, groups)
    if not cohort.starts_on <= session.day <= cohort.ends_on:
        words = {"first": day_words(cohort.starts_on), "last": day_words(cohort.ends_on)}
        raise DomainError(_("上课日期须在%(first)s至%(last)s之间。") % words)
    _check_groups(cohort, groups)
    _check_hours(cohort, entry)
    _check_lecturer(session)
    if problems := clashes(_booking(session, entry.tracks), _taken(session)):
        raise DomainError("；".join(problems) + "。", code="clash")


def check_workday(day: date) -> None:
    """DomainError for a day on which nobody works, by the week's order and the calendar."""
    if is_workday(day, CalendarDay.objects.exceptions(day, day)):
        return
    named = CalendarDay.objects.filter(day=day).values_list("name", flat=True).first()
    words = {"day": f"{day.month}月{day.day}日", "why": named or WEEKDAYS[day.weekday()]}
    raise DomainError(_("%(day)s（%(why)s）是休息日。确需在这天上课，请勾选“在休息日上课”。") % words, code="rest_day")


def _check_groups(cohort: Cohort, groups: Iterable[Group]) -> None:
    if any(group.cohort_id != cohort.pk for group in groups):
        raise DomainError(_("这个小组不在本班，请刷新后重选。"))


def _others_in_half_day(cohort: Cohort, entry: Entry) -> list[Session]:
    rows = cohort.sessions.filter(day=entry.day, half=entry.half).exclude(pk=entry.key)
    return list(rows.with_groups())


def hours_left(session: Session, groups: Iterable[Group]) -> Decimal:
    """The 学时 that the half day still holds by the rule, for those who are to attend."""
    entry = entry_from(session, groups)
    planned = _planned(_others_in_half_day(session.cohort, entry), entry)
    return max(session.cohort.hour_rule.hours_per_half_day - planned, Decimal(0))


def _planned(others: list[Session], entry: Entry) -> Decimal:
    """The 学时 of the half day that the entry's members already have."""
    concerned = [o for o in others if not entry.tracks or not o.tracks or o.tracks & entry.tracks]
    return parallel_hours(concerned)


def _check_hours(cohort: Cohort, entry: Entry) -> None:
    if entry.hours < 0:
        raise DomainError(_("学时不能为负数。"))
    most = cohort.hour_rule.hours_per_half_day
    others = _others_in_half_day(cohort, entry)
    if parallel_hours([*others, entry]) <= most:
        return
    words = {
        "when": entry.place.label,
        "planned": plain(parallel_hours(others)),
        "hours": plain(entry.hours),
        "most": plain(most),
    }
    raise DomainError(
        _("%(when)s已排 %(planned)s 学时，再加 %(hours)s 学时就超过学时规则的每半天 %(most)s 学时。") % words
    )


def _check_lecturer(session: Session) -> None:
    """A lecturer is not asked for days on which they said that they cannot come."""
    span = Q(from_day__lte=session.day, to_day__gte=session.day)
    away = (
        FacultyAbsence.objects.filter(span, member__user=session.lecturer_id).first() if session.lecturer_id else None
    )
    if away is None:
        return
    words = {"who": session.lecturer, "span": absence_words(away), "reason": away.reason}
    raise DomainError(_("%(who)s%(span)s不能授课（%(reason)s），请换日期或换教师。") % words, code="unavailable")


def absence_words(absence: FacultyAbsence) -> str:
    """11月24日至11月26日, or the one day alone."""
    first, last = (f"{day.month}月{day.day}日" for day in (absence.from_day, absence.to_day))
    return first if first == last else _("%(first)s至%(last)s") % {"first": first, "last": last}


def _booking(session: Session, tracks: frozenset[int]) -> Booking:
    return Booking(
        cohort=session.cohort_id,
        class_title=session.cohort.full_title,
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        room=session.room,
        lecturer=session.lecturer_id,
        lecturer_name=str(session.lecturer or ""),
        tracks=tracks,
    )


def _taken(session: Session) -> list[Booking]:
    """What the class, the room and the lecturer have on that day already."""
    concerned = Q(cohort=session.cohort)
    if session.room:
        concerned |= Q(room=session.room)
    if session.lecturer_id:
        concerned |= Q(lecturer=session.lecturer_id)
    rows: QuerySet[Session] = Session.objects.filter(concerned, day=session.day).exclude(pk=session.pk)
    others = rows.exclude(cohort__state=CohortState.CANCELLED).select_related("cohort", "lecturer").with_groups()
    return [_booking(other, other.tracks) for other in others]


def seats_warning(session: Session) -> str:
    """A sentence where the room has fewer seats than the session has members; empty where it has enough."""
    room = Room.objects.filter(name=session.room).first() if session.room else None
    if room is None:
        return ""
    here = Q(memberships__state__in=("confirmed", "registered"))
    groups = session.groups.annotate(n=Count("memberships", filter=here)).values_list("n", flat=True)
    expected = sum(groups) or session.cohort.memberships.filter(state__in=("confirmed", "registered")).count()
    if expected <= room.seats:
        return ""
    words = {"room": room.name, "seats": room.seats, "n": expected, "groups": groups_words(session.tracks) or _("本班")}
    return _("%(room)s只有 %(seats)s 个座位，%(groups)s有 %(n)s 人。课已排入，请确认教室是否够用。") % words
