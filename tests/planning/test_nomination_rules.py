"""The life of a nomination, its way, and places in proportion: rules without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from planning.rules import nominating
from planning.rules.nominating import Audience, Span, Standing, Way, way_of, why_not_eligible
from planning.rules.quotas import shares

STATES = tuple(nominating.TRANSITIONS)


@pytest.mark.parametrize("state", STATES)
def test_every_event_leads_to_a_state_or_is_refused(state: str) -> None:
    for event in nominating.EVENTS:
        if nominating.may_happen(state, event):
            assert nominating.after(state, event) in STATES
        else:
            with pytest.raises(ValueError, match=event):
                nominating.after(state, event)


def test_states_are_named_in_groups_without_a_gap() -> None:
    assert set(STATES) == {*nominating.STANDING, *nominating.ENDED}
    assert nominating.states_for("give_up") == ("confirmed",)
    assert nominating.states_for("take_up") == ("refused",)


class Life(RuleBasedStateMachine):
    """Any sequence of events; what a nomination holds follows from its state alone."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.places, self.was = "reviewing", 0, ["reviewing"]

    @rule(data=st.data())
    def happen(self, data: st.DataObject) -> None:
        if not nominating.TRANSITIONS[self.state]:
            return
        event = data.draw(st.sampled_from(sorted(nominating.TRANSITIONS[self.state])))
        self.places += (event == "confirm") - (event == "give_up")
        self.state = nominating.after(self.state, event)
        self.was.append(self.state)

    @invariant()
    def a_place_is_held_exactly_while_confirmed(self) -> None:
        assert self.places == (self.state == "confirmed")

    @invariant()
    def nobody_comes_back_from_withdrawn_and_only_a_refusal_is_taken_up(self) -> None:
        for before, after in zip(self.was, self.was[1:], strict=False):
            assert before != "withdrawn"
            assert before != "refused" or after == "at_office"

    @invariant()
    def who_was_confirmed_never_waits_again(self) -> None:
        if "confirmed" in self.was:
            assert set(self.was[self.was.index("confirmed") + 1 :]) <= {"withdrawn"}


TestLife = Life.TestCase


@given(levels=st.integers(1, 6), top=st.integers(1, 6), staffed=st.sets(st.integers(1, 6)))
def test_the_way_begins_at_the_sender_and_ends_at_the_places(levels: int, top: int, staffed: set[int]) -> None:
    if top > levels:
        return
    sender, holder = "0001" * levels, "0001" * top
    own = {"0001" * level for level in staffed}
    way = way_of(sender, holder, own, stepwise=True, unit_confirms=False)
    assert way.units[0] == sender and way.units[-1] == holder and way.to_office
    assert len(way.units) <= 3 and len(set(way.units)) == len(way.units)
    assert all(longer.startswith(shorter) for longer, shorter in zip(way.units, way.units[1:], strict=False))
    assert all(path in own or path in (sender, holder) for path in way.units)


def test_straight_to_the_office_and_final_at_the_unit() -> None:
    far, near = "000100010001", "0001"
    assert way_of(far, near, [], stepwise=False, unit_confirms=False) == Way((far,), True)
    assert way_of(far, near, ["00010001"], stepwise=True, unit_confirms=True) == Way((far, "00010001", near), False)
    assert way_of(near, near, [], stepwise=True, unit_confirms=True) == Way((near,), False)


@given(places=st.integers(0, 300), eligible=st.lists(st.integers(0, 80), max_size=12))
def test_places_in_proportion_add_up_and_never_exceed_the_people(places: int, eligible: list[int]) -> None:
    weights = dict(enumerate(eligible))
    found = shares(places, weights)
    assert sum(found.values()) == min(places, sum(eligible))
    assert all(0 <= found[unit] <= weights[unit] for unit in weights)
    assert all(found[a] >= found[b] for a in weights for b in weights if weights[a] > weights[b])


def test_places_in_proportion_by_the_largest_remainder() -> None:
    assert shares(10, {1: 50, 2: 30, 3: 20}) == {1: 5, 2: 3, 3: 2}
    assert shares(7, {1: 10, 2: 10, 3: 10}) == {1: 3, 2: 2, 3: 2}
    assert shares(5, {1: 1, 2: 100}) == {1: 0, 2: 5}
    assert shares(3, {}) == {}


def test_who_may_be_named() -> None:
    senior = Audience(regime="senior")
    assert why_not_eligible(senior, Standing("county_head", "")) == ""
    assert why_not_eligible(senior, Standing("", "researcher_4")) == ""
    assert "不在对象范围内" in why_not_eligible(senior, Standing("township_head", "principal_1"))
    assert "没有现任职务" in why_not_eligible(senior, Standing(known=False))
    assert why_not_eligible(Audience(), Standing(known=False)) == ""
    assert "县处级正职" in why_not_eligible(Audience(levels=("county_head",)), Standing("county_deputy", ""))


def test_classes_meet_on_a_single_day_and_not_on_the_next() -> None:
    mine = Span("甲班", date(2026, 10, 12), date(2026, 10, 16))
    assert nominating.clash_words(mine, [Span("乙班", date(2026, 10, 16), date(2026, 10, 20))], named=False)
    assert not nominating.clash_words(mine, [Span("乙班", date(2026, 10, 17), date(2026, 10, 20))], named=False)
