"""Hours of online courses by the bracket rule, without a database."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.rules.online import COURSE, OnlineLesson, OnlineRule, bracket, hours_of

RULE = OnlineRule()
UNCAPPED = replace(RULE, capped=False)
PLENTY = Decimal(100)
lengths = st.integers(0, 4 * 3600)


@pytest.mark.parametrize(
    ("minutes", "seconds", "hours"),
    [(45, 0, "1"), (30, 0, "1"), (29, 59, "0.5"), (15, 1, "0.5"), (15, 0, "0.25"), (1, 0, "0.25"), (0, 0, "0")],
)
def test_the_edges_of_the_brackets(minutes, seconds, hours):
    assert bracket(minutes * 60 + seconds, RULE) == Decimal(hours)


@pytest.mark.parametrize(("seconds", "passed", "hours"), [(1800, True, "1.5"), (900, True, "0.75"), (0, True, "0")])
def test_a_passed_test_adds_a_half_where_the_lesson_counts_at_all(seconds, passed, hours):
    assert hours_of([OnlineLesson("", seconds, passed)], PLENTY, RULE).hours == Decimal(hours)


def test_each_lesson_counts_by_itself_or_the_course_as_a_whole():
    lessons = [OnlineLesson("一", 900, False), OnlineLesson("二", 900, True)]
    assert hours_of(lessons, PLENTY, RULE).hours == Decimal("1")
    assert hours_of(lessons, PLENTY, replace(RULE, unit=COURSE)).hours == Decimal("1.5")


def test_a_course_brings_no_more_than_it_declares_and_says_so():
    lessons = [OnlineLesson(str(n), 300, True) for n in range(4)]
    capped, whole = (hours_of(lessons, Decimal(2), rule) for rule in (RULE, UNCAPPED))
    assert (capped.reckoned, capped.hours, capped.cap) == (Decimal(3), Decimal(2), Decimal(2))
    assert (whole.hours, whole.cap) == (Decimal(3), None)


def test_other_figures_of_another_version_are_followed():
    rule = OnlineRule(full_minutes=45, half_minutes=20, full_hours=Decimal(2), short_hours=Decimal(0))
    assert [bracket(60 * m, rule) for m in (45, 44, 20)] == [Decimal(2), Decimal("0.5"), Decimal(0)]


@given(lengths, lengths)
def test_a_longer_lesson_never_counts_less(one, two):
    assert bracket(min(one, two), RULE) <= bracket(max(one, two), RULE)


@given(st.lists(st.tuples(lengths, st.booleans()), max_size=8), st.decimals(0, 20, places=2))
def test_the_sum_of_the_lines_is_the_whole_unless_capped(rows, declared):
    worth = hours_of([OnlineLesson("", *row) for row in rows], declared, RULE)
    assert worth.reckoned == sum((line.hours for line in worth.lines), Decimal(0))
    assert worth.hours == min(worth.reckoned, declared)
