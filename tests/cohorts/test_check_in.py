"""Check-in by code: the code, the window, who counts, what never happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import assume, given
from hypothesis import strategies as st

from cohorts import services
from cohorts.models import Attendance, AttendanceEvent, CheckIn, Cohort, Scan
from cohorts.rules import rotating
from cohorts.services import check_in as service
from core import clock
from core.errors import DomainError
from people.models import User
from tests.factories.cohorts import MONDAY, SHANGHAI, CohortFactory, people, teacher_of

# The code alone: no database.

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(lambda d: d.replace(tzinfo=SHANGHAI))
PLACES = st.tuples(st.integers(1, 999), st.sampled_from(["20260914|am", "20260914|pm", "20260915|am"]))


def source(place: tuple[int, str], secret: str = "s" * 64) -> rotating.Source:
    return rotating.Source("ABCDEFGH", secret, f"{place[0]}|{place[1]}")


@given(MOMENTS, st.integers(-100, 100), PLACES, st.sampled_from([rotating.scan_code, rotating.short_code]))
def test_a_code_is_valid_in_its_step_and_the_next_only(
    shown: datetime, seconds: int, place: tuple[int, str], make: Callable[..., str]
) -> None:
    at, code = shown + timedelta(seconds=seconds), make(source(place), shown)
    steps = rotating.step_of(at) - rotating.step_of(shown)
    assert rotating.is_valid(code, source(place), at) == (steps in (0, 1))


@given(MOMENTS, PLACES, PLACES, st.sampled_from([rotating.scan_code, rotating.short_code]))
def test_a_code_is_never_valid_for_another_half_day_even_with_the_same_secret(
    at: datetime, one: tuple[int, str], other: tuple[int, str], make: Callable[..., str]
) -> None:
    assume(one != other)
    assert not rotating.is_valid(make(source(one), at), source(other), at)


@given(MOMENTS, PLACES)
def test_a_new_secret_makes_the_old_codes_worthless(at: datetime, place: tuple[int, str]) -> None:
    assert not rotating.is_valid(rotating.short_code(source(place), at), source(place, "t" * 64), at)


def test_control_a_code_that_forgets_its_place_opens_every_half_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """What binds the code to its half day is its place alone: taken out, the same code holds for another."""
    careful = rotating._code
    monkeypatch.setattr(
        rotating, "_code", lambda s, step, n: careful(rotating.Source(s.key, s.secret, ""), step, n)
    )  # fmt: skip
    at = datetime(2026, 9, 14, 9, tzinfo=SHANGHAI)
    code = rotating.short_code(source((1, "20260914|am")), at)
    assert rotating.is_valid(code, source((1, "20260914|pm")), at)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_without_an_accident(typed: str) -> None:
    code = rotating.plain(typed)
    assert code == "" or set(code) <= set(rotating.ALPHABET)
    assert not rotating.is_valid(code, source((1, "20260914|am")), datetime(2026, 9, 14, tzinfo=SHANGHAI)) or code


def test_a_typed_code_may_have_spaces_small_letters_and_wide_ones() -> None:
    assert rotating.plain(" abc-2 ３4") == "ABC234"
    assert rotating.plain("ABC10I") == "" and rotating.plain("ABC23") == ""
    assert not set("0O1I") & set(rotating.ALPHABET) and len(set(rotating.ALPHABET)) == 32


# With a class. Its lessons begin at 09:00 and 14:00.

NINE = datetime(2026, 9, 14, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(running=True, members=3)


def opened(cohort: Cohort, **changes: Any) -> CheckIn:
    values = {"before": 30, "late": 5, "after": 30, "day": MONDAY, "half": "am"}
    return services.open_check_in(actor=teacher_of(cohort), cohort=cohort, **{**values, **changes})


def member_of(cohort: Cohort, number: int = 0) -> User:
    return cohort.memberships.order_by("pk")[number].user


def code_of(check_in: CheckIn, make: Callable[..., str] = rotating.scan_code) -> str:
    return make(service.source_of(check_in), clock.now())


def scan(user: User, code: str, **more: Any) -> Scan:
    return services.scan(actor=user, code=code, **{"nonce": uuid4(), **more})


def minutes(n: float) -> Any:
    return clock.freeze(NINE + timedelta(minutes=n))


@pytest.mark.parametrize("make", [rotating.scan_code, rotating.short_code])
def test_a_scan_in_time_is_present_and_says_how(cohort: Cohort, make: Callable[..., str]) -> None:
    with minutes(-10):
        check_in = opened(cohort)
        assert scan(member_of(cohort), code_of(check_in, make)).outcome == "present"
    row = Attendance.objects.get()
    assert (row.status, row.how, row.day, row.half) == ("present", "scan", MONDAY, "am")
    event = AttendanceEvent.objects.get()
    assert (event.before, event.after, event.how, event.recorded_by) == ("", "present", "scan", member_of(cohort))


@pytest.mark.parametrize(("minute", "outcome"), [(5, "present"), (5.1, "late"), (30, "late")])
def test_after_the_minutes_it_is_late(cohort: Cohort, minute: float, outcome: str) -> None:
    with minutes(0):
        check_in = opened(cohort)
    with minutes(minute):
        assert scan(member_of(cohort), code_of(check_in)).outcome == outcome


@pytest.mark.parametrize("minute", [-31, 30.1])
def test_outside_the_window_nothing_is_recorded(cohort: Cohort, minute: float) -> None:
    with minutes(-40):
        check_in = opened(cohort)
    with minutes(minute):
        assert scan(member_of(cohort), code_of(check_in)).outcome == "closed"
    assert not Attendance.objects.exists()


def test_the_same_nonce_is_one_attempt_and_a_second_scan_is_silent(cohort: Cohort) -> None:
    with minutes(0):
        check_in, nonce = opened(cohort), uuid4()
        user = member_of(cohort)
        first = scan(user, code_of(check_in), nonce=nonce)
        assert scan(user, code_of(check_in), nonce=nonce) == first
        assert scan(user, code_of(check_in)).outcome == "already"
        other = scan(member_of(cohort, 1), code_of(check_in), nonce=nonce)
        assert other != first and other.outcome == "present", "a nonce is one person's"
    assert AttendanceEvent.objects.count() == 2
    assert Attendance.objects.get(membership__user=user).version == 1


def test_an_expired_code_is_refused_and_kept(cohort: Cohort) -> None:
    with minutes(0):
        check_in = opened(cohort)
        old = [code_of(check_in, make) for make in (rotating.scan_code, rotating.short_code)]
    with clock.freeze(NINE + timedelta(seconds=20)):
        for code in (*old, "ZZZZZZ", "", "\x00", "长" * 900):
            assert scan(member_of(cohort), code).outcome == "expired"
    assert Scan.objects.filter(check_in=check_in).count() == 6, "put down to the class's own check-in of the day"
    assert not Attendance.objects.exists()


def test_a_code_seen_fresh_lasts_until_its_owner_has_signed_in_but_not_for_ever(cohort: Cohort) -> None:
    with minutes(4):
        check_in = opened(cohort)
        code, seen = code_of(check_in), clock.now()
    with minutes(8):
        assert scan(member_of(cohort), code, seen_at=seen).outcome == "present", "judged by when it was seen"
    with minutes(15):
        assert scan(member_of(cohort, 1), code, seen_at=seen).outcome == "expired"
        assert scan(member_of(cohort, 1), code, seen_at=clock.now() + timedelta(minutes=1)).outcome == "expired"


def test_codes_of_another_class_and_people_of_none(cohort: Cohort) -> None:
    other = CohortFactory(running=True, members=1)
    stranger = people(1)[0]
    gone = cohort.memberships.latest("pk")
    cohort.memberships.filter(pk=gone.pk).update(state="withdrawn", reason="请假超限")
    with minutes(0):
        check_in = opened(other)
        assert scan(member_of(cohort), code_of(check_in)).outcome == "other_class"
        assert scan(stranger, code_of(check_in)).outcome == "not_member"
        assert scan(gone.user, code_of(opened(cohort))).outcome == "not_member"
    assert not Attendance.objects.exists()


def test_leave_and_absence_stand_against_a_scan(cohort: Cohort) -> None:
    on_leave, absent, late = cohort.memberships.order_by("pk")
    with minutes(0):
        check_in = opened(cohort)
        services.record_attendance(
            actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am",
            statuses={on_leave.pk: "on_leave", absent.pk: "absent", late.pk: "late"},
        )  # fmt: skip
        outcomes = [scan(m.user, code_of(check_in)).outcome for m in (on_leave, absent, late)]
    assert outcomes == ["on_leave", "absent", "already"]
    assert sorted(Attendance.objects.values_list("status", flat=True)) == ["absent", "late", "on_leave"]
    assert not AttendanceEvent.objects.filter(how="scan").exists()


def test_control_without_the_look_at_the_record_an_absence_would_be_scanned_away(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = cohort.memberships.earliest("pk")
    monkeypatch.setattr(service, "_recorded", lambda member, check_in: "")
    with minutes(0):
        check_in = opened(cohort)
        services.record_attendance(
            actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", statuses={member.pk: "absent"}
        )
        with pytest.raises(IntegrityError), transaction.atomic():  # the last line of defence
            scan(member.user, code_of(check_in))


def test_one_check_in_per_half_day_closed_and_opened_again_with_new_codes(cohort: Cohort) -> None:
    teacher = teacher_of(cohort)
    with minutes(0):
        check_in = opened(cohort)
        old = code_of(check_in)
        with pytest.raises(DomainError, match="已经打开"):
            opened(cohort)
        services.close_check_in(actor=teacher, check_in=check_in)
        with pytest.raises(DomainError, match="已经结束"):
            services.close_check_in(actor=teacher, check_in=check_in)
        assert scan(member_of(cohort), old).outcome == "closed"
        again = opened(cohort)
        assert again.pk == check_in.pk and CheckIn.objects.count() == 1
        assert scan(member_of(cohort), old).outcome == "expired"
        assert scan(member_of(cohort), code_of(again)).outcome == "present"
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(
            cohort=cohort, day=MONDAY, half="am", key="K", secret="s", opens_at=NINE, late_after=NINE,
            closes_at=NINE + timedelta(minutes=1), opened_by=teacher,
        )  # fmt: skip


def test_a_check_in_is_opened_today_only_by_those_who_run_the_class(cohort: Cohort) -> None:
    with minutes(0):
        with pytest.raises(DomainError, match="只有本班班主任"):
            services.open_check_in(
                actor=member_of(cohort), cohort=cohort, day=MONDAY, half="am", before=1, late=1, after=1
            )
        with pytest.raises(DomainError, match="只能在当天"):
            opened(cohort, half="pm")
        with pytest.raises(DomainError, match="没有排课"):
            opened(cohort, day=MONDAY - timedelta(days=1))
    with minutes(45), pytest.raises(DomainError, match="在09:30已经截止"):
        opened(cohort)
    with minutes(24 * 60), pytest.raises(DomainError, match="只能在当天"):
        opened(cohort)


def test_too_many_tries_are_stopped_without_a_row(cohort: Cohort) -> None:
    with minutes(0):
        check_in, user = opened(cohort), member_of(cohort)
        for _ in range(service.TRIES):
            scan(user, "ZZZZZZ")
        with pytest.raises(DomainError, match="过于频繁"):
            scan(user, code_of(check_in))
        assert Scan.objects.count() == service.TRIES
    with minutes(1.1):
        assert scan(user, code_of(check_in)).outcome == "present"


def test_attempts_are_never_changed(cohort: Cohort) -> None:
    with minutes(0):
        scan(member_of(cohort), code_of(opened(cohort)))
    with pytest.raises(DatabaseError), transaction.atomic():
        Scan.objects.update(outcome="late")


def test_a_scan_takes_as_many_queries_in_a_class_of_a_hundred(django_assert_num_queries: Any) -> None:
    few, many = CohortFactory(running=True, members=3), CohortFactory(running=True, members=100)
    with minutes(0):
        for cohort in (few, many):
            code, user = code_of(opened(cohort)), member_of(cohort)
            with django_assert_num_queries(16):
                assert scan(user, code).outcome == "present"
