"""The last place, the last of a quota, one decision per step: two at once, and what happens with a guard off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection

from cohorts.models import Membership
from cohorts.services import add_members, members
from core import clock
from core.errors import Conflict, DomainError
from people.models import Role, User
from planning.models import CallUp, Nomination, NominationStep, Quota
from planning.services import nominations, places, quotas, reviewing
from planning.services.nominations import nominate, nominate_many
from planning.services.places import confirm, confirm_many
from planning.services.reviewing import review
from tests.cohorts.test_races import at_once
from tests.conftest import MOMENT
from tests.factories.people import UserFactory
from tests.factories.planning_calls import Scene, cadres, call_up, named, planned, scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.freeze(MOMENT):
        yield


def at_office(where: Scene, count: int, **more: Any) -> tuple[CallUp, list[Nomination]]:
    row = call_up(where, quotas={where.bureau: count}, **{"places": count, **more})
    return row, named(where, row, cadres(where.bureau, count))


def confirming(actor: User, one: Nomination) -> Callable[[], Any]:
    return lambda: confirm(actor=User.objects.get(pk=actor.pk), nomination=Nomination.objects.get(pk=one.pk))


def test_two_officers_confirm_one_person_and_it_is_once() -> None:
    where = scene()
    row, (one,) = at_office(where, 1)
    colleague = UserFactory(unit=where.city, role=Role.TRAINING_OFFICE)
    results = at_once(confirming(where.office, one), confirming(colleague, one))
    assert sorted(len(result.made) for result in results) == [0, 1]
    assert Membership.objects.count() == CallUp.objects.get(pk=row.pk).taken == 1


def crowd(applicants: int, seats: int) -> tuple[Scene, CallUp, list[Nomination]]:
    """So many at the office's desk for so few places: an open class, whose unit has agreed."""
    where = scene()
    row = call_up(where, basis="open", places=seats)
    people = cadres(where.bureau, applicants)
    made = [nominations.apply_for_class(actor=User.objects.get(pk=u.pk), call_up=row, reason="学") for u in people]
    for one in made:
        review(actor=where.clerk, nomination=one, position=0, agree=True)
    return where, row, list(row.nominations.order_by("pk"))


def size() -> tuple[int, int]:
    """200 for 30 where rows are locked; on SQLite writers queue up, a few are enough."""
    return (200, 30) if connection.vendor == "postgresql" else (12, 4)


def in_batches(acts: list[Callable[[], Any]], at_a_time: int = 20) -> list[Any]:
    return [result for start in range(0, len(acts), at_a_time) for result in at_once(*acts[start : start + at_a_time])]


def test_the_last_seat_is_given_once_however_many_ask() -> None:
    applicants, seats = size()
    where, row, rows = crowd(applicants, seats)
    results = in_batches([confirming(where.office, one) for one in rows])
    full = [r for r in results if isinstance(r, DomainError)]
    assert len(results) - len(full) == seats
    assert {refusal.code for refusal in full} == {"full"}
    assert Membership.objects.filter(cohort=row.cohort).count() == CallUp.objects.get(pk=row.pk).taken == seats


def unguarded(monkeypatch: pytest.MonkeyPatch, waits: int) -> None:
    """The lock on the call-up is off, and places are read before they are written."""
    barrier = Barrier(waits)

    def unlocked(call_up: CallUp) -> CallUp:
        return CallUp.objects.select_related("cohort__host").get(pk=call_up.pk)

    def read_then_write(held: CallUp, count: int, **_joining: Any) -> None:
        now = CallUp.objects.get(pk=held.pk)
        assert now.taken + count <= now.places
        barrier.wait(20)
        CallUp.objects.filter(pk=held.pk).update(taken=now.taken + count)

    monkeypatch.setattr(places, "locked_call_up", unlocked)
    monkeypatch.setattr(places, "_take_places", read_then_write)


@pytest.mark.row_locks
def test_control_without_lock_and_condition_the_last_seat_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    where, row, rows = crowd(2, 1)
    unguarded(monkeypatch, 2)
    at_once(*(confirming(where.office, one) for one in rows))
    assert Membership.objects.filter(cohort=row.cohort).count() == 2, "two members for one place"


def one_by_hand_and_one_confirmed() -> int:
    """The last seat, asked for at once by the office's list of members and by a confirmation; members afterwards."""
    where = scene()
    row, (one,) = at_office(where, 1)
    (other,) = cadres(where.division, 1)
    adding = lambda: add_members(actor=where.office, cohort=row.cohort, users=[other])  # noqa: E731
    results = at_once(confirming(where.office, one), adding)
    assert sum(isinstance(result, DomainError) for result in results) == 2 - Membership.objects.count(), results
    return Membership.objects.count()


def test_a_member_taken_in_directly_and_a_confirmation_share_the_last_seat() -> None:
    assert one_by_hand_and_one_confirmed() == 1


def test_control_without_counting_direct_members_both_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "direct_members", lambda *_a, **_more: 0)
    monkeypatch.setattr(members, "require_room", lambda *_a: None)
    assert one_by_hand_and_one_confirmed() == 2


def test_control_below_the_services_the_database_refuses_one_too_many() -> None:
    where = scene()
    row, _rows = at_office(where, 2)
    with pytest.raises(IntegrityError):
        CallUp.objects.filter(pk=row.pk).update(taken=3)


