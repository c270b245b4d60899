"""What members were told of the timetable, and what they were not told yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohorts.feeds import Subscribed
from cohorts.models import Cohort, Membership, Session, TimetablePublication
from cohorts.rules.schedule import Entry, differences, entry_of, fingerprint, for_group, in_order
from people.models import User


@dataclass(frozen=True)
class Told:
    """A publication as values."""

    number: int
    at: datetime
    entries: list[Entry]


def entries_now(cohort: Cohort) -> list[Entry]:
    """The timetable as it stands in the office; two queries."""
    rows = cohort.sessions.select_related("lecturer").with_groups()
    return in_order(entry_with_name(session) for session in rows)


def entry_with_name(session: Session) -> Entry:
    """A session as a value, with its lecturer's name."""
    return Entry(
        key=session.pk,
        title=session.title,
        kind=session.kind,
        day=session.day,
        half=session.half,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        room=session.room,
        lecturer=session.lecturer_id,
        hours=session.hours,
        tracks=session.tracks,
        lecturer_name=session.lecturer.name if session.lecturer else "",
    )


def last_told(cohort: Cohort) -> Told | None:
    """The last publication, or None before the first; two queries."""
    row = TimetablePublication.objects.filter(cohort=cohort).order_by("-number").first()
    return Told(row.number, row.at, _entries(row.rows)) if row else None


def _entries(rows: Iterable[dict[str, Any]]) -> list[Entry]:
    rows = list(rows)
    people = {row["lecturer"] for row in rows if row["lecturer"]}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    return in_order(entry_of(row, names) for row in rows)


def told_to(member: Membership) -> Told | None:
    """What the member was told: the entries of the whole class and of the own group."""
    told = last_told(member.cohort)
    if told is None:
        return None
    number = member.group.number if member.group else None
    return Told(told.number, told.at, for_group(told.entries, number))


@dataclass(frozen=True)
class Pending:
    """What the next publication would tell; ``mark`` is the fingerprint of the timetable it speaks of."""

    last: Told | None
    entries: list[Entry]
    changes: list[str]

    @property
    def number(self) -> int:
        return self.last.number + 1 if self.last else 1

    @property
    def mark(self) -> str:
        return fingerprint(self.entries)


def pending(cohort: Cohort) -> Pending:
    """The timetable of now against what was last published; four queries."""
    last, now = last_told(cohort), entries_now(cohort)
    return Pending(last, now, differences(last.entries, now) if last else [])


def subscribed(member: Membership) -> Subscribed:
    """What a member's calendar tells."""
    told, cohort = told_to(member), member.cohort
    if told is None:
        return Subscribed(str(cohort.public_id), cohort.full_title, 0, cohort.made_at, ())
    return Subscribed(str(cohort.public_id), cohort.full_title, told.number, told.at, tuple(told.entries))
