"""The rules of plans as pure functions: limits of cost, dates, overlaps, the year's grid, needs. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.workdays import is_workday
from planning.rules import costs
from planning.rules import year as plan_year
from planning.rules.checks import Facts, refusals, warnings, workdays_within
from planning.rules.needs import LEAST, PersonNeed, classes_needed, count_needs, level_of
from planning.rules.overlaps import Span, crowded, days_words, over_holidays, same_venue, troubles
from planning.rules.shifting import free_week, mondays, same_weekday, to_year, workdays_before

STANDARDS = [
    costs.StandardValue(1, "定额", date(2020, 1, 1), {"first": Decimal(760), "third": Decimal(550)}),
    costs.StandardValue(2, "定额", date(2027, 1, 1), {"first": Decimal(800), "third": Decimal("580.50")}),
]
OCTOBER = {date(2027, 10, day): False for day in (1, 4, 5, 6, 7)} | {date(2027, 10, 9): True}


def limit(day: date = date(2026, 3, 2), **more: object) -> costs.Limit:
    facts = {"places": 50, "days": Decimal(5), "fee_class": "third", "budget": Decimal(0), **more}
    return costs.limit_of(on=day, standards=STANDARDS, **facts)


# Cost.


@pytest.mark.parametrize(
    ("places", "days", "fee_class", "day", "sum_"),
    [
        (50, "5", "third", date(2026, 3, 2), "137500"),
        (1, "0.5", "first", date(2026, 3, 2), "380"),
        (30, "4.5", "third", date(2027, 1, 1), "78367.5"),
        (30, "4.5", "third", date(2026, 12, 31), "74250"),
    ],
)
def test_the_limit_is_people_by_days_by_the_standard_of_the_first_day(places, days, fee_class, day, sum_):
    found = limit(day, places=places, days=Decimal(days), fee_class=fee_class)
    assert found.limit == Decimal(sum_)


def test_exactly_the_limit_is_within_and_a_cent_more_is_not():
    assert not limit(budget=Decimal("137500.00")).is_over
    assert limit(budget=Decimal("137500.01")).over_by == Decimal("0.01")


def test_without_a_standard_there_is_no_limit_and_nothing_is_over():
    for found in (limit(date(2019, 12, 31), budget=Decimal(10**9)), limit(fee_class="second", budget=Decimal(10**9))):
        assert found.limit is None and not found.is_over


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no defect
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["first", "third", "second"]), st.integers(1, 999), st.integers(1, 200),
            st.decimals(0, 10**7, places=2),
        )
    )
)  # fmt: skip
def test_sums_of_a_plan_are_the_sums_of_its_classes(rows):
    limits = [(fee, limit(places=n, days=Decimal(half) / 2, fee_class=fee, budget=b)) for fee, n, half, b in rows]
    found = costs.sums(limits)
    assert found.whole.classes == len(rows)
    assert found.whole.budget == sum((b for *_x, b in rows), Decimal(0))
    assert found.whole.limit == sum((one.limit or 0 for _fee, one in limits), Decimal(0))
    assert sum(one.budget for one in found.by_fee_class.values()) == found.whole.budget


def test_budget_of_last_year_keeps_its_share_of_the_limit():
    assert costs.carried(Decimal(100_000), Decimal(137_500), Decimal(150_000)) == Decimal("109090.91")
    assert costs.carried(Decimal(100_000), None, Decimal(150_000)) == Decimal(100_000)


# Dates and hours.


def facts(**more: object) -> Facts:
    given_ = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 5), "days": Decimal(5), "hours": Decimal(40)}
    return Facts(**{**given_, **more})


def test_a_class_that_fits_has_neither_refusals_nor_warnings():
    assert refusals(facts(), 2027) == [] and warnings(facts(), {}, Decimal(8)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts_on": date(2026, 12, 31)}, "不在2027年"),
        ({"ends_on": date(2027, 2, 28)}, "不能早于"),
        ({"days": Decimal(0)}, "大于 0"),
        ({"ends_on": date(9999, 12, 31)}, "不能超过一年"),
    ],
)
def test_what_cannot_stand_is_refused_in_words(change, words):
    assert words in "".join(refusals(facts(**change), 2027))


def test_hours_beside_the_rule_are_a_warning_with_the_sum():
    (said,) = warnings(facts(hours=Decimal(36)), {}, Decimal(8))
    assert said == "按学时规则每天 8 学时，5 天为 40 学时，现填 36 学时。"


def test_days_of_rest_and_missing_working_days_are_named():
    said = warnings(facts(starts_on=date(2027, 10, 4), ends_on=date(2027, 10, 9)), OCTOBER, Decimal(8))
    assert said == ["开班日期2027年10月4日是休息日。", "计划 5 天，起止日期之间只有 2 个工作日。"]


# Another year.


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(2021, 2031))
def test_the_same_weekday_lies_in_the_year_and_near(day, year):
    found = same_weekday(day, year)
    assert found.year == year and found.weekday() == day.weekday()
    aim = date(year, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    assert abs((found - aim).days) <= 7


@given(st.dates(date(2026, 1, 1), date(2026, 12, 25)), st.integers(0, 20), st.sets(st.integers(0, 364), max_size=30))
def test_a_moved_class_begins_and_ends_on_working_days_and_is_as_long(day, length, off):
    """Whatever days of the new year are off."""
    exceptions = {date(2027, 1, 1) + timedelta(days=n): False for n in off}
    last = day + timedelta(days=length)
    moved = to_year(day, last, 2027, exceptions)
    assert moved.starts_on.year == 2027 and is_workday(moved.starts_on, exceptions)
    assert is_workday(moved.ends_on, exceptions)
    assert workdays_within(moved.starts_on, moved.ends_on, exceptions) == max(workdays_within(day, last, exceptions), 1)


def test_a_class_of_the_national_holiday_is_put_off():
    moved = to_year(date(2026, 9, 28), date(2026, 10, 2), 2027, OCTOBER)
    assert (moved.starts_on, moved.was_put_off) == (date(2027, 9, 27), False)
    assert moved.ends_on == date(2027, 10, 8), "five working days, over the holiday"
    put_off = to_year(date(2026, 10, 5), date(2026, 10, 9), 2027, OCTOBER)
    assert put_off.aimed == date(2027, 10, 4) and put_off.starts_on == date(2027, 10, 8)


def test_ten_working_days_before_count_holidays_out():
    assert workdays_before(date(2027, 10, 11), 2, OCTOBER) == date(2027, 10, 8)
    assert workdays_before(date(2027, 10, 11), 3, OCTOBER) == date(2027, 9, 30)


def test_the_freest_whole_week_is_chosen():
    weeks = mondays(date(2027, 9, 28), date(2027, 10, 31))
    assert weeks == [date(2027, 10, day) for day in (4, 11, 18, 25)]
    busy = [(date(2027, 10, 11), date(2027, 10, 15))]
    assert free_week(weeks, busy, OCTOBER, 5) == date(2027, 10, 18)
    assert free_week(weeks[:1], [], OCTOBER, 5) is None


# Overlaps.


def span(key: str, first: int, last: int, venue: str = "", who: str = "") -> Span:
    return Span(key, f"班{key}", date(2027, 10, first), date(2027, 10, last), venue, frozenset(filter(None, [who])))


def test_one_room_twice_is_named_with_the_days():
    found = same_venue([span("a", 1, 5, "101"), span("b", 5, 8, "101 "), span("c", 6, 8, "102")])
    assert [one.sentence for one in found] == ["2027年10月5日，“班a”和“班b”同在101。"]
    assert same_venue([span("a", 1, 4, "101"), span("b", 5, 8, "101")]) == []


def test_more_classes_for_one_audience_than_allowed_are_named():
    spans = [span(key, 1, 5, who="处级") for key in "abc"] + [span("d", 3, 8, who="处级"), span("e", 3, 8, who="科级")]
    (found,) = crowded(spans, 3)
    assert found.sentence.startswith("2027年10月3日—10月5日，同时有 4 个班面向处级：")
    assert found.keys == {"a", "b", "c", "d"} and crowded(spans, 4) == []


def test_a_class_over_named_days_off_is_named_once():
    (found,) = over_holidays([span("a", 1, 8)], {date(2027, 10, n): "国庆节" for n in (1, 4)})
    assert found.sentence == "“班a”跨国庆节放假：2027年10月1日、2027年10月4日。"
    assert over_holidays([span("b", 8, 9)], {date(2027, 10, 7): "国庆节"}) == []


SPANS = st.builds(
    lambda n, first, length, venue: Span(
        str(n), str(n), date(2027, 1, 1) + timedelta(days=first), date(2027, 1, 1) + timedelta(days=first + length),
        venue, frozenset({"x"}),
    ),
    st.integers(), st.integers(0, 60), st.integers(0, 10), st.sampled_from(["", "甲", "乙"]),
)  # fmt: skip


@given(st.lists(SPANS, max_size=8, unique_by=lambda s: s.key), st.integers(1, 4))
def test_every_clash_is_found_and_nothing_else(spans, most):
    """Against counting day by day."""
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(80)]
    held = {day: [s for s in spans if s.starts_on <= day <= s.ends_on] for day in days}
    pairs = {
        frozenset({a.key, b.key}) for there in held.values() for a in there for b in there
        if a.key != b.key and a.venue and a.venue == b.venue
    }  # fmt: skip
    found = troubles(spans, {}, most)
    assert {one.keys for one in found if one.kind == "venue"} == pairs
    crowds = {frozenset(s.key for s in there) for there in held.values() if len(there) > most}
    assert {one.keys for one in found if one.kind == "audience"} == crowds


def test_days_are_written_with_the_year_once():
    assert days_words(date(2027, 3, 1), date(2027, 3, 5)) == "2027年3月1日—3月5日"
    assert days_words(date(2027, 12, 30), date(2028, 1, 3)) == "2027年12月30日—2028年1月3日"


# The grid.


def test_bars_lie_at_their_days_and_holidays_are_one_box():
    event = plan_year.Event("a", "班", date(2027, 1, 1), date(2027, 1, 5), "draft", "班")
    days = {day: (worked, "国庆节") for day, worked in OCTOBER.items()}
    drawn = plan_year.grid(2027, [event], days, date(2027, 1, 1))
    assert (drawn.bars[0].x, drawn.bars[0].width) == (plan_year.NAMES, 5 * plan_year.DAY)
    assert [box.width for box in drawn.rest] == [7 * plan_year.DAY], "1 to 7 October, the weekend included"
    assert [box.width for box in drawn.extra] == [plan_year.DAY]
    assert len(drawn.months) == 12 and drawn.months[-1].x + drawn.months[-1].width == drawn.width


@given(st.dates(date(2026, 6, 1), date(2028, 6, 1)), st.integers(0, 400))
def test_no_bar_leaves_the_year(first, length):
    event = plan_year.Event("a", "班", first, first + timedelta(days=length), "draft", "班")
    (bar,) = plan_year.grid(2027, [event], {}, first).bars
    assert bar.x >= plan_year.NAMES and bar.width >= plan_year.LEAST_BAR
    assert bar.x + bar.width <= plan_year.NAMES + 365 * plan_year.DAY + plan_year.LEAST_BAR


# Needs.


def person(regime: str = "senior", *, short: bool = False, gap: bool = False, known: bool = True) -> PersonNeed:
    return PersonNeed(regime, short, frozenset({"law"} if gap else ()), frozenset({"law"} if known else ()))


def needs(people: list[PersonNeed]) -> dict[tuple[str, str], object]:
    return {(one.basis, one.theme): one for one in count_needs(people, ["senior"], ["law"])}


def test_statutory_figures_count_everybody_and_are_never_silent():
    found = needs([person(short=True), person()])
    assert (found["statute", ""].people, found["statute", ""].suppressed) == (1, False)


def test_a_known_room_is_found_in_other_words_and_places_outside_by_theirs():
    day = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 5)}
    spans = [
        Span(str(n), f"班{n}", venue=venue, **day) for n, venue in enumerate(["干部学院（三楼报告厅）", "三楼 报告厅"])
    ]
    assert same_venue(spans) == []
    (trouble,) = same_venue(spans, ["报告厅", "三楼报告厅"])
    assert trouble.sentence.endswith("同在三楼报告厅。")
    outside = [Span(str(n), f"班{n}", venue=venue, **day) for n, venue in enumerate(["浙江大学 ", "浙江大学", "浙江"])]
    assert len(same_venue(outside, ["三楼报告厅"])) == 1


@pytest.mark.parametrize(("gaps", "known", "silent"), [(5, 5, False), (4, 9, True), (0, 5, False), (3, 4, True)])
def test_figures_of_competency_below_five_are_silent(gaps, known, silent):
    people = [person(gap=True) for _ in range(gaps)] + [person() for _ in range(known - gaps)]
    found = needs([*people, *[person(known=False, gap=True)] * 9])["competency", "law"]
    assert found.suppressed is silent
    assert (found.people, found.known) == ((0, 0) if silent else (gaps, known))
    assert LEAST == 5


def by_level(counts: dict[str, tuple[int, int]]) -> dict[str, tuple[int, bool]]:
    """Post → people in need of those who can be judged, as shown and whether hidden."""
    people = [
        replace(person(gap=n < short), level=level) for level, (short, judged) in counts.items() for n in range(judged)
    ]
    found = [one for one in count_needs(people, ["senior"], ["law"], list(counts)) if one.level and one.theme]
    return {one.level: (one.people, one.suppressed) for one in found}


def test_needs_are_counted_by_post_and_rank_of_those_who_hold_it():
    people = [replace(person(short=True), level="county_head"), replace(person(), level="county_deputy")]
    levels = ["bureau_head", "county_head", "county_deputy"]
    found = count_needs(people, ["senior"], [], levels)
    assert [(one.level, one.known, one.people) for one in found] == [
        ("", 2, 1), ("county_head", 1, 1), ("county_deputy", 1, 0),
    ]  # fmt: skip


def test_a_hidden_figure_cannot_be_told_from_the_total():
    alone = by_level({"county_head": (3, 9), "county_deputy": (8, 20), "bureau_head": (6, 6)})
    assert alone == {"county_head": (0, True), "county_deputy": (8, False), "bureau_head": (0, True)}
    enough = by_level({"county_head": (3, 9), "bureau_head": (4, 9), "county_deputy": (8, 20)})
    assert enough["county_deputy"] == (8, False), "seven of two posts: neither can be told"
    assert by_level({"county_head": (6, 9), "county_deputy": (8, 20)}) == {
        "county_head": (6, False), "county_deputy": (8, False),
    }  # fmt: skip


def test_the_row_of_a_cadre_is_the_post_or_the_rank_that_decides_the_regime():
    assert level_of("township_head", "principal_1", "junior") == "township_head"
    assert level_of("township_head", "researcher_4", "senior") == "researcher_4"
    assert level_of("", "clerk_1", "junior") == "clerk_1"
    assert level_of("", "", "junior") == "other"


@given(st.integers(0, 999), st.integers(0, 999), st.integers(1, 99))
def test_classes_close_the_gap_and_no_class_is_too_many(people, planned, size):
    n = classes_needed(people, planned, size)
    assert planned + n * size >= people
    assert n == 0 or planned + (n - 1) * size < people
