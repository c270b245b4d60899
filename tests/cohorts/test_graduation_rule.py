"""Every condition of graduation with its sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from cohorts.rules.graduation import Condition, MemberStanding, Node, decide, granted, missing

GOOD = MemberStanding(
    registered_on=date(2026, 11, 23),
    leave_hours=Decimal(4),
    total_hours=Decimal(40),
    half_days=10,
    attended=9,
    on_leave=1,
    requirements=(Node("requirement:1", "课程《数字政府》", True, "11月25日完成"),),
)


def by_key(standing: MemberStanding) -> dict[str, Condition]:
    return {c.key: c for c in decide(standing)}


def test_all_met_graduates() -> None:
    conditions = decide(GOOD)
    assert [c.label for c in conditions] == ["报到", "未退学", "请假", "考勤", "纪律", "课程《数字政府》"]
    assert granted(conditions) and missing(conditions) == []
    assert conditions[0].detail == "2026年11月23日报到"
    assert conditions[2].detail == "累计请假 4 学时 ÷ 总学时 40 学时，未超过七分之一（5.71 学时）"


def test_each_condition_alone_stops_graduation() -> None:
    cases = {
        "registered": replace(GOOD, registered_on=None),
        "not_withdrawn": replace(GOOD, withdrawn_on=date(2026, 11, 24), withdrawal_reason="身体原因"),
        "leave": replace(GOOD, leave_hours=Decimal(8)),
        "attendance": replace(GOOD, not_recorded=1),
        "discipline": replace(GOOD, open_discipline=("9月14日上午旷课（待核实）",)),
        "requirement:1": replace(GOOD, requirements=(Node("requirement:1", "考试", False, "48 分"),)),
    }
    for key, standing in cases.items():
        assert [c.key for c in decide(standing) if not c.met] == [key]
        assert not granted(decide(standing))


def test_waiver_meets_the_leave_condition_and_the_sum_stays_visible() -> None:
    leave = by_key(replace(GOOD, leave_hours=Decimal(8), waiver_no="领院〔2026〕12号"))["leave"]
    assert leave.met and leave.waived
    assert "超过七分之一" in leave.detail and "领院〔2026〕12号" in leave.detail


def test_a_waiver_number_without_need_waives_nothing() -> None:
    assert not by_key(replace(GOOD, waiver_no="领院〔2026〕12号"))["leave"].waived


def test_absence_is_shown_and_does_not_block() -> None:
    attendance = by_key(replace(GOOD, attended=8, absent=1))["attendance"]
    assert attendance.met and "旷课 1（旷课另按纪律规定处理）" in attendance.detail


def test_n_of_needs_its_number_and_names_what_is_there() -> None:
    parts = tuple(Node(f"requirement:{n}", f"任务{n}", n == 1, "") for n in (1, 2, 3))
    two = Node("requirement:9", "实践任务", need=2, parts=parts, is_group=True)
    condition = by_key(replace(GOOD, requirements=(two,)))["requirement:9"]
    assert not condition.met and condition.detail == "3 项中至少 2 项，已满足 1 项（任务1）"
    assert by_key(replace(GOOD, requirements=(replace(two, need=1),)))["requirement:9"].met


def test_all_groups_are_spelled_out_leaf_by_leaf() -> None:
    group = Node("requirement:9", "全部", parts=(Node("a", "甲", True), Node("b", "乙", False)), is_group=True)
    assert [c.key for c in decide(replace(GOOD, requirements=(group,)))][-2:] == ["a", "b"]


def test_condition_as_data() -> None:
    assert decide(GOOD)[1].as_json() == {
        "key": "not_withdrawn",
        "label": "未退学",
        "met": True,
        "detail": "没有退学记录",
        "waived": False,
    }
