"""The rule of one seventh, and the hours between half days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.rules import leave
from cohorts.rules.halfdays import HalfDay, hours_between, span, span_label

D = Decimal
HOURS = st.decimals(min_value=0, max_value=2000, places=2)


@pytest.mark.parametrize(
    ("taken", "total", "flagged"),
    [
        ("4", "40", False),
        ("8", "40", True),
        ("8", "56", False),
        ("9", "56", True),
        ("34", "240", False),
        ("35", "240", True),
        ("5.71", "40", False),
        ("5.72", "40", True),
    ],
)
def test_one_seventh_is_exact(taken: str, total: str, flagged: bool) -> None:
    assert leave.over_limit(D(taken), D(total)) is flagged


@given(HOURS, HOURS)
def test_rule_agrees_with_fractions(taken: Decimal, total: Decimal) -> None:
    assert leave.over_limit(taken, total) is (Fraction(taken) > Fraction(total) / 7)


@given(st.decimals(min_value="0.01", max_value=300, places=2))
def test_exactly_one_seventh_is_within_and_any_more_is_not(taken: Decimal) -> None:
    total = taken * 7
    assert not leave.over_limit(taken, total)
    assert leave.over_limit(taken + D("0.01"), total)


@given(HOURS, HOURS, HOURS)
def test_more_leave_never_clears_a_flag(taken: Decimal, more: Decimal, total: Decimal) -> None:
    if leave.over_limit(taken, total):
        assert leave.over_limit(taken + more, total)


def test_arithmetic_is_a_sentence() -> None:
    assert leave.arithmetic(D("8.00"), D("40.00")) == "累计请假 8 学时 ÷ 总学时 40 学时，超过七分之一（5.71 学时）"
    assert leave.arithmetic(D("4"), D("40")) == "累计请假 4 学时 ÷ 总学时 40 学时，未超过七分之一（5.71 学时）"
    assert leave.arithmetic(D("8"), D("56")) == "累计请假 8 学时 ÷ 总学时 56 学时，恰为七分之一（8 学时）"
    assert leave.arithmetic(D("4"), D("0")) == "课表尚未排定，暂不计算请假比例。"


def test_what_is_left_never_goes_below_zero() -> None:
    assert leave.left(D("4"), D("40")) == D("1.71")
    assert leave.left(D("8"), D("40")) == 0


def test_draft_names_the_person_and_the_sum() -> None:
    draft = leave.withdrawal_draft("王敏", D("8"), D("40"))
    assert draft.startswith("王敏累计请假 8 学时 ÷ 总学时 40 学时，超过七分之一（5.71 学时）。")
    assert "确认退学" in draft and "豁免" in draft


def test_decision_speaks_until_the_share_grows() -> None:
    assert leave.covers((D(8), D(40)), (D(8), D(40)))
    assert leave.covers((D(8), D(40)), (D(8), D(44)))
    assert not leave.covers((D(8), D(40)), (D(12), D(40)))
    assert not leave.covers((D(8), D(44)), (D(8), D(40)))


MON, TUE = date(2026, 11, 23), date(2026, 11, 24)
TABLE = {HalfDay(d, h): D(4) for d in (MON, TUE) for h in ("am", "pm")}


def test_hours_of_a_span_come_from_the_timetable() -> None:
    assert hours_between(TABLE, HalfDay(MON, "pm"), HalfDay(TUE, "am")) == 8
    assert hours_between(TABLE, HalfDay(date(2026, 11, 21), "am"), HalfDay(MON, "am")) == 4
    assert hours_between({}, HalfDay(MON, "am"), HalfDay(TUE, "pm")) == 0


def test_span_names_its_ends() -> None:
    assert list(span(HalfDay(MON, "pm"), HalfDay(TUE, "am"))) == [HalfDay(MON, "pm"), HalfDay(TUE, "am")]
    assert list(span(HalfDay(TUE, "am"), HalfDay(MON, "pm"))) == []
    assert span_label(HalfDay(MON, "am"), HalfDay(MON, "am")) == "11月23日上午"
    assert span_label(HalfDay(MON, "am"), HalfDay(TUE, "pm")) == "11月23日上午至11月24日下午"
