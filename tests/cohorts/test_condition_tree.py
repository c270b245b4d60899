"""The tree of conditions: any shape of it, waivers in it, attendance as a part of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cohorts.rules.graduation import (
    MemberStanding,
    Node,
    Waiver,
    attendance_share,
    decide,
    evaluate,
    granted,
    least_attended,
    why_not_waivable,
)

DAY = date(2026, 9, 18)
GIVEN = Waiver("领院〔2026〕12号", "赵培", DAY)
KEYS = st.integers(1, 40).map(lambda n: f"requirement:{n}")
LEAVES = st.builds(Node, key=KEYS, label=KEYS, met=st.booleans(), detail=st.just("…"))


def _group(parts: list[Node]) -> st.SearchStrategy[Node]:
    needs = st.one_of(st.none(), st.integers(1, max(len(parts), 1)))
    return st.builds(
        Node, key=KEYS, label=KEYS, need=needs, parts=st.just(tuple(parts)), is_group=st.just(True)
    )  # fmt: skip


TREES = st.recursive(LEAVES, lambda below: st.lists(below, min_size=1, max_size=5).flatmap(_group), max_leaves=20)
FORESTS = st.lists(TREES, max_size=4).map(tuple)


def standing(nodes: tuple[Node, ...], waived: frozenset[str] = frozenset(), **more: object) -> MemberStanding:
    waivers = dict.fromkeys(waived, GIVEN)
    return MemberStanding(
        registered_on=DAY, leave_hours=Decimal(0), total_hours=Decimal(40), requirements=nodes, waivers=waivers, **more
    )


def by_hand(node: Node, waived: frozenset[str]) -> bool:
    """The meaning of the tree, written down a second time."""
    if node.key in waived and not (node.is_group and node.need is None):
        return True
    if not node.is_group:
        return node.met
    ok = sum(by_hand(part, waived) for part in node.parts)
    return ok >= (len(node.parts) if node.need is None else node.need)


@given(FORESTS, st.frozensets(KEYS, max_size=6))
def test_a_member_graduates_exactly_when_the_tree_is_met(nodes: tuple[Node, ...], waived: frozenset[str]) -> None:
    assert granted(decide(standing(nodes, waived))) == all(by_hand(node, waived) for node in nodes)


@given(FORESTS, st.frozensets(KEYS, max_size=6), KEYS)
def test_one_waiver_more_never_takes_anything_away(nodes: tuple[Node, ...], waived: frozenset[str], more: str) -> None:
    before = {c.key for c in decide(standing(nodes, waived)) if c.met}
    after = {c.key for c in decide(standing(nodes, waived | {more})) if c.met}
    assert before <= after


@given(FORESTS, st.frozensets(KEYS, max_size=6))
def test_every_condition_has_its_sentence_and_waived_means_not_met_by_itself(
    nodes: tuple[Node, ...], waived: frozenset[str]
) -> None:
    for condition in decide(standing(nodes, waived)):
        assert condition.detail
        if condition.waived:
            assert condition.met and condition.key in waived
            assert condition.detail.endswith("；赵培于2026年9月18日批准豁免（领院〔2026〕12号）")


def test_control_without_the_waiver_the_condition_is_missing() -> None:
    exam = Node("requirement:1", "考试《结业考试》", False, "48 分")
    assert granted(decide(standing((exam,), frozenset({"requirement:1"}))))
    assert not granted(decide(standing((exam,))))


def test_a_waived_part_counts_in_its_choice_and_is_named_so() -> None:
    parts = (Node("requirement:1", "甲", False), Node("requirement:2", "乙", True), Node("requirement:3", "丙", False))
    node = Node("requirement:9", "任选 2 项", need=2, parts=parts, is_group=True)
    assert evaluate(node) == (False, "3 项中至少 2 项，已满足 1 项（乙）")
    assert evaluate(node, {"requirement:1"}) == (True, "3 项中至少 2 项，已满足 2 项（甲（已豁免）、乙）")


@given(st.integers(1, 400), st.integers(0, 400), st.decimals("0.01", "100", places=2))
def test_the_share_of_attendance_is_exact(owed: int, here: int, share: Decimal) -> None:
    here = min(here, owed)
    met, words = attendance_share(owed, here, share)
    assert met == (Fraction(here * 100, owed) >= Fraction(share))
    assert f"至少到课 {least_attended(owed, share)} 个" in words


def test_a_third_is_not_rounded() -> None:
    assert attendance_share(3, 2, Decimal("66.67"))[0] is False
    assert attendance_share(3, 2, Decimal("66.66"))[0] is True
    assert attendance_share(7, 6, Decimal(80)) == (True, "应到 7 个半天，至少到课 6 个（80%），实际到课 6 个")
    assert attendance_share(0, 0, Decimal(80)) == (False, "尚无应到的半天")


def test_the_attendance_leaf_reads_the_members_half_days_wherever_it_stands() -> None:
    leaf = Node("requirement:1", "出勤率", share=Decimal(80))
    choice = Node("requirement:2", "任选 1 项", need=1, parts=(leaf, Node("requirement:3", "乙", False)), is_group=True)
    here = standing((choice,), half_days=10, attended=8)
    assert granted(decide(here))
    assert not granted(decide(standing((choice,), half_days=10, attended=7)))


def test_what_may_be_waived_is_said_by_key() -> None:
    assert why_not_waivable("requirement:7") == ""
    for key in ("registered", "not_withdrawn", "leave", "attendance", "discipline", "gibberish"):
        assert why_not_waivable(key).endswith("。")
