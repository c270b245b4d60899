"""Which approvals leave of which length needs, who may give them, and until when."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.rules.ladder import STANDARD, Ladder, Seat, Step, approvers, due_on, faults, is_overdue, stage_of
from cohorts.rules.leave import over_limit
from cohorts.rules.sanctions import LADDER, needs_office, next_level, open_words
from core.workdays import is_workday

DAY = date(2026, 9, 14)
THRESHOLDS = st.lists(st.integers(0, 20), min_size=1, max_size=4)


def drawn(thresholds: list[int]) -> Ladder:
    return Ladder(tuple(Step(str(n), f"环节{n}", over) for n, over in enumerate(thresholds)))


@pytest.mark.parametrize(
    ("half_days", "keys"),
    [
        (1, ["teacher"]),
        (2, ["teacher", "academic"]),
        (3, ["teacher", "academic", "vice_head"]),
        (6, ["teacher", "academic", "vice_head"]),
        (7, ["teacher", "academic", "vice_head", "organisation"]),
    ],
)
def test_the_standard_ladder_by_length(half_days: int, keys: list[str]) -> None:
    assert [step.key for step in STANDARD.plan(half_days)] == keys


@given(THRESHOLDS, st.integers(1, 40), st.integers(0, 20))
def test_longer_leave_never_needs_fewer_approvals_and_keeps_their_order(
    thresholds: list[int], length: int, more: int
) -> None:
    ladder = drawn(thresholds)
    short, long = ladder.plan(length), ladder.plan(length + more)
    assert set(short) <= set(long)
    assert [s for s in long if s in short] == list(short), "the order is that of the ladder"
    assert [s for s in ladder.steps if s in long] == list(long)


@given(THRESHOLDS, st.integers(1, 40))
def test_a_step_is_asked_for_exactly_above_its_threshold(thresholds: list[int], length: int) -> None:
    plan = drawn(thresholds).plan(length)
    assert [int(step.key) for step in plan] == [n for n, over in enumerate(thresholds) if length > over]


@given(THRESHOLDS, st.integers(1, 40))
def test_a_ladder_without_faults_leaves_no_leave_without_an_approver(thresholds: list[int], length: int) -> None:
    ladder = drawn(thresholds)
    if not faults(ladder.steps, {step.key: step.key for step in ladder.steps}):
        assert ladder.plan(length)


def test_a_ladder_that_forgets_half_days_is_refused() -> None:
    assert "半天的假无人批准" in faults([Step("academic", "教务处", 1)], {})[0]
    assert faults([Step("teacher", " ", 0)], {"teacher": "班主任"}) == ["请填写审批环节的名称：班主任。"]


# One seventh, with the vectors of the rules.


@pytest.mark.parametrize(
    ("taken", "total", "flagged"),
    [(4, 40, False), (8, 40, True), (8, 56, False), (9, 56, True), (34, 240, False), (35, 240, True)],
)
def test_one_seventh(taken: int, total: int, flagged: bool) -> None:
    assert over_limit(Decimal(taken), Decimal(total)) is flagged


@given(st.integers(1, 4000), st.integers(0, 4000), st.integers(0, 400))
def test_more_leave_never_takes_a_flag_away_and_more_lessons_never_raise_one(total: int, taken: int, more: int) -> None:
    flagged = over_limit(Decimal(taken), Decimal(total))
    assert over_limit(Decimal(taken + more), Decimal(total)) or not flagged
    assert flagged or not over_limit(Decimal(taken), Decimal(total + more))
    assert over_limit(Decimal(total), Decimal(7 * total)) is False, "exactly one seventh is fine"


# Who.


def seat(step: str, host: str, person: int, **delegate: object) -> Seat:
    return Seat(step, host, person, **delegate)  # type: ignore[arg-type]


def test_the_class_teachers_step_belongs_to_the_teachers_of_the_class() -> None:
    assert approvers("teacher", "0001", [7], [], DAY) == {7: None}
    strangers = [seat("teacher", "0001", 8)]
    assert approvers("teacher", "0001", [7], strangers, DAY) == {7: None}, "a seat alone makes nobody class teacher"


def test_seats_of_the_nearest_unit_count() -> None:
    seats = [seat("academic", "0001", 1), seat("academic", "00010002", 2), seat("academic", "0009", 3)]
    assert approvers("academic", "000100020003", [], seats, DAY) == {2: None}
    assert approvers("academic", "00010004", [], seats, DAY) == {1: None}
    assert approvers("academic", "0008", [], seats, DAY) == {}


@given(st.integers(-10, 10), st.integers(0, 10), st.integers(-25, 25))
def test_a_delegate_stands_in_within_the_dates_only(start: int, length: int, today: int) -> None:
    first = DAY + timedelta(days=start)
    last = first + timedelta(days=length)
    held = [seat("academic", "0001", 1, delegate=2, delegate_from=first, delegate_to=last)]
    now = DAY + timedelta(days=today)
    found = approvers("academic", "0001", [], held, now)
    assert found == ({1: None, 2: 1} if first <= now <= last else {1: None})


def test_who_holds_a_seat_acts_in_the_own_name_even_when_standing_in_for_another() -> None:
    held = [
        seat("academic", "0001", 1, delegate=2, delegate_from=DAY, delegate_to=DAY),
        seat("academic", "0001", 2),
    ]
    assert approvers("academic", "0001", [], held, DAY) == {1: None, 2: None}


# Until when.


def test_a_step_is_due_at_the_end_of_the_next_working_day() -> None:
    friday = date(2026, 9, 18)
    assert due_on(friday, 1, {}) == date(2026, 9, 21)
    assert due_on(friday, 1, {date(2026, 9, 20): True}) == date(2026, 9, 20), "a weekend day worked in exchange"
    assert due_on(friday, 1, {date(2026, 9, 21): False}) == date(2026, 9, 22), "a holiday"
    assert not is_overdue(friday, friday) and is_overdue(friday, date(2026, 9, 19)) and not is_overdue(None, friday)


def test_a_late_step_is_escalated_after_as_many_working_days_again() -> None:
    thursday, day = date(2026, 9, 17), lambda n: date(2026, 9, n)
    assert stage_of(thursday, 1, thursday, {}) == stage_of(None, 1, thursday, {}) == ""
    assert [stage_of(thursday, 1, day(n), {}) for n in (18, 19)] == ["overdue", "escalated"]
    assert stage_of(thursday, 2, day(21), {}) == "overdue", "Friday and Monday"
    assert stage_of(thursday, 2, day(22), {}) == "escalated"
    assert stage_of(thursday, 1, day(19), {day(18): False}) == "overdue", "a holiday gives a day more"


@given(st.integers(0, 400), st.integers(1, 20), st.dictionaries(st.integers(0, 60), st.booleans(), max_size=20))
def test_a_deadline_is_a_working_day_after_so_many(start: int, days: int, odd: dict[int, bool]) -> None:
    since = DAY + timedelta(days=start)
    exceptions = {since + timedelta(days=n): worked for n, worked in odd.items()}
    due = due_on(since, days, exceptions)
    between = [since + timedelta(days=n) for n in range(1, (due - since).days + 1)]
    assert is_workday(due, exceptions) and sum(is_workday(d, exceptions) for d in between) == days


# Discipline.


@pytest.mark.parametrize(
    ("before", "suggested"),
    [([], "talk"), (["talk"], "criticism"), (["talk", "criticism"], "dismissal"), (["criticism"], "dismissal"),
     (["dismissal"], "dismissal")],
)  # fmt: skip
def test_the_next_level(before: list[str], suggested: str) -> None:
    assert next_level(before) == suggested


def test_only_the_talk_is_the_class_teachers() -> None:
    assert [needs_office(level) for level in LADDER] == [False, True, True]


def test_the_sentence_names_what_is_open() -> None:
    assert open_words(()) == "没有未办结的纪律事项"
    assert open_words(("9月14日上午旷课（待核实）",)) == "1 件纪律事项未办结：9月14日上午旷课（待核实）"
