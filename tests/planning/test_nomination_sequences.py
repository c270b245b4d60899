"""Named, reviewed, confirmed, kept waiting, given up, replaced in any order: the counters are what the rows say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cohorts.models import Membership
from core import clock
from core.errors import DomainError
from people.models import User
from planning.models import CallUp, Nomination, NominationStep, Quota
from planning.services.nominations import nominate, replace_nominee, reply_to_refusal, withdraw_nomination
from planning.services.places import confirm, give_up_place, queue_many, refuse
from planning.services.reviewing import review, take_up_again
from tests.conftest import MOMENT
from tests.factories.planning_calls import Scene, cadres, call_up, scene

PEOPLE, PLACES = 4, 2
ACTS = (
    "name",
    "agree",
    "object",
    "confirm",
    "queue",
    "refuse",
    "withdraw",
    "give_up",
    "reply",
    "take_up",
    "replace",
)
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, PEOPLE - 1)), min_size=4, max_size=14)


class Walk:
    """A unit with two places in a class of two, and four people."""

    def __init__(self) -> None:
        self.where: Scene = scene()
        self.row: CallUp = call_up(self.where, places=PLACES, quotas={self.where.bureau: PLACES})
        self.people: list[User] = cadres(self.where.division, PEOPLE)

    def last(self, user: User) -> Nomination:
        found = Nomination.objects.filter(call_up=self.row, user=user).order_by("-pk").first()
        if found is None:
            raise DomainError("nobody")
        return found

    def take(self, act: str, who: int) -> Any:
        user, division = self.people[who], self.where.admins["division"]
        clerk, office, row = self.where.clerk, self.where.office, self.row
        other = self.people[(who + 1) % PEOPLE]
        ways: dict[str, Callable[[], Any]] = {
            "name": lambda: nominate(actor=division, call_up=row, user=user),
            "agree": lambda: review(actor=clerk, nomination=self.last(user), position=1, agree=True),
            "object": lambda: review(actor=clerk, nomination=self.last(user), position=1, agree=False, reason="不同意"),
            "confirm": lambda: confirm(actor=office, nomination=self.last(user)),
            "queue": lambda: queue_many(actor=office, call_up=row, nominations=[self.last(user)]),
            "refuse": lambda: refuse(actor=office, nomination=self.last(user), reason="不予确认"),
            "withdraw": lambda: withdraw_nomination(actor=division, nomination=self.last(user), reason="撤"),
            "give_up": lambda: give_up_place(actor=clerk, nomination=self.last(user), reason="不能来"),
            "reply": lambda: reply_to_refusal(actor=division, nomination=self.last(user), text="请再考虑"),
            "take_up": lambda: take_up_again(actor=office, nomination=self.last(user)),
            "replace": lambda: replace_nominee(actor=division, nomination=self.last(user), by=other, reason="换"),
        }
        return ways[act]()

    def holds(self, said: Any) -> None:
        row, quota = CallUp.objects.get(pk=self.row.pk), Quota.objects.get(call_up=self.row)
        rows = Nomination.objects.filter(call_up=row)
        confirmed = rows.filter(state="confirmed")
        assert row.taken == confirmed.count() <= PLACES, said
        assert quota.used == rows.filter(counted=True).count() <= PLACES, said
        members = Membership.objects.filter(cohort=row.cohort).expected()
        assert set(members.values_list("user", flat=True)) == set(confirmed.values_list("user", flat=True)), said
        numbers = list(rows.exclude(queue_no=None).values_list("queue_no", flat=True))
        assert len(numbers) == len(set(numbers)), said
        waits = NominationStep.objects.current().filter(nomination__call_up=row)
        assert waits.count() == rows.under_way().count(), "whatever is under way waits at exactly one desk"


class TestSequences(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_any_sequence_keeps_the_counters_right(self, steps: list[tuple[str, int]]) -> None:
        with clock.freeze(MOMENT):
            walk = Walk()
            for act, who in steps:
                with suppress(DomainError):
                    walk.take(act, who)
                walk.holds(steps)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_any_sequence_after_two_are_confirmed(self, steps: list[tuple[str, int]]) -> None:
        with clock.freeze(MOMENT):
            walk = Walk()
            for who in (0, 1):
                for act in ("name", "agree", "confirm"):
                    walk.take(act, who)
            for act, who in steps:
                with suppress(DomainError):
                    walk.take(act, who)
                walk.holds(steps)
