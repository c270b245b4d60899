from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.profiles import (
    DimensionValue,
    EvidenceValue,
    FrameworkValue,
    IndicatorValue,
    group_profile,
    level_of,
    profile,
)

WEIGHTS = {"test": Decimal("0.4"), "task": Decimal("0.3"), "observation": Decimal("0.2"), "supervisor": Decimal("0.1")}
ANCHORS = ("知晓", "会用", "胜任", "精通", "示范")
FRAMEWORK = FrameworkValue(
    1,
    "领航六维",
    WEIGHTS,
    (
        DimensionValue("A", "政治能力", (IndicatorValue("A1", "政治判断", False, ANCHORS),)),
        DimensionValue(
            "C",
            "数字化治理",
            (IndicatorValue("C1", "数字思维", True, ANCHORS), IndicatorValue("C2", "数据共享", True, ANCHORS)),
        ),
    ),
)


def piece(indicator="C1", kind="test", phase="post", score="3", items=1, number=1):
    return EvidenceValue(number, indicator, kind, phase, Decimal(score), items, date(2026, 9, 11), "结业考试")


def test_kinds_are_weighed_and_rescaled_to_those_present():
    level = level_of([piece(score="4"), piece(kind="task", score="3")], WEIGHTS)
    assert level.value == Decimal("3.57")  # (4 × 0.4 + 3 × 0.3) / 0.7
    assert level.n == 2


def test_items_weigh_within_a_kind():
    assert level_of([piece(score="5", items=1), piece(score="2", items=2)], WEIGHTS).value == Decimal("3.00")


def test_one_kind_of_evidence_is_not_enough_and_two_are():
    alone = profile([piece(), piece(phase="pre")], FRAMEWORK).dimension("C")
    assert not alone.sufficient
    both = profile([piece(), piece(kind="task", phase="during")], FRAMEWORK).dimension("C")
    assert both.sufficient


def test_before_and_after_come_from_their_phases():
    standing = profile([piece(phase="pre", score="2"), piece(score="4")], FRAMEWORK).dimension("C")
    assert (standing.before.value, standing.after.value) == (Decimal("2.00"), Decimal("4.00"))
    assert standing.change == Decimal("2.00")


def test_self_ratings_stand_apart_and_never_weigh():
    with_self = profile([piece(score="2"), piece(kind="self", score="5", number=2)], FRAMEWORK)
    assert with_self.dimension("C").after.value == Decimal("2.00")
    assert [own.id for own in with_self.self_ratings] == [2]
    assert not with_self.dimension("C").sufficient


def test_an_indicator_that_is_not_scored_per_person_leaves_no_trace():
    result = profile([piece(indicator="A1", score="5")], FRAMEWORK)
    assert result.dimension("A").evidence == ()
    assert "A1" not in [standing.code for standing in result.indicators]


def test_without_evidence_there_is_no_level():
    standing = profile([], FRAMEWORK).dimension("C")
    assert (standing.before, standing.after, standing.change) == (None, None, None)


def test_every_figure_names_its_evidence():
    standing = profile([piece(number=7), piece(kind="task", number=9)], FRAMEWORK).dimension("C")
    assert [e.id for e in standing.evidence] == [7, 9]


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
def test_group_figures_need_five_people(people, shown):
    one = profile([piece(), piece(kind="task", phase="during")], FRAMEWORK)
    group = {g.code: g for g in group_profile([one] * people)}
    assert (group["C"].after is not None) is shown
    assert group["C"].n == people


def test_people_with_too_little_evidence_do_not_enter_the_group():
    enough, thin = profile([piece(), piece(kind="task")], FRAMEWORK), profile([piece(score="5")], FRAMEWORK)
    group = {g.code: g for g in group_profile([enough] * 5 + [thin] * 5)}
    assert (group["C"].n, group["C"].after.value) == (5, Decimal("3.00"))


scores = st.decimals(min_value=1, max_value=5, places=2)


@given(st.lists(st.tuples(st.sampled_from(sorted(WEIGHTS)), scores, st.integers(1, 20)), min_size=1, max_size=12))
def test_a_level_lies_within_its_interval_and_the_scale(rows):
    level = level_of([piece(kind=kind, score=str(score), items=items) for kind, score, items in rows], WEIGHTS)
    assert 1 <= level.low <= level.value <= level.high <= 5


@given(st.lists(st.tuples(st.sampled_from(sorted(WEIGHTS)), scores), min_size=1, max_size=8), st.randoms())
def test_the_order_of_evidence_does_not_matter(rows, random):
    pieces = [piece(kind=kind, score=str(score)) for kind, score in rows]
    shuffled = random.sample(pieces, len(pieces))
    assert level_of(pieces, WEIGHTS).value == level_of(shuffled, WEIGHTS).value
