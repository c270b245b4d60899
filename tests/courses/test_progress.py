"""The arithmetic of reading and watching, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.progress import (
    SLACK,
    Allowance,
    Completion,
    Cue,
    LessonShape,
    LessonState,
    ProgressUpdate,
    RefusalKind,
    added,
    allowed_since,
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
ARTICLE = LessonShape(Completion.READ, has_check=True)
VIDEO = LessonShape(Completion.PLAYED, seconds=SECONDS, has_check=True)
PLENTY = Allowance(Decimal(3600))

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


speeds = st.sampled_from([Decimal(1), Decimal("1.25"), Decimal(2)])


@given(st.lists(st.tuples(pairs, st.integers(0, 90)), max_size=8), speeds)
def test_no_run_of_updates_gains_more_than_the_wall_clock_gave(updates, speed):
    state, now, shape = LessonState(), 0, replace(VIDEO, speed=speed)
    for sequence, (watched, waited) in enumerate(updates, start=1):
        now += waited
        before = state
        applied = apply(state, ProgressUpdate(sequence, SECONDS, union(watched)), shape, Allowance(Decimal(waited)))
        state = applied.state
        assert state.watched_seconds <= now * speed + SLACK
        assert applied.refused == length(added(before.watched, union(watched))) - (
            state.watched_seconds - before.watched_seconds
        )
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
    now = apply(LessonState(), ProgressUpdate(5, Decimal(40), (d(0, 28), d(30, 40))), VIDEO, PLENTY).state
    late = apply(now, ProgressUpdate(4, Decimal(30), (d(28, 30),)), VIDEO, PLENTY).state
    assert late.watched == (d(0, 40),)
    assert (late.position, late.sequence) == (Decimal(40), 5)


def played(state, *pair, shape=VIDEO, clock=3600, idle=0, sequence=None):
    update = ProgressUpdate(sequence or state.sequence + 1, SECONDS, (d(*pair),))
    return apply(state, update, shape, Allowance(Decimal(clock), Decimal(idle)))


def kinds(applied):
    return [(refusal.kind, refusal.seconds) for refusal in applied.refusals]


def test_ten_minutes_in_two_seconds_are_cut_to_the_wall_clock_and_the_slack():
    applied = played(LessonState(), 0, 600, clock=2)
    assert applied.state.watched == (d(0, 7),)
    assert kinds(applied) == [(RefusalKind.CLOCK, Decimal(593))]
    assert applied.state.position == Decimal(7)


def test_the_slack_is_given_once_however_often_one_asks():
    state = LessonState()
    for n in range(50):
        state = played(state, n * 5, n * 5 + 5, clock=0).state
    assert state.watched_seconds == SLACK


def test_a_faster_speed_counts_only_where_the_course_allows_it():
    assert kinds(played(LessonState(), 0, 90, clock=60)) == [(RefusalKind.CLOCK, Decimal(25))]
    assert not played(LessonState(), 0, 90, shape=replace(VIDEO, speed=Decimal("1.5")), clock=60).refusals


def test_a_leap_over_what_was_not_played_does_not_count():
    """The control is the same piece once everything before it was played, or once the lesson is taken in."""
    seen = LessonState(watched=(d(0, 100),), sequence=1)
    leap = played(seen, 200, 260)
    assert leap.state.watched == (d(0, 100),) and leap.state.position == Decimal(100)
    assert kinds(leap) == [(RefusalKind.LEAP, Decimal(60))]
    assert played(LessonState(watched=(d(0, 200),), sequence=1), 200, 260).state.watched == (d(0, 260),)
    through = LessonState(watched=(d(0, 540),), sequence=1)
    assert played(through, 570, 600).state.watched == (d(0, 540), d(570, 600))
    assert played(seen, 101, 160).state.watched == (d(0, 100), d(101, 160)), "a stutter is no leap"


def test_nothing_counts_beyond_a_question_until_it_is_answered():
    shape = replace(VIDEO, cues=(Cue(Decimal(30), 7), Cue(Decimal(90), 8)))
    stopped = played(LessonState(), 0, 120, shape=shape)
    assert stopped.state.watched == (d(0, 32),)
    assert kinds(stopped) == [(RefusalKind.QUESTION, Decimal(88))]
    first = replace(stopped.state, answered=frozenset({7}))
    assert played(first, 32, 120, shape=shape).state.watched == (d(0, 92),)
    both = replace(stopped.state, answered=frozenset({7, 8}))
    assert played(both, 32, 600, shape=shape).state.watched_seconds == SECONDS


def test_a_recording_with_questions_is_done_when_they_are_answered():
    shape = LessonShape(Completion.PLAYED, seconds=SECONDS, cues=(Cue(Decimal(30), 7),))
    through = LessonState(watched=(d(0, 600),))
    assert not is_done(through, shape) and missing(through, shape) == ["答对播放中的 1 道题"]
    assert is_done(replace(through, answered=frozenset({7})), shape)


NOON = datetime(2026, 9, 14, 12)


@pytest.mark.parametrize(
    ("start", "now", "before", "alive", "counted"),
    [
        (0, 10, 0, 9, 10),  # somebody stirs all the time
        (0, 40, 0, 0, 20),  # nobody has stirred since the start
        (30, 40, 0, 0, 0),  # the prompt was due before the last update
        (0, 40, 0, 35, 25),  # answered late: what passed while nobody answered is left out
        (30, 40, 0, 35, 5),
        (0, 40, 15, 30, 40),
    ],
)
def test_time_after_a_prompt_that_nobody_answered_does_not_count(start, now, before, alive, counted):
    def at(minutes):
        return NOON + timedelta(minutes=minutes)

    idle = timedelta(minutes=20)
    allowance = allowed_since(at(start), at(now), before=at(before), alive=at(alive), idle=idle)
    assert allowance.seconds == counted * 60
    assert allowance.seconds + allowance.idle == (now - start) * 60


def test_what_was_played_after_the_prompt_is_refused_as_such():
    assert kinds(played(LessonState(), 0, 90, clock=60, idle=60)) == [(RefusalKind.IDLE, Decimal(25))]


def test_a_thousand_crumbs_are_kept_and_not_one_more():
    crumbs = tuple((Decimal(n) / 10, Decimal(n) / 10 + Decimal("0.05")) for n in range(1000))
    full = LessonState(watched=crumbs)
    more = ProgressUpdate(1, Decimal(0), (d("101.5", "101.6"),))
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
    assert is_done(read, LessonShape(Completion.READ))


@pytest.mark.parametrize(("seconds", "done"), [("539.99", False), ("540", True), ("600", True)])
def test_a_video_is_done_at_nine_tenths(seconds, done):
    state = LessonState(watched=(d(0, seconds),), check_passed=True)
    assert is_done(state, VIDEO) is done


def test_a_video_says_how_much_was_seen_and_rounds_down():
    state = LessonState(watched=(d(0, "539.99"),))
    assert missing(state, VIDEO) == ["播放至少 90%（已播放 89%）", "通过课时测验"]


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
