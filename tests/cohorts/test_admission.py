"""Members whom a higher app has decided on, and checks that it adds to the way of a class."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cohorts.models import CohortState, Membership
from cohorts.services import admit_members, advance, check_advance, register_check, release_member, replace_member
from cohorts.services.forming import _registered
from core import clock
from core.errors import Conflict, DomainError
from tests.factories.cohorts import FIRST, CohortFactory, office, people, teacher_of
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def first_morning() -> Iterator[None]:
    with clock.freeze(FIRST):
        yield


@pytest.fixture
def objection() -> Iterator[None]:
    register_check(CohortState.CONFIRMED, "test", lambda cohort: f"{cohort.title}还没有谈妥。")
    yield
    _registered[CohortState.CONFIRMED].pop("test")


def test_a_registered_check_stands_in_the_way_of_its_step_only(objection: None) -> None:
    cohort = CohortFactory(state=CohortState.NOMINATING, members=1)
    assert check_advance(cohort, CohortState.CONFIRMED) == [f"{cohort.title}还没有谈妥。"]
    with pytest.raises(DomainError, match="还没有谈妥"):
        advance(actor=teacher_of(cohort), cohort=cohort, to=CohortState.CONFIRMED)
    assert check_advance(CohortFactory(), CohortState.NOMINATING) == []


def test_control_without_the_check_the_class_goes_on() -> None:
    cohort = CohortFactory(state=CohortState.NOMINATING, members=1)
    assert advance(actor=teacher_of(cohort), cohort=cohort, to=CohortState.CONFIRMED).state == CohortState.CONFIRMED


def test_admitting_twice_is_one_membership_and_names_who_cannot() -> None:
    cohort, (one, two) = CohortFactory(members=0), people(2)
    first = admit_members(actor=office(), cohort=cohort, users=[one, two])
    again = admit_members(actor=office(), cohort=cohort, users=[one])
    assert again[one.pk] == first[one.pk] and cohort.memberships.count() == 2
    homeless = UserFactory(unit=None, managed_by=None, name="无单位")
    with pytest.raises(DomainError, match="无单位没有所在单位"):
        admit_members(actor=office(), cohort=cohort, users=[homeless])
    other = CohortFactory(members=0)
    with pytest.raises(DomainError, match="同期已在"):
        admit_members(actor=office(), cohort=other, users=[one])


def test_who_was_released_comes_back_on_the_same_row_and_who_left_does_not() -> None:
    cohort, (one, two) = CohortFactory(members=0), people(2)
    members = admit_members(actor=office(), cohort=cohort, users=[one, two])
    release_member(actor=office(), membership=members[one.pk], reason="出差")
    assert Membership.objects.get(user=one).state == "no_show"
    with pytest.raises(Conflict, match="不能再退出名额"):
        release_member(actor=office(), membership=members[one.pk], reason="再点一次")
    assert admit_members(actor=office(), cohort=cohort, users=[one])[one.pk].pk == members[one.pk].pk
    row = Membership.objects.get(user=one)
    assert (row.state, row.ended_on, row.reason) == ("confirmed", None, "")
    Membership.objects.filter(user=two).update(state="withdrawn", reason="请假超限")
    with pytest.raises(DomainError, match="已从本班退学"):
        admit_members(actor=office(), cohort=cohort, users=[two])


def test_who_was_replaced_does_not_come_back() -> None:
    cohort, (one, by) = CohortFactory(members=0, state=CohortState.CONFIRMED), people(2)
    member = admit_members(actor=office(), cohort=cohort, users=[one])[one.pk]
    replace_member(actor=office(), membership=member, by=by, reason="任务")
    with pytest.raises(DomainError, match="已由他人替换"):
        admit_members(actor=office(), cohort=cohort, users=[one])


def test_without_a_reason_nobody_is_released() -> None:
    cohort, (one,) = CohortFactory(members=0), people(1)
    member = admit_members(actor=office(), cohort=cohort, users=[one])[one.pk]
    with pytest.raises(DomainError, match="请写明不能参加的原因"):
        release_member(actor=office(), membership=member, reason=" ")
