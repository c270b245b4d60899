"""Vectors of the required-training rules: either measure, three buckets, four windows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.rules.compliance import (
    EntryValue,
    LineValue,
    PolicyValue,
    PostingValue,
    assess,
    promotion,
    regime_on,
    years_after,
)

ON = date(2026, 11, 20)
YEAR_CENTRAL = LineValue("junior", "central", "year", Decimal(90), Decimal(12), None, Decimal(30), "V")
FIVE_YEARS = LineValue("senior", "central", "rolling_5", Decimal(550), None, Decimal(3), Decimal(30), "V")
PROMOTED = LineValue("senior", "central", "from_promotion", Decimal(550), None, Decimal(3), Decimal(30), "V")
ONLINE = [LineValue(r, "online", "year", Decimal(50), None, None, Decimal(30), "V2") for r in ("junior", "senior")]
POLICY = PolicyValue(1, date(2023, 1, 1), date(2027, 12, 31), (YEAR_CENTRAL, FIVE_YEARS, PROMOTED, *ONLINE))
JUNIOR = [PostingValue("junior", True, date(2015, 1, 1), None)]
SENIOR = [PostingValue("senior", True, date(2015, 1, 1), None)]


def entry(days, hours, on=date(2026, 5, 8), bucket="central", number=1):
    return EntryValue(number, bucket, Decimal(days), Decimal(hours), on, "脱产培训")


def result(entries, postings, window, bucket="central", on=ON):
    found = assess(entries=entries, postings=postings, policy=POLICY, on=on)
    return next(r for r in found if r.window == window and r.bucket == bucket)


@pytest.mark.parametrize(
    ("days", "hours", "met"), [("12", "84", True), ("11", "90", True), ("11.5", "89", False), ("12", "90", True)]
)
def test_either_measure_satisfies_the_yearly_requirement(days, hours, met):
    assert result([entry(days, hours)], JUNIOR, "year").met is met


@pytest.mark.parametrize(
    ("days", "hours", "met"),
    [
        ("60", "549", False),
        ("60", "550", True),
        ("90", "0", True),
        ("63", "430", False),
        ("10", "550", True),
        ("89.9", "549.99", False),
    ],
)
def test_three_months_or_550_hours_in_five_years(days, hours, met):
    assert result([entry(days, hours)], SENIOR, "rolling_5").met is met


def test_the_senior_figures_read_430_of_550_and_2_1_of_3_months():
    measures = {m.unit: m for m in result([entry("63", "430")], SENIOR, "rolling_5").measures}
    assert (measures["hours"].reached, measures["hours"].required) == (430, 550)
    assert (measures["months"].reached, measures["months"].required) == (Decimal("2.10"), 3)
    assert measures["hours"].short_by == 120


def test_buckets_are_never_summed():
    mixed = [entry("6", "48"), entry("0", "49", bucket="online", number=2)]
    assert result(mixed, JUNIOR, "year").trace == (1,)
    assert result(mixed, JUNIOR, "year", "online").trace == (2,)
    assert not result(mixed, JUNIOR, "year", "online").met


@pytest.mark.parametrize(
    ("earned", "counts"),
    [(date(2021, 11, 20), False), (date(2021, 11, 21), True), (ON, True), (date(2026, 11, 21), False)],
)
def test_the_rolling_window_is_exactly_five_years_to_the_day(earned, counts):
    assert bool(result([entry("1", "8", earned)], SENIOR, "rolling_5").trace) is counts


def test_the_year_begins_on_new_years_day():
    lines = [entry("12", "96", date(2025, 12, 31)), entry("1", "8", date(2026, 1, 1), number=2)]
    assert result(lines, JUNIOR, "year").trace == (2,)


def promoted_on(day):
    return [
        PostingValue("junior", True, date(2015, 1, 1), date.fromordinal(day.toordinal() - 1)),
        PostingValue("senior", True, day, None),
    ]


def test_promoted_in_mid_year_sees_both_regimes_and_the_year_from_promotion():
    postings = promoted_on(date(2026, 6, 1))
    lines = [entry("10", "80"), entry("2", "16", date(2026, 9, 1), number=2)]
    found = assess(entries=lines, postings=postings, policy=POLICY, on=ON)
    assert [(r.window, r.bucket, r.regime) for r in found] == [
        ("year", "central", "junior"),
        ("rolling_5", "central", "senior"),
        ("from_promotion", "central", "senior"),
        ("year", "online", "senior"),
    ]
    before, five, countdown, _ = found
    assert (before.applies_to, before.trace) == (date(2026, 5, 31), (1,))
    assert five.trace == (1, 2)
    assert (countdown.ends_on, countdown.met) == (date(2027, 6, 1), False)


def test_whoever_met_the_five_year_requirement_when_promoted_has_no_countdown():
    lines = [entry("70", "560", date(2025, 5, 1))]
    found = assess(entries=lines, postings=promoted_on(date(2026, 6, 1)), policy=POLICY, on=ON)
    assert "from_promotion" not in [r.window for r in found]


def test_a_rank_without_a_leading_post_starts_no_countdown():
    postings = promoted_on(date(2026, 6, 1))
    postings[1] = PostingValue("senior", False, date(2026, 6, 1), None)
    assert promotion(postings, ON) is None


def test_without_a_posting_nothing_is_required():
    assert assess(entries=[entry("12", "90")], postings=[], policy=POLICY, on=ON) == []
    assert regime_on(JUNIOR, date(2014, 12, 31)) is None


def test_29_february_has_a_neighbour():
    assert years_after(date(2028, 2, 29), -5) == date(2023, 2, 28)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 200)), max_size=12))
def test_more_training_never_takes_a_met_requirement_away(rows):
    lines = [entry(days, hours, number=n) for n, (days, hours) in enumerate(rows)]
    met = [result(lines[:n], JUNIOR, "year").met for n in range(len(lines) + 1)]
    assert met == sorted(met)
