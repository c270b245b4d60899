"""Two at once on one check-in: a doubled tap, and the teacher's word against the scan."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection

from cohorts import services
from cohorts.models import Attendance, AttendanceEvent, CheckIn, Cohort, Scan
from cohorts.rules import rotating
from cohorts.services import check_in as service
from core import clock
from core.errors import Conflict
from tests.cohorts.test_races import at_once
from tests.factories.cohorts import MONDAY, CohortFactory, teacher_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(running=True, members=1)


@pytest.fixture
def check_in(cohort: Cohort) -> CheckIn:
    values = {"before": 30, "late": 90, "after": 120, "day": MONDAY, "half": "am"}
    return services.open_check_in(actor=teacher_of(cohort), cohort=cohort, **values)


def scanning(cohort: Cohort, check_in: CheckIn, nonce: UUID) -> Callable[[], Any]:
    user, code = cohort.memberships.get().user, rotating.scan_code(service.source_of(check_in), clock.now())

    def act() -> Any:
        try:
            return services.scan(actor=user, code=code, nonce=nonce)
        except IntegrityError as stopped:
            return stopped

    return act


def test_a_doubled_tap_is_one_attempt(cohort: Cohort, check_in: CheckIn) -> None:
    nonce = uuid4()
    results = at_once(*[scanning(cohort, check_in, nonce)] * 2)
    assert results[0] == results[1] and results[0].outcome == "present"
    assert Scan.objects.count() == AttendanceEvent.objects.count() == 1


def test_two_phones_of_one_person_record_once(cohort: Cohort, check_in: CheckIn) -> None:
    results = at_once(scanning(cohort, check_in, uuid4()), scanning(cohort, check_in, uuid4()))
    assert sorted(r.outcome for r in results) == ["already", "present"]
    assert AttendanceEvent.objects.count() == 1


def test_control_without_the_look_for_the_nonce_a_doubled_tap_is_two(
    cohort: Cohort, check_in: CheckIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second tap then meets the constraint on the nonce, and its owner an error instead of an answer."""
    monkeypatch.setattr(service, "_earlier", lambda actor, nonce: None)
    nonce = uuid4()
    results = at_once(*[scanning(cohort, check_in, nonce)] * 2)
    assert sorted(type(r).__name__ for r in results) == ["IntegrityError", "Scan"]


def absent(cohort: Cohort) -> Callable[[], Any]:
    key = cohort.memberships.get().pk
    return lambda: services.record_attendance(
        actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", statuses={key: "absent"}, versions={key: 0}
    )


def test_the_teachers_absence_and_a_scan_at_once_never_overwrite_each_other(cohort: Cohort, check_in: CheckIn) -> None:
    recorded, scanned = at_once(absent(cohort), scanning(cohort, check_in, uuid4()))
    row = Attendance.objects.get()
    if row.status == "absent":
        assert (recorded, scanned.outcome) == (1, "absent")
    else:
        assert isinstance(recorded, Conflict) and scanned.outcome == "present"
    assert row.version == 1 and AttendanceEvent.objects.count() == 1


def test_control_without_the_lock_both_read_an_empty_record(
    cohort: Cohort, check_in: CheckIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL only the constraint is left then; SQLite's writers queue up in any case."""
    meet, look = Barrier(2), service._recorded

    def slow(*args: Any) -> str:
        found = look(*args)
        if connection.vendor == "postgresql":
            meet.wait(10)
        return found

    monkeypatch.setattr(service, "locked", lambda cohort: cohort)
    monkeypatch.setattr(service, "_recorded", slow)
    results = at_once(scanning(cohort, check_in, uuid4()), scanning(cohort, check_in, uuid4()))
    kinds = sorted(type(r).__name__ for r in results)
    assert kinds == (["IntegrityError", "Scan"] if connection.vendor == "postgresql" else ["Scan", "Scan"])
