"""The state machine of a class."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cohorts.models import CohortState
from cohorts.rules import states

STATES = st.sampled_from(sorted(states.TRANSITIONS))


def test_table_knows_every_state_and_no_other() -> None:
    assert set(states.TRANSITIONS) == set(CohortState.values)
    assert {after for ways in states.TRANSITIONS.values() for after in ways} <= set(CohortState.values)


def test_the_way_through() -> None:
    way = ["planned", "nominating", "confirmed", "running", "closed", "archived"]
    assert all(states.may_follow(a, b) for a, b in pairwise(way))
    assert [states.next_step(s) for s in way] == [*way[1:], None]


def test_closing_and_its_undoing_are_not_ordinary_steps() -> None:
    assert states.may_follow("running", "closed") and not states.by_advance("running", "closed")
    assert states.may_follow("closed", "running") and not states.by_advance("closed", "running")
    assert states.by_advance("closed", "archived")


@given(STATES, STATES)
def test_no_step_outside_the_table_and_nothing_leaves_an_end(before: str, after: str) -> None:
    assert states.may_follow(before, after) is (after in states.TRANSITIONS[before])
    if before in ("archived", "cancelled"):
        assert not states.may_follow(before, after)


@given(st.lists(STATES, max_size=12))
def test_a_class_that_ran_can_never_be_cancelled(wishes: list[str]) -> None:
    state, ran = "planned", False
    for wish in wishes:
        if states.may_follow(state, wish):
            state = wish
        ran = ran or state == "running"
        assert not (ran and state == "cancelled")
