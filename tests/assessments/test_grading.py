"""From levels to score and grade, and from a test's items to evidence; no database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Grade
from assessments.rules.evidence import IndicatorResult, ItemResult, by_indicator, evidence_score
from assessments.rules.grading import CriterionLevel, allowed_level, grade_of, weighted_score

D = Decimal


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("5", "优秀"),
        ("4.5", "优秀"),
        ("4.49", "良好"),
        ("3.5", "良好"),
        ("3.49", "合格"),
        ("2.5", "合格"),
        ("2.49", "不合格"),
    ],
)
def test_each_grade_begins_at_its_score(score, grade):
    assert Grade(grade_of(D(score))).label == grade


def test_the_score_is_the_weighted_mean():
    levels = [CriterionLevel(D(4), D("0.5")), CriterionLevel(D(3), D("0.3")), CriterionLevel(D(5), D("0.2"))]
    assert weighted_score(levels) == D("3.90")
    with pytest.raises(ValueError):
        weighted_score([])


@pytest.mark.parametrize(
    ("level", "fine"), [("1", True), ("2.5", True), ("5", True), ("0.5", False), ("3.2", False), ("5.5", False)]
)
def test_levels_are_one_to_five_in_halves(level, fine):
    assert allowed_level(D(level)) is fine


@given(st.lists(st.tuples(st.integers(2, 10), st.integers(1, 100)), min_size=1, max_size=6))
def test_a_score_stays_within_the_levels_given(pairs):
    levels = [CriterionLevel(D(half) / 2, D(weight) / 100) for half, weight in pairs]
    assert min(e.level for e in levels) <= weighted_score(levels) <= max(e.level for e in levels)


@pytest.mark.parametrize(("right", "items", "score"), [(0, 4, "1.00"), (1, 3, "2.33"), (2, 3, "3.67"), (4, 4, "5.00")])
def test_evidence_is_one_plus_four_times_the_share_right(right, items, score):
    assert evidence_score(right, items) == D(score)


def test_one_item_is_no_evidence_and_an_unscored_indicator_is_never_recorded():
    items = [
        ItemResult(1, scored=False, right=True),
        ItemResult(1, scored=False, right=True),
        ItemResult(2, scored=True, right=True),
        ItemResult(3, scored=True, right=True),
        ItemResult(3, scored=True, right=False),
    ]
    assert by_indicator(items) == [IndicatorResult(3, D("3.00"), 2)]
