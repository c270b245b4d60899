"""Days and hours of a member by the hour rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cohorts.rules.halfdays import HalfDay
from cohorts.rules.hours import Credit, Factors, credits, totals

D = Decimal
EIGHT_FOUR = Factors(D(8), D(4))
DAYS = [date(2026, 11, d) for d in range(23, 28)]
WEEK = {HalfDay(day, half): D(4) for day in DAYS for half in ("am", "pm")}


def everywhere(status: str) -> dict[HalfDay, str]:
    return dict.fromkeys(WEEK, status)


def test_five_full_days_are_forty_hours() -> None:
    assert credits(everywhere("present"), WEEK, EIGHT_FOUR) == [Credit(2026, D(5), D(40), date(2026, 11, 27))]


def test_late_and_left_early_count_leave_and_absence_do_not() -> None:
    for status in ("late", "left_early"):
        assert totals(credits(everywhere(status), WEEK, EIGHT_FOUR)) == (5, 40)
    for status in ("on_leave", "absent"):
        assert credits(everywhere(status), WEEK, EIGHT_FOUR) == []


def test_not_recorded_is_not_attended() -> None:
    statuses = {HalfDay(DAYS[0], "am"): "present"}
    assert credits(statuses, WEEK, EIGHT_FOUR) == [Credit(2026, D("0.5"), D(4), DAYS[0])]


def test_year_end_splits_by_date() -> None:
    table = {HalfDay(d, h): D(4) for d in (date(2026, 12, 31), date(2027, 1, 4)) for h in ("am", "pm")}
    lines = credits(dict.fromkeys(table, "present"), table, EIGHT_FOUR)
    assert lines == [
        Credit(2026, D(1), D(8), date(2026, 12, 31)),
        Credit(2027, D(1), D(8), date(2027, 1, 4)),
    ]


def test_half_day_without_hours_earns_nothing() -> None:
    table = {**WEEK, HalfDay(date(2026, 11, 22), "pm"): D(0)}
    assert totals(credits(dict.fromkeys(table, "present"), table, EIGHT_FOUR)) == (5, 40)


def test_another_rule_gives_other_hours_and_a_short_half_day_counts_what_it_holds() -> None:
    assert totals(credits(everywhere("present"), WEEK, Factors(D(6), D(3)))) == (5, 30)
    short = {HalfDay(DAYS[0], "am"): D(2)}
    assert totals(credits({HalfDay(DAYS[0], "am"): "late"}, short, EIGHT_FOUR)) == (D("0.5"), 2)
