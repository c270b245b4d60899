"""Hours that classes will bring: of members whose class is confirmed or running and not closed yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from cohorts.models import Cohort, CohortState, Membership, MembershipState, Session
from cohorts.reading.classes import Statuses, Table, factors_of, statuses_of
from cohorts.rules.halfdays import HALVES, HalfDay, called_groups, timetable_hours
from cohorts.rules.hours import credits
from core.models import CalendarDay
from core.workdays import is_workday
from records.expected import Expected
from records.models import Bucket, Mode

COMING = (CohortState.CONFIRMED, CohortState.RUNNING)
PLACED = (MembershipState.CONFIRMED, MembershipState.REGISTERED)


def hours_to_come(user_ids: Sequence[int]) -> Iterator[Expected]:
    """What each person's open classes bring when every half day that is not recorded yet is attended."""
    rows = Membership.objects.filter(user_id__in=list(user_ids), state__in=PLACED, cohort__state__in=COMING)
    members = list(rows.select_related("cohort__hour_rule").order_by("pk"))
    if not members:
        return
    tables, statuses = _tables({m.cohort_id: m.cohort for m in members}), statuses_of(m.pk for m in members)
    for member in members:
        yield from _of(member, tables[member.cohort_id].of(member.group_id), statuses[member.pk])


def _of(member: Membership, table: Table, recorded: Statuses) -> Iterator[Expected]:
    cohort = member.cohort
    for worth in credits({**dict.fromkeys(table, "present"), **recorded}, table, factors_of(cohort)):
        yield Expected(
            member.user_id, Bucket.CENTRAL, cohort.category, Mode.OFF_JOB, worth.days, worth.hours, worth.earned_on,
            cohort.full_title,
        )  # fmt: skip


def _tables(cohorts: dict[int, Cohort]) -> dict[int, Table]:
    """The timetable of each class; where none is made yet, full half days on its working days."""
    sessions: dict[int, list[Session]] = defaultdict(list)
    for session in Session.objects.filter(cohort__in=list(cohorts)).with_groups():
        sessions[session.cohort_id].append(session)
    return {pk: _table(sessions[pk]) if pk in sessions else _assumed(cohort) for pk, cohort in cohorts.items()}


def _table(sessions: Iterable[Session]) -> Table:
    rows = list(sessions)
    called = called_groups((HalfDay(s.day, s.half), s.group_keys) for s in rows)
    return Table(timetable_hours(rows), called)


def _assumed(cohort: Cohort) -> Table:
    exceptions = CalendarDay.objects.exceptions(cohort.starts_on, cohort.ends_on)
    days = [day for day in _days(cohort.starts_on, cohort.ends_on) if is_workday(day, exceptions)]
    per_half: Decimal = cohort.hour_rule.hours_per_half_day
    return Table({HalfDay(day, half): per_half for day in days for half in HALVES})


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
