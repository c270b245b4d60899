"""The arithmetic of reading and watching, without a database."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.progress import (
    SLACK,
    Allowance,
    LessonShape,
    LessonState,
    ProgressUpdate,
    added,
    apply,
    is_done,
    length,
    missing,
    number,
    parsed,
    restored,
    share_watched,
    stored,
    union,
    within,
)

SECONDS = Decimal(600)
ARTICLE = LessonShape(is_video=False, has_check=True)
VIDEO = LessonShape(is_video=True, seconds=SECONDS, has_check=True)
PLENTY = Allowance(since_last=Decimal(3600), since_first=Decimal(3600))

cents = st.integers(0, 60000).map(lambda n: Decimal(n) / 100)
pairs = st.lists(st.tuples(cents, cents), max_size=12)


def covered(intervals) -> set[int]:
    """The hundredths of a second that lie inside."""
    return {n for start, end in intervals for n in range(int(start * 100), int(end * 100))}


small = st.integers(0, 400).map(lambda n: Decimal(n) / 100)
small_pairs = st.lists(st.tuples(small, small), max_size=8)


def d(*values: str | int) -> tuple[Decimal, ...]:
    return tuple(Decimal(v) for v in values)


@given(small_pairs)
def test_union_keeps_every_moment_once_and_in_order(intervals):
    joined = union(intervals)
    assert covered(joined) == covered(intervals)
    assert all(start < end for start, end in joined)
    assert all(one[1] < two[0] for one, two in pairwise(joined))


@given(small_pairs, small_pairs)
def test_union_does_not_depend_on_order_or_repetition(one, two):
    assert union([*one, *two]) == union([*two, *one, *one])


@given(small_pairs, small_pairs)
def test_added_is_exactly_what_was_not_there(old, new):
    assert covered(added(union(old), union(new))) == covered(new) - covered(old)


@given(pairs, cents)
def test_within_keeps_no_more_than_the_budget_and_only_what_was_there(intervals, budget):
    whole = union(intervals)
    kept = within(whole, budget)
    assert length(kept) == min(length(whole), budget)
    assert union([*whole, *kept]) == whole


@given(pairs)
def test_stored_intervals_come_back_unchanged(intervals):
    assert restored(stored(union(intervals))) == parsed(stored(union(intervals))) == union(intervals)


@given(st.lists(st.tuples(pairs, st.integers(0, 90)), max_size=8))
def test_no_run_of_updates_gains_more_than_the_wall_clock_gave(updates):
    state, now, last = LessonState(), 0, 0
    for sequence, (watched, waited) in enumerate(updates, start=1):
        now += waited
        allowance = Allowance(Decimal(now - last), Decimal(now))
        state = apply(state, ProgressUpdate(sequence, SECONDS, tuple(watched)), VIDEO, allowance).state
        last = now
        assert state.watched_seconds <= now + SLACK
        assert state.position <= max((end for _, end in state.watched), default=Decimal(0))
        assert all(0 <= start < end <= SECONDS for start, end in state.watched)


@given(pairs, pairs)
def test_nothing_once_watched_is_lost(one, two):
    first = apply(LessonState(), ProgressUpdate(1, Decimal(0), tuple(one)), VIDEO, PLENTY).state
    second = apply(first, ProgressUpdate(2, Decimal(0), tuple(two)), VIDEO, PLENTY).state
    assert covered(second.watched) >= covered(first.watched)


@given(pairs)
def test_the_same_update_twice_changes_nothing(watched):
    update = ProgressUpdate(7, Decimal(12), tuple(watched))
    once = apply(LessonState(), update, VIDEO, PLENTY).state
    again = apply(once, update, VIDEO, PLENTY)
    assert again.state == once and not again.changed and again.refused == 0


def test_a_late_update_adds_what_it_saw_and_moves_no_position():
    now = apply(LessonState(), ProgressUpdate(5, Decimal(40), (d(30, 40),)), VIDEO, PLENTY).state
    late = apply(now, ProgressUpdate(4, Decimal(30), (d(0, 30),)), VIDEO, PLENTY).state
    assert late.watched == (d(0, 40),)
    assert (late.position, late.sequence) == (Decimal(40), 5)


def test_ten_minutes_in_two_seconds_are_cut_to_the_wall_clock_and_the_slack():
    allowance = Allowance.between(timedelta(seconds=2), timedelta(seconds=2))
    applied = apply(LessonState(), ProgressUpdate(1, SECONDS, (d(0, 600),)), VIDEO, allowance)
    assert applied.state.watched == (d(0, 7),)
    assert applied.refused == Decimal(593)
    assert applied.state.position == Decimal(7)


def test_many_updates_in_one_second_share_one_slack():
    state = LessonState()
    for sequence in range(1, 50):
        update = ProgressUpdate(sequence, SECONDS, (d(sequence * 10, sequence * 10 + 5),))
        state = apply(state, update, VIDEO, Allowance(Decimal(0), Decimal(1))).state
    assert state.watched_seconds == Decimal(6)


def test_waiting_before_an_open_lesson_buys_no_burst_after_a_recent_update():
    allowance = Allowance(since_last=Decimal(10), since_first=Decimal(3600))
    applied = apply(LessonState(), ProgressUpdate(1, SECONDS, (d(0, 600),)), VIDEO, allowance)
    assert applied.state.watched_seconds == Decimal(15)


def test_a_thousand_crumbs_are_kept_and_not_one_more():
    crumbs = tuple((Decimal(n) / 10, Decimal(n) / 10 + Decimal("0.05")) for n in range(1000))
    full = LessonState(watched=crumbs)
    more = ProgressUpdate(1, Decimal(0), (d(500, "500.05"),))
    assert apply(full, more, VIDEO, PLENTY).state.watched == crumbs
    joining = ProgressUpdate(1, Decimal(0), (d(0, 100),))
    assert apply(full, joining, VIDEO, PLENTY).state.watched == (d(0, 100),)


def test_an_article_is_done_with_its_end_and_its_check():
    read = apply(LessonState(), ProgressUpdate(1, Decimal(130), reached_end=True), ARTICLE, PLENTY).state
    assert read.position == Decimal(100)
    assert not is_done(read, ARTICLE)
    assert missing(read, ARTICLE) == ["通过课时测验"]
    assert is_done(LessonState(reached_end=True, check_passed=True), ARTICLE)
    assert missing(LessonState(check_passed=True), ARTICLE) == ["读到文末"]
    assert is_done(read, LessonShape(is_video=False))


@pytest.mark.parametrize(("seconds", "done"), [("539.99", False), ("540", True), ("600", True)])
def test_a_video_is_done_at_nine_tenths(seconds, done):
    state = LessonState(watched=(d(0, seconds),), check_passed=True)
    assert is_done(state, VIDEO) is done


def test_a_video_says_how_much_was_seen_and_rounds_down():
    state = LessonState(watched=(d(0, "539.99"),))
    assert missing(state, VIDEO) == ["观看至少 90%（已看 89%）", "通过课时测验"]


def test_reaching_the_end_of_a_page_completes_no_video():
    state = apply(LessonState(), ProgressUpdate(1, SECONDS, reached_end=True), VIDEO, PLENTY).state
    assert not state.reached_end and share_watched(state, VIDEO) == 0


def test_an_article_takes_no_watched_seconds():
    assert apply(LessonState(), ProgressUpdate(1, Decimal(5), (d(0, 10),)), ARTICLE, PLENTY).state.watched == ()


@pytest.mark.parametrize("value", ["x", None, "NaN", "Infinity", 1e300, True, [], "1,5", {}])
def test_nonsense_is_no_number(value):
    with pytest.raises(ValueError):
        number(value)


@pytest.mark.parametrize("value", [None, "x", {"a": 1}, [1, 2], [[1]], [[1, 2, 3]], [["a", 2]], [[0, 1]] * 201])
def test_nonsense_is_no_interval(value):
    with pytest.raises(ValueError):
        parsed(value)
