"""Dealing people into groups that are alike."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from cohorts.rules.grouping import Person, deal

PEOPLE = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["F", "M", ""]), st.sampled_from(["county", "town", ""])),
    min_size=1,
    max_size=60,
).map(lambda rows: [Person(unit, sex, level, key) for key, (unit, sex, level) in enumerate(rows)])
COUNTS = st.integers(1, 9)


def spread(groups: list[list[Person]], mark: str) -> dict[str, int]:
    """By how much the most and the least mixed group differ, for each value of the mark."""
    counts = [Counter(getattr(person, mark) for person in group) for group in groups]
    values = {value for count in counts for value in count}
    return {value: max(c[value] for c in counts) - min(c[value] for c in counts) for value in values}


def dealt(people: list[Person], count: int) -> list[list[Person]]:
    by_key = {person.key: person for person in people}
    return [[by_key[key] for key in group] for group in deal(people, count)]


@settings(max_examples=200, deadline=None)
@given(PEOPLE, COUNTS)
def test_everybody_once_sizes_and_units_even(people: list[Person], count: int) -> None:
    groups = dealt(people, count)
    assert sorted(p.key for group in groups for p in group) == [p.key for p in people]
    sizes = [len(group) for group in groups]
    assert len(sizes) == count and max(sizes) - min(sizes) <= 1
    assert max(spread(groups, "unit").values()) <= 1


@settings(max_examples=100, deadline=None)
@given(PEOPLE, COUNTS, st.randoms(use_true_random=False))
def test_the_order_in_which_people_come_changes_nothing(people: list[Person], count: int, dice: random.Random) -> None:
    shuffled = list(people)
    dice.shuffle(shuffled)
    assert deal(people, count) == deal(shuffled, count)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["F", "M"]), min_size=1, max_size=60), COUNTS)
def test_within_one_unit_women_and_men_differ_by_one_at_most(sexes: list[str], count: int) -> None:
    people = [Person("a", sex, "", key) for key, sex in enumerate(sexes)]
    assert max(spread(dealt(people, count), "sex").values()) <= 1


def test_units_of_two_mix_women_and_men_and_the_plain_deal_would_not() -> None:
    people = [Person(unit, sex, "", 2 * n + (sex == "M")) for n, unit in enumerate("abcdefgh") for sex in "FM"]
    plain = [sorted(people)[n::2] for n in range(2)]
    assert spread(plain, "sex") == {"F": 8, "M": 8}, "the control: without exchanges each group is of one sex"
    assert spread(dealt(people, 2), "sex") == {"F": 0, "M": 0}


def test_levels_are_evened_out_last() -> None:
    people = [Person("a", "F", "high" if key < 4 else "low", key) for key in range(8)]
    assert spread(dealt(people, 4), "level") == {"high": 0, "low": 0}
