"""Met, on course, at risk, short: the definition at its edges, and what would close a gap."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from records.reading.gaps import class_words, gap_of
from records.rules.compliance import EntryValue, LineValue, PolicyValue, PostingValue
from records.rules.forecast import (
    AT_RISK,
    MET,
    ON_COURSE,
    SHORT,
    Lack,
    Rates,
    class_days,
    closing,
    hours_in,
    outlooks,
    worst,
)
from records.rules.worth import YearWorth, class_worth, whole_days

RATES = Rates(D(8), D(4), D(1))
SIX = Rates(D(6), D(3), D(1))
JUNIOR = [PostingValue("junior", True, date(2015, 1, 1), None)]
SENIOR = [PostingValue("senior", True, date(2015, 1, 1), None)]
YEAR = LineValue("junior", "central", "year", D(90), D(12), None, D(30), "V")
ONLINE = LineValue("junior", "online", "year", D(50), None, None, D(30), "V2")
FIVE = LineValue("senior", "central", "rolling_5", D(550), None, D(3), D(30), "V")
PROMOTED = LineValue("senior", "central", "from_promotion", D(550), None, D(3), D(30), "V")
POLICY = PolicyValue(1, None, None, (YEAR, ONLINE, FIVE, PROMOTED))


def entry(hours, days="0", on=date(2026, 1, 5), *, number=1, bucket="central"):
    return EntryValue(number, bucket, D(days), D(hours), on, "班")


def look(entries=(), expected=(), postings=JUNIOR, on=date(2026, 9, 14), bucket="central"):
    found = outlooks(entries=entries, expected=expected, postings=postings, policy=POLICY, rates=RATES, on=on)
    return next(one for one in found if one.result.bucket == bucket)


@pytest.mark.parametrize(
    ("hours", "state"),
    [("90", MET), ("60", ON_COURSE), ("59", AT_RISK)],  # eight whole months of twelve have passed: 60 of 90
)
def test_on_course_is_the_share_of_the_whole_months_that_have_passed(hours, state):
    assert look([entry(hours)]).state == state


def test_in_january_nobody_is_behind():
    assert look(on=date(2026, 1, 31)).state == ON_COURSE
    assert look(on=date(2026, 2, 1)).state == AT_RISK


def test_a_confirmed_class_that_will_meet_it_puts_on_course_and_one_that_will_not_does_not():
    coming = entry("40", "5", date(2026, 10, 16), number=-1)
    enough = look([entry("50", "5")], [coming])
    assert enough.state == ON_COURSE and enough.later.met and enough.expected_hours == 40
    assert gap_of(enough).closing == "已确认的班次结班后可达标（预计 5 天，40 学时）"
    assert look([entry("49", "5")], [coming]).state == AT_RISK


def test_a_class_of_next_year_does_not_help_this_year():
    assert look([entry("50", "5")], [entry("40", "5", date(2027, 1, 4), number=-1)]).state == AT_RISK


@pytest.mark.parametrize(("day", "state"), [(date(2026, 12, 28), AT_RISK), (date(2026, 12, 29), SHORT)])
def test_short_is_when_the_days_left_are_too_few(day, state):
    """66 of 90 hours and 9 of 12 days: three days of class are missing."""
    assert look([entry("66", "9")], on=day).state == state


def test_the_last_day_is_too_late_for_anything_that_is_missing():
    assert look([entry("89", "11.5")], on=date(2026, 12, 31)).state == SHORT
    assert look([entry("89", "12")], on=date(2026, 12, 31)).state == MET


def test_the_rolling_five_years_look_to_the_end_of_the_year_and_know_no_pace():
    one = look([entry("430", "63")], postings=SENIOR)
    assert (one.state, one.horizon, one.now) == (AT_RISK, date(2026, 12, 31), Lack(D(120), D(27)))
    assert gap_of(one).closing == "再参加 3 期 5 天班（共 120 学时）"


def test_what_is_met_today_and_will_fall_out_of_the_window_is_said():
    one = look([entry("550", "60", date(2021, 10, 1))], postings=SENIOR)
    assert one.state == MET and one.falls_out
    assert gap_of(one).closing == "较早的学时将移出近五年，到2026年12月31日还差 550 学时或 90 天"
    assert not look([entry("550", "60")], postings=SENIOR).falls_out


def test_while_the_year_after_a_promotion_runs_it_stands_for_the_five_years():
    promoted = [
        PostingValue("junior", True, date(2015, 1, 1), date(2026, 5, 31)),
        PostingValue("senior", True, date(2026, 6, 1), None),
    ]
    found = outlooks(
        entries=[], expected=[], postings=promoted, policy=POLICY, rates=RATES, on=date(2026, 9, 14)
    )  # fmt: skip
    assert [(one.result.window, one.horizon) for one in found] == [("from_promotion", date(2027, 6, 1))]


@pytest.mark.parametrize(
    ("hours", "days", "rates", "needed"),
    [
        ("40", "5", RATES, "5"), ("41", "6", RATES, "5.5"), ("44.5", "6", RATES, "6"), ("50", "2", RATES, "2"),
        ("1", "0.3", RATES, "0.5"), ("40", None, SIX, "7"), ("36", None, SIX, "6"), ("39", None, SIX, "6.5"),
        (None, "7", RATES, "7"),
    ],
)  # fmt: skip
def test_the_least_days_of_class_by_either_measure(hours, days, rates, needed):
    lack = Lack(D(hours) if hours else None, D(days) if days else None)
    assert class_days(lack, rates) == D(needed)


def test_words_name_days_and_from_five_on_classes():
    assert class_words(D("0.5"), RATES) == "再参加 0.5 天集中培训（4 学时）"
    assert class_words(D(3), RATES) == "再参加 3 天集中培训（24 学时）"
    assert class_words(D(5), RATES) == "再参加一期 5 天班（40 学时）"
    assert class_words(D("5.5"), RATES) == "再参加 2 期 5 天班（共 80 学时）"
    assert hours_in(D("2.5"), SIX) == 15


def test_online_hours_are_closed_by_lessons():
    one = look([entry("36", bucket="online")], bucket="online")
    assert closing("online", one.open, RATES) == (0, 14)
    assert gap_of(one).closing == "再学完约 14 个长课时的网络课程（14 学时）"


def test_a_cadre_is_as_the_worst_requirement_is():
    assert worst([MET, AT_RISK, ON_COURSE]) == AT_RISK and worst([]) == ""


@pytest.mark.parametrize(
    ("first", "found"),
    [
        (date(2026, 5, 11), [YearWorth(2026, D(5), D(40))]),
        (date(2026, 12, 29), [YearWorth(2026, D(3), D(24)), YearWorth(2027, D(2), D(16))]),
        (date(2026, 12, 31), [YearWorth(2026, D(1), D(8)), YearWorth(2027, D(4), D(32))]),
    ],
)
def test_a_class_over_new_year_is_split_by_the_day(first, found):
    assert class_worth(whole_days(first, 5), RATES) == found
