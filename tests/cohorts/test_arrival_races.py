"""Two people at one desk at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from cohorts import services
from cohorts.models import Cohort, Membership
from cohorts.services import arrival
from core import clock
from core.errors import Conflict, DomainError
from people.models import Unit, User
from tests.cohorts.test_races import at_once
from tests.factories.cohorts import FIRST, MONDAY, CohortFactory, host, office, people, teacher_of
from tests.factories.people import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def first_morning() -> Iterator[None]:
    with clock.freeze(FIRST):
        yield


def scene() -> tuple[Cohort, Membership, list[User]]:
    bureau: Unit = UnitFactory(parent=host(), name="云山市数据局")
    cohort = CohortFactory(confirmed=True, members=people(2, bureau))
    substitutes = [UserFactory(unit=bureau, managed_by=bureau) for _ in range(2)]
    return cohort, cohort.memberships.order_by("pk")[0], substitutes


def replacing(actor: User, member: Membership, by: User) -> Callable[[], Any]:
    return lambda: services.replace_member(
        actor=actor, membership=Membership.objects.get(pk=member.pk), by=by, reason="临时任务"
    )


def test_two_officers_replace_the_same_member_and_one_does() -> None:
    cohort, member, (one, other) = scene()
    results = at_once(replacing(teacher_of(cohort), member, one), replacing(office(), member, other))
    assert sorted(type(r).__name__ for r in results) == ["Conflict", "Membership"]
    assert Membership.objects.get(replaces=member).user in (one, other)
    assert cohort.memberships.expected().count() == 2


def test_control_without_the_check_the_database_still_refuses_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    cohort, member, (one, other) = scene()
    replacing(office(), member, one)()
    monkeypatch.setattr(arrival, "check_replacement", lambda **kwargs: None)
    with pytest.raises(Conflict):
        replacing(office(), member, other)()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(cohort=cohort, user=other, unit_id=other.unit_id, replaces=member)


def test_a_substitute_taken_by_two_classes_at_once_is_in_one() -> None:
    first, member, (one, _other) = scene()
    second = CohortFactory(confirmed=True, members=people(1, one.unit))
    results = at_once(replacing(office(), member, one), replacing(office(), second.memberships.get(), one))
    assert sum(isinstance(r, Membership) for r in results) == 1, results
    assert sum(isinstance(r, DomainError) for r in results) == 1, results
    assert Membership.objects.filter(user=one).count() == 1 and first.pk != second.pk


def test_a_double_tap_is_one_arrival() -> None:
    cohort, member, _ = scene()
    tap = lambda: services.register_members(actor=teacher_of(cohort), cohort=cohort, members=[member])  # noqa: E731
    assert sorted(at_once(tap, tap)) == [0, 1]
    assert ModelLogEntry.objects.filter(action="cohorts.members.register").count() == 1


def test_a_double_click_copies_a_class_once() -> None:
    cohort = CohortFactory(days=2)
    copy = lambda: services.clone_cohort(  # noqa: E731
        actor=office(), cohort=Cohort.objects.get(pk=cohort.pk), starts_on=date(2026, 9, 28), code="LH-N2"
    )
    results = at_once(copy, copy)
    assert results[0] == results[1] and Cohort.objects.count() == 2


def test_two_monitors_at_once_and_one_holds_the_office() -> None:
    cohort, _member, _ = scene()
    members = list(cohort.memberships.order_by("pk"))
    give = [
        lambda m=m: services.give_duty(actor=office(), membership=m, office="monitor", from_day=MONDAY) for m in members
    ]
    at_once(*give)
    assert cohort.duties.filter(to_day__isnull=True).count() == 1
