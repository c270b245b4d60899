"""Drawing a paper: the blueprint met, no question twice, the short line named, equivalent papers disjoint."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.rules.paper import Line, PoolQuestion, PoolTooSmall, draw, overlap, shuffled_options

D = Decimal
KINDS = ["single", "multiple", "judge"]


def question(n, kind="single", indicator=1, difficulty=1):
    return PoolQuestion(n, 1000 + n, kind, indicator, difficulty)


def bank(per_cell=4, indicators=(1, 2, 3)):
    cells = [(k, i, d) for k in KINDS for i in indicators for d in (1, 2, 3)]
    return [question(n * per_cell + m, *cell) for n, cell in enumerate(cells) for m in range(per_cell)]


def questions_of(paper):
    return [item.question.question for item in paper]


def test_twenty_single_ten_multiple_ten_judge():
    lines = [Line("single", 20, D(2)), Line("multiple", 10, D(4)), Line("judge", 10, D(2))]
    paper = draw(lines, bank(), seed=7)
    assert Counter(item.question.kind for item in paper) == {"single": 20, "multiple": 10, "judge": 10}
    assert sum(item.points for item in paper) == 100
    assert [item.question.kind for item in paper] == ["single"] * 20 + ["multiple"] * 10 + ["judge"] * 10


def test_the_same_seed_gives_the_same_paper_whatever_the_order_of_the_bank():
    lines = [Line("single", 5, D(2), indicator=1), Line("single", 5, D(2))]
    assert draw(lines, bank(), seed=3) == draw(lines, list(reversed(bank())), seed=3)
    assert draw(lines, bank(), seed=3) != draw(lines, bank(), seed=4)


def test_a_short_line_is_named_with_how_many_it_lacks():
    lines = [Line("single", 2, D(2)), Line("multiple", 9, D(4), indicator=2, difficulty=3)]
    with pytest.raises(PoolTooSmall) as refusal:
        draw(lines, bank(), seed=1)
    [short] = refusal.value.shortages
    assert (short.line, short.wanted, short.found, short.lacking) == (1, 9, 4, 5)


def test_lines_that_compete_for_a_question_share_the_bank_as_well_as_can_be():
    pool = [question(1, indicator=1, difficulty=1), question(2, indicator=1, difficulty=2), question(3, indicator=2)]
    lines = [Line("single", 1, D(1)), Line("single", 1, D(1), indicator=1), Line("single", 1, D(1), difficulty=2)]
    for seed in range(20):
        assert sorted(questions_of(draw(lines, pool, seed=seed))) == [1, 2, 3]


def test_an_equivalent_paper_meets_the_same_blueprint_with_other_questions():
    lines = [Line(kind, 2, D(2), indicator=i) for kind in KINDS for i in (1, 2, 3)]
    entry = draw(lines, bank(per_cell=2), seed=1)
    final = draw(lines, bank(per_cell=2), seed=2, exclude=questions_of(entry))
    assert overlap(questions_of(entry), questions_of(final)) == 0
    tally = Counter((i.question.kind, i.question.indicator) for i in entry)
    assert tally == Counter((i.question.kind, i.question.indicator) for i in final)


def test_a_question_to_be_avoided_comes_only_where_the_rest_does_not_suffice():
    pool = [question(n) for n in range(5)]
    drawn = draw([Line("single", 4, D(1))], pool, seed=1, avoid=[0, 1, 2])
    assert len({0, 1, 2} & set(questions_of(drawn))) == 2
    assert {3, 4} <= set(questions_of(drawn))


def test_right_and_wrong_keep_their_order_other_options_are_shuffled():
    assert shuffled_options("judge", 2, seed=9, position=1) == [0, 1]
    orders = {tuple(shuffled_options("single", 4, seed=9, position=p)) for p in range(12)}
    assert len(orders) > 4
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)


lines_strategy = st.lists(
    st.builds(
        Line,
        kind=st.sampled_from(KINDS),
        count=st.integers(1, 5),
        points=st.just(D(1)),
        indicator=st.sampled_from([None, 1, 2, 3]),
        difficulty=st.sampled_from([None, 1, 2, 3]),
    ),
    min_size=1,
    max_size=5,
)
pools = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from([1, 2, 3]), st.sampled_from([1, 2, 3])), max_size=40
).map(lambda cells: [question(n, *cell) for n, cell in enumerate(cells)])


@settings(max_examples=150, deadline=None)
@given(lines_strategy, pools, st.integers(0, 2**32), st.sets(st.integers(0, 39)))
def test_a_drawn_paper_always_meets_every_line_and_repeats_nothing(lines, pool, seed, exclude):
    try:
        paper = draw(lines, pool, seed=seed, exclude=exclude)
    except PoolTooSmall:
        return
    drawn = questions_of(paper)
    assert len(drawn) == len(set(drawn)) == sum(line.count for line in lines)
    assert not set(drawn) & exclude
    assert all(lines[item.line].takes(item.question) for item in paper)
    assert Counter(item.line for item in paper) == {n: line.count for n, line in enumerate(lines)}


@settings(max_examples=100, deadline=None)
@given(lines_strategy, pools, st.integers(0, 1000), st.integers(0, 1000))
def test_whether_a_pool_suffices_does_not_depend_on_the_seed(lines, pool, one, other):
    def lacking(seed):
        try:
            draw(lines, pool, seed=seed)
        except PoolTooSmall as refusal:
            return sum(s.lacking for s in refusal.shortages)
        return 0

    assert lacking(one) == lacking(other)
