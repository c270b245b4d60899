"""Marks without a database: all or nothing, exact decimals, a pass mark that is not rounded up to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules.scoring import ItemValue, allowed_choice, has_passed, is_right, score_paper

D = Decimal
options = st.lists(st.integers(0, 5), unique=True, max_size=6)
items = st.builds(ItemValue, answer=options.filter(bool), choice=options, points=st.decimals("0.5", "10", places=1))


@pytest.mark.parametrize(
    ("answer", "choice", "right"),
    [
        ([2], [2], True),
        ([2], [1], False),
        ([2], [], False),
        ([0, 1], [1, 0], True),
        ([0, 1], [0], False),
        ([0, 1], [0, 1, 2], False),
    ],
)
def test_an_answer_is_right_when_it_is_the_whole_key_and_nothing_else(answer, choice, right):
    assert is_right(answer, choice) is right


def test_an_incomplete_multiple_choice_earns_nothing():
    score = score_paper([ItemValue([0, 1, 2], [0, 1], D("4")), ItemValue([1], [1], D("2.5"))])
    assert (score.score, score.full, score.right, score.answered) == (D("2.5"), D("6.5"), 1, 2)
    assert score.percent == D("38.46")


def test_the_pass_mark_is_compared_before_rounding():
    assert has_passed(D("60"), D("100"), D("60"))
    assert not has_passed(D("59.996"), D("100"), D("60"))
    assert has_passed(D("2"), D("3"), D("66.66"))


@given(st.lists(items, max_size=20))
def test_a_score_lies_between_nothing_and_the_full_score(paper):
    score = score_paper(paper)
    assert 0 <= score.score <= score.full
    assert 0 <= score.percent <= 100
    assert score.right <= score.answered <= score.items == len(paper)


@given(st.lists(items, min_size=1, max_size=20))
def test_the_key_itself_earns_everything_and_an_empty_sheet_nothing(paper):
    perfect = score_paper(ItemValue(i.answer, i.answer, i.points) for i in paper)
    empty = score_paper(ItemValue(i.answer, [], i.points) for i in paper)
    assert perfect.score == perfect.full
    assert empty.score == 0


@pytest.mark.parametrize(
    ("kind", "choice", "allowed"),
    [
        ("single", [3], True),
        ("single", [], True),
        ("single", [0, 1], False),
        ("single", [4], False),
        ("single", [-1], False),
        ("single", [True], False),
        ("single", ["1"], False),
        ("multiple", [0, 3], True),
        ("multiple", [1, 1], False),
        ("judge", [0, 1], False),
    ],
)
def test_only_choices_that_can_be_made_are_allowed(kind, choice, allowed):
    assert allowed_choice(kind, 4, choice) is allowed