def naming(where: Scene, row: CallUp, user: User) -> Callable[[], Any]:
    return lambda: nominate(actor=User.objects.get(pk=where.clerk.pk), call_up=row, user=user)


def test_the_last_place_of_a_unit_is_used_once() -> None:
    where = scene()
    row = call_up(where, quotas={where.bureau: 2})
    people = cadres(where.bureau, 6)
    results = in_batches([naming(where, row, user) for user in people], 6)
    assert sum(isinstance(r, Nomination) for r in results) == 2
    assert {r.code for r in results if isinstance(r, DomainError)} == {"over_quota"}
    assert Quota.objects.get(call_up=row).used == row.nominations.count() == 2


@pytest.mark.row_locks
def test_control_without_lock_and_condition_a_quota_is_used_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    where = scene()
    row = call_up(where, quotas={where.bureau: 1})
    one, two = cadres(where.bureau, 2)
    barrier = Barrier(2)

    def read_then_write(quota: Quota, count: int) -> None:
        now = Quota.objects.get(pk=quota.pk)
        assert now.used + count <= now.places
        barrier.wait(20)
        Quota.objects.filter(pk=quota.pk).update(used=now.used + count)

    monkeypatch.setattr(nominations, "locked_call_up", lambda row: CallUp.objects.get(pk=row.pk))
    monkeypatch.setattr(quotas, "take", read_then_write)
    at_once(naming(where, row, one), naming(where, row, two))
    assert row.nominations.count() == 2, "two nominations for one place"


def test_two_tabs_name_the_same_people_once() -> None:
    where = scene()
    row, people = call_up(where), cadres(where.bureau, 3)
    act = lambda: nominate_many(actor=User.objects.get(pk=where.clerk.pk), call_up=row, users=people)  # noqa: E731
    results = at_once(act, act)
    assert sorted(len(result.made) for result in results) == [0, 3]
    assert row.nominations.count() == 3


def test_a_person_named_for_two_classes_of_the_same_days_at_once_is_in_one() -> None:
    where = scene()
    first, second = call_up(where), call_up(where, cohort=planned(host=where.city))
    (one,) = cadres(where.bureau, 1)
    results = at_once(naming(where, first, one), naming(where, second, one))
    assert sorted(type(r).__name__ for r in results) == ["DomainError", "Nomination"]
    assert Nomination.objects.standing().count() == 1


def deciding(actor: User, one: Nomination, agree: bool) -> Callable[[], Any]:
    def act() -> Any:
        return review(
            actor=User.objects.get(pk=actor.pk), nomination=Nomination.objects.get(pk=one.pk), position=1,
            agree=agree, reason="" if agree else "另有安排",
        )  # fmt: skip

    return act


def two_at_a_desk() -> tuple[Nomination, User, User]:
    where = scene()
    colleague = UserFactory(unit=where.division, role=Role.UNIT_ADMIN)
    made = nominate(actor=where.admins["section"], call_up=call_up(where), user=cadres(where.section, 1)[0])
    return made, where.admins["division"], colleague


def test_a_step_is_decided_once() -> None:
    made, one, other = two_at_a_desk()
    results = at_once(deciding(one, made, True), deciding(other, made, False))
    assert sorted(type(r).__name__ for r in results) == ["Conflict", "Nomination"]
    assert NominationStep.objects.get(nomination=made, position=1).decision


@pytest.mark.row_locks
def test_control_without_lock_and_claim_the_step_is_decided_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    made, one, other = two_at_a_desk()
    barrier = Barrier(2)

    def overwrite(actor: User, step: NominationStep, right: Any, *, agree: bool, reason: str) -> None:
        barrier.wait(20)
        NominationStep.objects.filter(pk=step.pk).update(
            decision="agreed", decided_by=actor, decided_at=clock.now(), reason=reason
        )

    monkeypatch.setattr(reviewing, "locked_call_up", lambda row: CallUp.objects.get(pk=row.pk))
    monkeypatch.setattr(reviewing, "_claim", overwrite)
    results = at_once(deciding(one, made, True), deciding(other, made, True))
    assert not any(isinstance(r, Conflict) for r in results), "both believe to have decided"


def test_numbers_of_the_waiting_list_follow_the_order_of_commit_without_a_double() -> None:
    where, row, rows = crowd(6, 1)
    confirm(actor=where.office, nomination=rows[0])
    rest = rows[1:]
    acts = [
        lambda n=n: places.queue_many(actor=User.objects.get(pk=where.office.pk), call_up=row, nominations=[n])
        for n in rest
    ]
    assert in_batches(acts) == [1] * 5
    assert sorted(row.nominations.waiting().values_list("queue_no", flat=True)) == [1, 2, 3, 4, 5]


def test_many_at_once_and_one_by_one_together_never_exceed_the_places() -> None:
    where, row, rows = crowd(8, 4)

    def act(chosen: list[Nomination]) -> Callable[[], Any]:
        held = CallUp.objects.get(pk=row.pk)
        return lambda: confirm_many(actor=User.objects.get(pk=where.office.pk), call_up=held, nominations=chosen)

    at_once(act(rows[:3]), act(rows[3:6]), act(rows[6:]))
    assert Membership.objects.count() == CallUp.objects.get(pk=row.pk).taken <= 4
