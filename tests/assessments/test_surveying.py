"""The figures of evaluations: means to one place, grades by percentage, nothing of fewer than five."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules.surveying import FEWEST, GradeBound, Indicator, grade_of, mean, points_for, response_rate, tally

D = Decimal
INDICATORS = [Indicator(key, key.upper(), 20) for key in "abcde"]
BOUNDS = [GradeBound("优秀", D(90)), GradeBound("良好", D(75)), GradeBound("合格", D(60)), GradeBound("不合格", D(0))]
POINTS = st.sampled_from([D(20), D(16), D(12), D(8)])
ANSWER = st.fixed_dictionaries({i.key: POINTS for i in INDICATORS})


def same(points: int) -> dict[str, Decimal]:
    return {i.key: D(points) for i in INDICATORS}


@given(st.lists(ANSWER, max_size=FEWEST - 1))
def test_fewer_than_five_answers_give_no_figures(answers):
    assert tally(answers, INDICATORS, BOUNDS) is None


@given(st.lists(ANSWER, min_size=FEWEST, max_size=60))
def test_five_or_more_give_means_within_half_a_tenth_and_every_answer_a_grade(answers):
    found = tally(answers, INDICATORS, BOUNDS)
    assert found is not None
    assert found.answers == len(answers) == sum(n for _, n in found.grades)
    assert found.full == 100
    exact = Fraction(sum(sum(a.values()) for a in answers)) / len(answers)
    assert abs(Fraction(found.mean) - exact) <= Fraction(1, 20)
    for score in found.scores:
        values = [a[score.label.lower()] for a in answers]
        assert abs(Fraction(score.mean) - Fraction(sum(values)) / len(values)) <= Fraction(1, 20)
        assert min(values) <= score.mean <= max(values)


@given(st.lists(ANSWER, min_size=FEWEST, max_size=20), st.randoms())
def test_the_order_of_answers_changes_nothing(answers, chance):
    mixed = list(answers)
    chance.shuffle(mixed)
    assert tally(mixed, INDICATORS, BOUNDS) == tally(answers, INDICATORS, BOUNDS)


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        (100, "优秀"),
        (90, "优秀"),
        (D("89.9"), "良好"),
        (75, "良好"),
        (60, "合格"),
        (D("59.9"), "不合格"),
        (0, "不合格"),
    ],
)
def test_grades_by_the_percentage(points, grade):
    assert grade_of(D(points), 100, BOUNDS) == grade


def test_the_choices_of_the_first_questionnaire_give_the_grades_of_their_names():
    """All 优 is 优秀, all 良 良好, all 中 合格, all 差 不合格."""
    for share, grade in ((100, "优秀"), (80, "良好"), (60, "合格"), (40, "不合格")):
        points = int(points_for(20, share))
        assert tally([same(points)] * 5, INDICATORS, BOUNDS).grade == grade


def test_halves_go_up_and_nothing_has_no_mean():
    assert mean([D("16.0"), D("16.1")]) == D("16.1")
    with pytest.raises(ValueError, match="no values"):
        mean([])


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_rate_is_a_percentage(answered, invited):
    rate = response_rate(min(answered, invited), invited)
    assert 0 <= rate <= 100
    assert response_rate(0, 0) == 0
