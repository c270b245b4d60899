"""Clashes, hours of parallel groups, differences between publications, shares: rules on values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.rules.clashes import Booking, clashes
from cohorts.rules.halfdays import HalfDay, parallel_hours, timetable_hours
from cohorts.rules.ratios import Share, shares
from cohorts.rules.schedule import Entry, differences, entry_of, fingerprint, for_group, moved_times

DAY = date(2026, 11, 24)
ONE = Booking(1, "甲班", "数据共享", time(9), time(12), "报告厅", 7, "欧阳文静")


def entry(key: int = 1, **changes: Any) -> Entry:
    values = {
        "key": key, "title": "数据共享", "kind": "lecture", "day": DAY, "half": "am", "starts_at": time(9),
        "ends_at": time(12), "room": "三楼报告厅", "lecturer": 7, "hours": Decimal(4), "lecturer_name": "欧阳文静",
    }  # fmt: skip
    return Entry(**{**values, **changes})


def booking(**changes: Any) -> Booking:
    """Another entry at the same time: of another class, in another room, with nobody."""
    free = {"cohort": 2, "class_title": "乙班", "title": "法治", "room": "", "lecturer": None, "lecturer_name": ""}
    return replace(ONE, **{**free, **changes})


def test_room_lecturer_and_class_each_clash_and_nothing_else_does() -> None:
    assert clashes(booking(), [ONE]) == []
    assert clashes(booking(room="报告厅"), [ONE]) == ["报告厅 09:00至12:00已安排“甲班”的《数据共享》"]
    assert clashes(booking(lecturer=7), [ONE]) == ["欧阳文静 09:00至12:00已在“甲班”讲授《数据共享》"]
    assert clashes(booking(cohort=1), [ONE]) == ["本班 09:00至12:00已排《数据共享》"]
    assert clashes(booking(cohort=1, starts_at=time(12), ends_at=time(13)), [ONE]) == [], "one begins as the other ends"


@pytest.mark.parametrize(
    ("mine", "theirs", "who"),
    [((1,), (2,), ""), ((1, 2), (2, 3), "第2组"), ((1,), (), "第1组"), ((), (3,), "第3组")],
)
def test_groups_of_one_class_clash_only_where_they_meet(mine: tuple, theirs: tuple, who: str) -> None:
    found = clashes(booking(cohort=1, tracks=frozenset(mine)), [replace(ONE, tracks=frozenset(theirs))])
    assert found == ([f"{who} 09:00至12:00已排《数据共享》"] if who else [])


def test_groups_side_by_side_still_need_rooms_and_lecturers_of_their_own() -> None:
    first = replace(ONE, tracks=frozenset({1}))
    assert clashes(booking(cohort=1, tracks=frozenset({2}), room="报告厅"), [first])
    assert clashes(booking(cohort=1, tracks=frozenset({2}), lecturer=7), [first])


def test_parallel_groups_count_once_and_what_follows_is_added() -> None:
    half = [
        entry(1, hours=Decimal(2)),
        entry(2, hours=Decimal(2), tracks=frozenset({1})),
        entry(3, hours=Decimal("1.5"), tracks=frozenset({2})),
    ]
    assert parallel_hours(half) == 4
    assert timetable_hours([*half, entry(4, half="pm", hours=Decimal(3))]) == {
        HalfDay(DAY, "am"): Decimal(4), HalfDay(DAY, "pm"): Decimal(3)
    }  # fmt: skip
    one_after_the_other = [
        entry(1, hours=Decimal(2), tracks=frozenset({1})),
        entry(2, hours=Decimal(2), tracks=frozenset({2})),
    ]
    assert parallel_hours(one_after_the_other) == 2, "no member can attend more than two"


hours = st.decimals(0, 8, places=2)
tracked = st.lists(st.tuples(hours, st.frozensets(st.integers(1, 4))), max_size=6)


@given(tracked)
def test_hours_are_never_more_than_the_sum_nor_less_than_any_member_has(rows: list) -> None:
    entries = [entry(n, hours=h, tracks=groups) for n, (h, groups) in enumerate(rows)]
    total = parallel_hours(entries)
    assert total <= sum((e.hours for e in entries), Decimal(0))
    for group in range(1, 5):
        assert total >= sum((e.hours for e in entries if not e.tracks or group in e.tracks), Decimal(0))


def test_differences_are_sentences_without_names() -> None:
    before = [entry(1), entry(2, half="pm", title="法治"), entry(3, day=date(2026, 11, 25), title="听证")]
    after = [
        entry(1, room="二楼会议室"),
        entry(3, day=date(2026, 11, 26), title="听证", lecturer=8, lecturer_name="周启明"),
        entry(4, half="pm", starts_at=time(14), ends_at=time(17), title="舆情", room="", lecturer=None),
    ]
    assert differences(before, after) == [
        "11月24日上午《数据共享》由三楼报告厅改到二楼会议室",
        "取消11月24日下午《法治》",
        "增加11月24日下午《舆情》，14:00—17:00",
        "11月25日上午《听证》改到11月26日上午 09:00—12:00，更换授课教师",
    ]
    assert not any(name in "".join(differences(before, after)) for name in ("欧阳文静", "周启明"))
    assert differences(before, before) == []
    assert differences([], [entry(tracks=frozenset({1, 2}))]) == [
        "增加11月24日上午《数据共享》（第1组、第2组），09:00—12:00，三楼报告厅"
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts_at": time(8, 30)}, "时间由09:00—12:00改为08:30—12:00"),
        ({"room": ""}, "教室待定"),
        ({"lecturer": None}, "授课教师待定"),
        ({"tracks": frozenset({1, 2})}, "改为第1组、第2组上课"),
        ({"title": "共享清单"}, "内容改为《共享清单》"),
        ({"kind": "case"}, "上课形式有调整"),
        ({"hours": Decimal("3.5")}, "学时由4改为3.5"),
    ],
)
def test_each_kind_of_change_has_its_words(change: dict, words: str) -> None:
    assert differences([entry()], [entry(**change)]) == [f"11月24日上午《数据共享》{words}"]


def test_a_publication_keeps_everything_but_the_name() -> None:
    kept = entry(tracks=frozenset({2, 1})).as_data()
    assert "欧阳文静" not in str(kept) and kept["groups"] == [1, 2] and kept["hours"] == "4"
    assert entry_of(kept, {7: "欧阳文静"}) == entry(tracks=frozenset({1, 2}))
    assert entry_of(kept, {7: "欧阳文静"}).lecturer_name == "欧阳文静"


def test_the_mark_follows_every_change_and_no_order() -> None:
    rows = [entry(1), entry(2, half="pm", starts_at=time(14), ends_at=time(17))]
    assert fingerprint(rows) == fingerprint(rows[::-1])
    assert fingerprint(rows) != fingerprint([rows[0], replace(rows[1], room="二楼")])


def test_a_member_reads_the_class_and_the_own_group() -> None:
    rows = [entry(1), entry(2, tracks=frozenset({1})), entry(3, tracks=frozenset({2}))]
    assert [e.key for e in for_group(rows, 1)] == [1, 2]
    assert [e.key for e in for_group(rows, None)] == [1, 2, 3]


def test_a_moved_entry_keeps_its_length() -> None:
    assert moved_times(time(9, 15), time(11, 45), time(14)) == (time(14), time(16, 30))


def test_shares_by_label_the_largest_first() -> None:
    parts = [("讲授", Decimal(4)), ("研讨", Decimal("2.5")), ("讲授", Decimal(8)), ("仪式", Decimal(0))]
    assert shares(parts) == [
        Share("讲授", Decimal(12), Decimal("82.8")), Share("研讨", Decimal("2.5"), Decimal("17.2"))
    ]  # fmt: skip
    assert shares([("仪式", Decimal(0))]) == []
