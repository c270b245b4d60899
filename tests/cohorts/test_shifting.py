"""The timetable of the next intake, and the days of arrival."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cohorts.rules.arrival import is_late, last_day
from cohorts.rules.shifting import shifted
from core.workdays import is_workday

MONDAY = date(2026, 9, 14)
# The national days of 2026: 1 to 7 October off, Saturday 10 October worked.
HOLIDAYS = {date(2026, 10, n): False for n in (1, 2, 5, 6, 7)} | {date(2026, 10, 10): True}


def test_three_days_of_arrival_count_the_first_day() -> None:
    assert last_day(MONDAY, 3, {}) == date(2026, 9, 16)
    assert not is_late(date(2026, 9, 16), MONDAY, 3, {}) and is_late(date(2026, 9, 17), MONDAY, 3, {})


def test_days_of_arrival_pass_weekends_and_holidays() -> None:
    assert last_day(date(2026, 9, 18), 2, {}) == date(2026, 9, 21)
    assert last_day(date(2026, 9, 19), 1, {}) == date(2026, 9, 21), "a class that begins on a Saturday"
    assert last_day(date(2026, 9, 30), 3, HOLIDAYS) == date(2026, 10, 9)
    assert last_day(date(2026, 9, 30), 4, HOLIDAYS) == date(2026, 10, 10), "the Saturday worked in exchange"


def test_the_nth_working_day_is_the_nth_working_day_again() -> None:
    week = [MONDAY + timedelta(days=n) for n in range(5)]
    assert list(shifted(week, MONDAY, date(2026, 9, 29), HOLIDAYS).values()) == [
        date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10),
    ]  # fmt: skip


def test_a_day_of_rest_stays_one_or_is_left_out() -> None:
    saturday = date(2026, 9, 19)
    assert shifted([saturday], MONDAY, date(2026, 9, 21), {}) == {saturday: date(2026, 9, 26)}
    assert shifted([saturday], MONDAY, date(2026, 9, 22), {}) == {}, "the day after the fifth working day is worked"


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
EXCEPTIONS = st.dictionaries(DAYS, st.booleans(), max_size=40)


@given(DAYS, DAYS, st.sets(st.integers(0, 60), max_size=30), EXCEPTIONS)
def test_no_two_days_meet_and_their_order_stays(
    old: date, new: date, offsets: set[int], exceptions: dict[date, bool]
) -> None:
    days = [old + timedelta(days=n) for n in sorted(offsets)]
    moved = shifted(days, old, new, exceptions)
    assert list(moved.values()) == sorted(set(moved.values()))
    for before, after in moved.items():
        assert after >= new
        assert is_workday(before, exceptions) == is_workday(after, exceptions)
    assert all(day in moved for day in days if is_workday(day, exceptions))


@given(DAYS, st.integers(1, 30), EXCEPTIONS)
def test_the_last_day_of_arrival_is_a_working_day_not_before_the_first(
    start: date, days: int, exceptions: dict[date, bool]
) -> None:
    last = last_day(start, days, exceptions)
    assert last >= start and is_workday(last, exceptions)
    between = [start + timedelta(days=n) for n in range((last - start).days + 1)]
    assert sum(is_workday(day, exceptions) for day in between) == days
