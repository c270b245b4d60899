"""Caps of a calendar year and surplus carried over: the lines stay, what counts is reckoned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from records.rules.compliance import EntryValue, LineValue, PolicyValue, PostingValue, assess
from records.rules.counting import Amount, Cap, CarryRule, Counted, carried_into, counted

JUNIOR = [PostingValue("junior", True, date(2015, 1, 1), None)]
YEAR = LineValue("junior", "central", "year", D(90), D(12), None, D(30), "V")
FIVE = LineValue("senior", "central", "rolling_5", D(550), None, D(3), D(30), "V")
GROUP = Cap("central", "", "centre_group", D(20))


def entry(number, hours, on, *, days="0", mode="off_job", category="in_service", bucket="central"):
    return EntryValue(number, bucket, D(days), D(hours), on, "班", category, mode)


def policy(*lines, caps=(), carry_from=None):
    return PolicyValue(1, None, None, lines or (YEAR,), tuple(caps), carry_from)


def moved(before, after, day, *, leading=True):
    """Postings of somebody whose regime changed on a day."""
    last = date.fromordinal(day.toordinal() - 1)
    return [PostingValue(before, True, date(2015, 1, 1), last), PostingValue(after, leading, day, None)]


def year_of(year, entries, under, postings=JUNIOR):
    return assess(entries=entries, postings=postings, policy=under, on=date(year, 12, 31))[0]


def test_without_caps_every_line_counts_whole():
    lines = [entry(1, "40", date(2026, 3, 1)), entry(2, "8", date(2026, 4, 1))]
    assert counted(lines, []) == [Counted(line, line.days, line.hours) for line in lines]


def test_a_cap_cuts_the_line_that_crosses_it_and_says_so():
    lines = [
        entry(1, "12", date(2026, 3, 1), mode="centre_group"),
        entry(2, "16", date(2026, 5, 1), mode="centre_group"),
    ]
    first, second = counted(lines, [GROUP])
    assert (first.hours, first.cap) == (12, None)
    assert (second.hours, second.cut_hours, second.cap) == (8, 8, GROUP)
    assert second.entry.hours == 16


def test_the_earlier_day_goes_first_whatever_was_registered_first():
    lines = [
        entry(9, "16", date(2026, 5, 1), mode="centre_group"),
        entry(10, "12", date(2026, 3, 1), mode="centre_group"),
    ]
    assert [(c.entry.id, c.hours) for c in counted(lines, [GROUP])] == [(10, 12), (9, 8)]


def test_a_cap_is_of_one_calendar_year_and_of_its_kind_alone():
    lines = [
        entry(1, "20", date(2025, 12, 31), mode="centre_group"),
        entry(2, "20", date(2026, 1, 1), mode="centre_group"),
        entry(3, "40", date(2026, 2, 1)),
        entry(4, "30", date(2026, 2, 1), mode="centre_group", bucket="online"),
    ]
    assert [c.hours for c in counted(lines, [GROUP])] == [20, 20, 40, 30]


@pytest.mark.parametrize(("max_days", "days"), [(None, D(4)), (D(2), D(2)), (D(0), D(0))])
def test_days_are_cut_only_where_the_cap_names_them(max_days, days):
    cap = replace(GROUP, max_days=max_days)
    assert counted([entry(1, "32", date(2026, 3, 1), days="4", mode="centre_group")], [cap])[0].days == days


def test_of_two_caps_the_stricter_decides_and_both_are_used_up():
    caps = [GROUP, Cap("central", "in_service", "", D(30))]
    lines = [entry(1, "25", date(2026, 3, 1), mode="centre_group"), entry(2, "25", date(2026, 4, 1))]
    assert [c.hours for c in counted(lines, caps)] == [20, 10]


def test_a_capped_line_no_longer_meets_the_requirement_and_the_line_itself_is_untouched():
    lines = [entry(1, "90", date(2026, 3, 1), mode="centre_group")]
    assert year_of(2026, lines, policy()).met
    capped = year_of(2026, lines, policy(caps=[GROUP]))
    assert not capped.met and capped.measures[0].reached == 20 and capped.lines[0].entry.hours == 90


# Carry-over.

CARRY = replace(YEAR, carry_years=2)


def test_surplus_is_not_carried_unless_the_policy_says_so():
    lines = [entry(1, "160", date(2025, 3, 1), days="20")]
    assert year_of(2026, lines, policy(YEAR)).carried == ()
    assert year_of(2026, lines, policy(CARRY)).carried == ()  # no first year named
    assert year_of(2026, lines, policy(replace(YEAR, carry_years=0), carry_from=2025)).carried == ()


def test_a_year_takes_what_it_lacks_from_the_year_before_and_says_from_when_until_when():
    lines = [entry(1, "160", date(2025, 3, 1), days="20"), entry(2, "40", date(2026, 3, 1), days="5")]
    found = year_of(2026, lines, policy(CARRY, carry_from=2025))
    (carried,) = found.carried
    assert (carried.from_year, carried.until, carried.hours, carried.days) == (2025, date(2027, 12, 31), 50, 7)
    assert found.met and found.hours == 90 and found.trace == (2,)


def test_surplus_expires_on_the_last_day_of_its_last_year():
    lines = [entry(1, "130", date(2024, 3, 1), days="12")]
    under = policy(CARRY, carry_from=2024)
    assert [year_of(year, lines, under).hours for year in (2025, 2026, 2027)] == [40, 0, 0]
    untouched = [*lines, entry(2, "90", date(2025, 3, 1), days="12")]
    assert [year_of(year, untouched, under).hours for year in (2026, 2027)] == [40, 0]


def test_a_year_that_is_met_by_itself_leaves_the_surplus_to_the_next():
    lines = [
        entry(1, "130", date(2024, 3, 1), days="12"),
        entry(2, "84", date(2025, 3, 1), days="12"),  # met by days, 6 hours short
        entry(3, "60", date(2026, 3, 1), days="7"),
    ]
    found = year_of(2026, lines, policy(CARRY, carry_from=2024))
    assert found.met and [(c.from_year, c.hours) for c in found.carried] == [(2024, 30)]


def test_the_oldest_surplus_goes_first():
    own = {2024: Amount(D(12), D(100)), 2025: Amount(D(12), D(110)), 2026: Amount(D(0), D(70))}
    rule = CarryRule(2024, 2, Amount(D(12), D(90)))
    assert [(c.from_year, c.hours) for c in carried_into(2026, own, rule, lambda year: True)] == [
        (2024, 10),
        (2025, 10),
    ]


def test_surplus_of_the_years_before_the_first_is_not_carried():
    lines = [entry(1, "160", date(2024, 3, 1))]
    assert year_of(2025, lines, policy(CARRY, carry_from=2025)).carried == ()


def test_what_a_cap_cut_off_is_not_carried():
    lines = [entry(1, "100", date(2025, 3, 1)), entry(2, "60", date(2025, 5, 1), mode="centre_group")]
    free = year_of(2026, lines, policy(CARRY, carry_from=2025))
    assert free.hours == 70
    assert year_of(2026, lines, policy(CARRY, carry_from=2025, caps=[GROUP])).hours == 30


def test_a_senior_year_has_no_surplus_of_the_yearly_requirement():
    postings = moved("senior", "junior", date(2026, 1, 1), leading=True)
    lines = [entry(1, "160", date(2025, 3, 1), days="20")]
    assert year_of(2026, lines, policy(CARRY, carry_from=2024), postings).carried == ()


# A regime that changes within the year.


def test_a_promotion_by_rank_alone_shows_both_regimes_and_no_year_of_grace():
    postings = moved("junior", "senior", date(2026, 6, 1), leading=False)
    found = assess(entries=[], postings=postings, policy=policy(YEAR, FIVE), on=date(2026, 11, 20))
    assert [(r.regime, r.window, r.applies_to) for r in found] == [
        ("junior", "year", date(2026, 5, 31)), ("senior", "rolling_5", None),
    ]  # fmt: skip


@pytest.mark.parametrize(("on", "stands"), [(date(2027, 6, 1), True), (date(2027, 6, 2), False)])
def test_the_year_after_a_promotion_ends_with_its_last_day(on, stands):
    postings = moved("junior", "senior", date(2026, 6, 1), leading=True)
    line = replace(FIVE, window="from_promotion")
    found = assess(entries=[], postings=postings, policy=policy(FIVE, line), on=on)
    assert ("from_promotion" in [r.window for r in found]) is stands


def test_whoever_met_it_on_the_day_of_promotion_by_the_last_hour_has_no_year_to_run():
    postings = moved("junior", "senior", date(2026, 6, 1), leading=True)
    line = replace(FIVE, window="from_promotion")
    for hours, runs in (("549", True), ("550", False)):
        lines = [entry(1, hours, date(2026, 6, 1))]
        found = assess(entries=lines, postings=postings, policy=policy(line), on=date(2026, 9, 1))
        assert bool(found) is runs


def test_the_plan_window_counts_its_first_and_its_last_day():
    line = LineValue("junior", "basic", "plan", D(240), None, None, D(30), "V2")
    under = PolicyValue(1, date(2023, 1, 1), date(2027, 12, 31), (line,))
    days = (date(2022, 12, 31), date(2023, 1, 1), date(2027, 12, 31), date(2028, 1, 1))
    lines = [entry(n, "10", day, bucket="basic") for n, day in enumerate(days)]
    (found,) = assess(entries=lines, postings=JUNIOR, policy=under, on=date(2027, 12, 31))
    assert found.trace == (1, 2)
