"""Two people at once: what the guard holds, and that it is the guard that holds it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models import Max

from cohorts import services
from cohorts.models import Attendance, Closing, Cohort, Session
from cohorts.services import closing as closing_service
from core import clock
from core.errors import Conflict, DomainError
from core.models import Notice
from records.models import HourEntry
from tests.factories.cohorts import AFTER, MONDAY, CohortFactory, office, ready_to_close, teacher_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def after_the_week() -> Any:
    with clock.freeze(AFTER):
        yield


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; what each returned or raised."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results[place] = act()
        except (DomainError, OperationalError) as refusal:
            results[place] = refusal
        finally:
            connections["default"].close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def close_by(cohort: Cohort, actor: Any) -> Callable[[], Any]:
    return lambda: services.close(actor=actor, cohort=Cohort.objects.get(pk=cohort.pk))


def test_two_officers_close_at_once_and_one_closing_stands() -> None:
    cohort = ready_to_close(members=3)
    results = at_once(close_by(cohort, teacher_of(cohort)), close_by(cohort, office()))
    assert sorted(type(r).__name__ for r in results) == ["Closing", "Conflict"]
    assert Closing.objects.count() == 1
    assert [line.hours for line in HourEntry.objects.all()] == [40] * 3


def test_control_without_the_conditional_update_both_go_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same two closings, one after the other, with the guard taken out: the hours would count twice."""

    def careless(cohort: Cohort, before: str, after: str, **more: Any) -> None:
        Cohort.objects.filter(pk=cohort.pk).update(state=after, **more)

    cohort = ready_to_close(members=3)
    services.close(actor=teacher_of(cohort), cohort=cohort)
    Closing.objects.update(undone_at=AFTER)  # what the constraint on standing closings would stop as well
    cohort.memberships.update(state="registered")
    monkeypatch.setattr(closing_service, "_step", careless)
    services.close(actor=office(), cohort=cohort)
    assert HourEntry.objects.standing().count() == 6


def test_the_database_itself_allows_one_standing_closing_only() -> None:
    cohort = ready_to_close(members=1)
    services.close(actor=teacher_of(cohort), cohort=cohort)
    number = cohort.closings.aggregate(last=Max("number"))["last"] + 1
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.create(cohort=cohort, number=number, closed_by=office(), closed_at=AFTER)


def test_two_people_edit_a_class_and_the_later_is_told() -> None:
    cohort = CohortFactory()
    edits = [
        lambda place=place: services.edit_cohort(
            actor=office(), cohort=Cohort.objects.get(pk=cohort.pk), version=cohort.version, place=place
        )
        for place in ("二楼", "五楼")
    ]
    results = at_once(*edits)
    assert sum(isinstance(r, Conflict) for r in results) == 1
    winner = next(r for r in results if isinstance(r, Cohort))
    assert Cohort.objects.get(pk=cohort.pk).place == winner.place


def test_control_edits_without_the_version_that_was_read_overwrite() -> None:
    cohort = CohortFactory()
    for place in ("二楼", "五楼"):
        now = Cohort.objects.get(pk=cohort.pk)
        services.edit_cohort(actor=office(), cohort=now, version=now.version, place=place)
    assert Cohort.objects.get(pk=cohort.pk).place == "五楼", "the first edit is gone and nobody was told"


def test_two_roll_calls_at_once_leave_one_row_per_member() -> None:
    cohort = CohortFactory(running=True, members=5)
    keys = list(cohort.memberships.values_list("pk", flat=True))

    def call(status: str) -> Callable[[], Any]:
        return lambda: services.record_attendance(
            actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am",
            statuses=dict.fromkeys(keys, status), versions=dict.fromkeys(keys, 0),
        )  # fmt: skip

    results = at_once(call("present"), call("late"))
    assert sum(isinstance(r, Conflict) for r in results) == 1 and 5 in results
    assert Attendance.objects.count() == 5 and Attendance.objects.values("status").distinct().count() == 1


