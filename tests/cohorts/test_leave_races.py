"""Two people at one request: what the guard holds, and that it is the guard that holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cohorts import services
from cohorts.models import Cohort, DisciplineRecord, LeaveRecord, LeaveRequest, LeaveStepDecision, Membership
from cohorts.services import discipline as discipline_service
from cohorts.services import requests as request_service
from core import clock
from core.errors import Conflict
from people.models import Role, User
from tests.cohorts.test_races import at_once
from tests.conftest import MOMENT
from tests.factories.cohorts import MONDAY, CohortFactory, office, teacher_of
from tests.factories.leave import TUESDAY, ask
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def monday_morning() -> Any:
    with clock.freeze(MOMENT):
        yield


@pytest.fixture
def request_of_two() -> tuple[LeaveRequest, User, User]:
    """An open request, and the two teachers of the class."""
    cohort = CohortFactory(running=True, members=1)
    second = UserFactory(role=Role.CLASS_TEACHER, name="高老师")
    first = teacher_of(cohort)
    cohort.staff.create(user=second, duty="teacher")
    return ask(member_of(cohort)), first, second


def member_of(cohort: Cohort) -> Membership:
    return cohort.memberships.select_related("user", "cohort__host").get()


def fresh(request: LeaveRequest) -> LeaveRequest:
    return LeaveRequest.objects.with_people().get(pk=request.pk)


def decide(request: LeaveRequest, actor: User, outcome: str) -> Callable[[], Any]:
    return lambda: services.decide_request(
        actor=actor, request=fresh(request), step=0, outcome=outcome, comment="人手不足"
    )


def test_two_teachers_decide_one_step_and_one_decision_stands(
    request_of_two: tuple[LeaveRequest, User, User],
) -> None:
    request, first, second = request_of_two
    results = at_once(decide(request, first, "approve"), decide(request, second, "refuse"))
    assert sorted(type(r).__name__ for r in results) == ["Conflict", "LeaveRequest"]
    refusal = next(r for r in results if isinstance(r, Conflict))
    decision = LeaveStepDecision.objects.get()
    assert decision.decided_by.name in refusal.message and decision.get_outcome_display() in refusal.message
    assert LeaveRecord.objects.count() == (decision.outcome == "approve")


def test_control_without_the_claim_a_refused_request_is_granted(
    request_of_two: tuple[LeaveRequest, User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same two decisions, one after the other, with both guards out: the claim, and the row of the step."""
    request, first, second = request_of_two
    decide(request, first, "refuse")()
    monkeypatch.setattr(request_service, "_claim", lambda request, step: None)
    monkeypatch.setattr(LeaveStepDecision.objects, "create", lambda **values: None)
    decide(request, second, "approve")()
    assert fresh(request).state == "approved" and LeaveRecord.objects.count() == 1


def test_the_database_itself_keeps_one_decision_per_step(
    request_of_two: tuple[LeaveRequest, User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import IntegrityError

    request, first, second = request_of_two
    decide(request, first, "refuse")()
    monkeypatch.setattr(request_service, "_claim", lambda request, step: None)
    with pytest.raises(IntegrityError):
        decide(request, second, "approve")()
    assert not LeaveRecord.objects.exists()


def test_member_withdraws_while_the_teacher_approves(request_of_two: tuple[LeaveRequest, User, User]) -> None:
    request, teacher, _second = request_of_two
    member = request.membership.user
    results = at_once(
        lambda: services.withdraw_request(actor=member, request=fresh(request)), decide(request, teacher, "approve")
    )
    assert sum(isinstance(r, Conflict) for r in results) == 1
    now = fresh(request)
    assert (now.state, LeaveRecord.objects.count()) in {("withdrawn", 0), ("approved", 1)}


def test_control_without_the_condition_leave_stands_for_a_withdrawn_request(
    request_of_two: tuple[LeaveRequest, User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(request: LeaveRequest, state: str, reason: str) -> None:
        LeaveRequest.objects.filter(pk=request.pk).update(state=state)

    request, teacher, _second = request_of_two
    decide(request, teacher, "approve")()
    monkeypatch.setattr(request_service, "_stop", careless)
    services.withdraw_request(actor=request.membership.user, request=request)
    assert (fresh(request).state, LeaveRecord.objects.count()) == ("withdrawn", 1)


def test_two_requests_for_the_same_half_day_at_once() -> None:
    cohort = CohortFactory(running=True, members=1)
    results = at_once(*[lambda: ask(member_of(cohort)) for _ in range(2)])
    assert sum(isinstance(r, LeaveRequest) for r in results) == 1
    assert LeaveRequest.objects.filter(from_day=TUESDAY).count() == 1


def test_confirm_and_drop_of_one_draft_at_once_and_its_control(monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = CohortFactory(running=True, members=1)
    member = member_of(cohort)
    services.record_attendance(
        actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", statuses={member.pk: "absent"}
    )

    def record() -> DisciplineRecord:
        return DisciplineRecord.objects.select_related("membership__cohort", "membership__user").get()

    def order() -> Any:
        return services.confirm_discipline(
            actor=office(), record=record(), level="dismissal", reason="旷课", document_no="1号", reply_until=MONDAY
        )

    def drop() -> Any:
        return services.drop_discipline(actor=teacher_of(cohort), record=record(), reason="误记")

    results = at_once(order, drop)
    assert sum(isinstance(r, Conflict) for r in results) == 1
    assert (record().state, member_of(cohort).state) in {("confirmed", "withdrawn"), ("dropped", "registered")}
    cohort.memberships.update(state="registered")
    monkeypatch.setattr(discipline_service, "_step", lambda *args, **more: None)
    order()
    drop()
    assert member_of(cohort).state == "withdrawn", "both went through"