def test_room_is_booked_once_when_two_classes_ask_at_the_same_time() -> None:
    from datetime import time

    classes = [CohortFactory(days=0), CohortFactory(days=0)]
    books = [
        lambda cohort=cohort: services.add_session(
            actor=office(),
            cohort=cohort,
            title="第一讲",
            day=MONDAY,
            starts_at=time(9),
            ends_at=time(12),
            room="报告厅",
        )
        for cohort in classes
    ]
    results = at_once(*books)
    assert sum(isinstance(r, DomainError) for r in results) == 1
    assert sum(c.sessions.count() for c in classes) == 1


def test_control_on_postgres_without_the_day_lock_both_book(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row locks alone do not see a row that is not there yet; on SQLite writers queue up in any case."""
    from datetime import time

    from cohorts.services import timetable

    meet = Barrier(2)
    real = timetable.check_entry

    def slow(*entry: Any) -> None:
        real(*entry)
        if connection.vendor == "postgresql":
            meet.wait(10)

    monkeypatch.setattr(timetable, "lock_day", lambda day: None)
    monkeypatch.setattr(timetable, "check_entry", slow)
    classes = [CohortFactory(days=0), CohortFactory(days=0)]
    at_once(
        *[
            lambda cohort=cohort: services.add_session(
                actor=office(),
                cohort=cohort,
                title="第一讲",
                day=MONDAY,
                starts_at=time(9),
                ends_at=time(12),
                room="报告厅",
            )
            for cohort in classes
        ]
    )
    booked = sum(c.sessions.count() for c in classes)
    assert booked == (2 if connection.vendor == "postgresql" else 1)


def _drags(classes: list[Cohort]) -> list[Callable[[], Any]]:
    """Each class has a lesson in the same room on another day; both officers drag it to the Wednesday."""
    from datetime import date, time

    sessions = [
        services.add_session(
            actor=office(), cohort=cohort, title="第一讲", day=date(2026, 9, 14 + n), starts_at=time(9),
            ends_at=time(12), room="报告厅",
        )
        for n, cohort in enumerate(classes)
    ]  # fmt: skip
    return [
        lambda session=session: services.move_session(
            actor=office(), session=Session.objects.get(pk=session.pk), day=date(2026, 9, 16), half="am"
        )
        for session in sessions
    ]


def test_two_officers_drag_lessons_into_one_room_and_one_is_told() -> None:
    results = at_once(*_drags([CohortFactory(days=0), CohortFactory(days=0)]))
    assert sum(isinstance(r, DomainError) and "报告厅" in r.message for r in results) == 1
    assert Session.objects.filter(day__day=16, room="报告厅").count() == 1


def test_control_on_postgres_without_the_day_lock_both_drags_succeed(monkeypatch: pytest.MonkeyPatch) -> None:
    from cohorts.services import timetable

    drags = _drags([CohortFactory(days=0), CohortFactory(days=0)])
    meet, real = Barrier(2), timetable.check_entry

    def slow(*entry: Any) -> None:
        real(*entry)
        if connection.vendor == "postgresql":
            meet.wait(10)

    monkeypatch.setattr(timetable, "lock_day", lambda day: None)
    monkeypatch.setattr(timetable, "check_entry", slow)
    at_once(*drags)
    booked = Session.objects.filter(day__day=16, room="报告厅").count()
    assert booked == (2 if connection.vendor == "postgresql" else 1)


def test_two_officers_publish_at_once_and_members_are_told_once() -> None:
    cohort = CohortFactory(members=3, published=False)
    acts = [lambda: services.publish_timetable(actor=office(), cohort=Cohort.objects.get(pk=cohort.pk))] * 2
    results = at_once(*acts)
    assert sum(isinstance(r, DomainError) for r in results) == 1
    assert cohort.publications.count() == 1 and Notice.objects.count() == 3


def test_two_tabs_open_a_subscription_and_one_address_stands() -> None:
    cohort = CohortFactory(members=1)
    member = cohort.memberships.select_related("user").get()
    results = at_once(*[lambda: services.open_feed(actor=member.user, membership=member)] * 2)
    assert all(isinstance(r, str) for r in results)
    assert member.calendar_feeds.standing().count() == 1
