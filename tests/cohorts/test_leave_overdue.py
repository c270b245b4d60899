"""Steps of leave that nobody decided: each approver is told once, then those who can see to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cohorts.models import Cohort, LeaveReminder, LeaveRequest, Membership
from cohorts.tasks import remind_of_overdue
from core.models import Notice
from people.models import User
from tests.factories.cohorts import CohortFactory, office, teacher_of
from tests.factories.leave import WEDNESDAY, ask, seats
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
OVERDUE, STUCK = "已超过审批期限", "逾期多日未审批"


@pytest.fixture
def member() -> Membership:
    cohort = CohortFactory(running=True, members=1)
    return cohort.memberships.select_related("user", "cohort__host").get()


def told(words: str) -> set[User]:
    return {n.recipient for n in Notice.objects.filter(title__contains=words)}


def test_the_approver_is_told_once_then_the_next_and_the_class(member: Membership, at: Any) -> None:
    cohort, people = member.cohort, seats(member.cohort)
    ask(member, to_day=WEDNESDAY, to_half="pm")  # due at the end of Tuesday
    with at(2026, 9, 15, 20):
        remind_of_overdue()
    assert not told(OVERDUE), "the day is not over"
    for hour in (8, 9):
        with at(2026, 9, 16, hour):
            remind_of_overdue()
    assert told(OVERDUE) == {teacher_of(cohort)} and not told(STUCK)
    for day in (17, 18, 19):
        with at(2026, 9, day, 8):
            remind_of_overdue()
    assert told(STUCK) == {people["academic"]}, "the teacher is who is late, and was told"
    assert Notice.objects.filter(title__contains="逾期").count() == 1, "not every day again"
    logged = ModelLogEntry.objects.filter(action="cohorts.leave.overdue").order_by("timestamp")
    assert [entry.data["count"] for entry in logged] == [1, 1]


def test_after_the_last_step_the_training_office_and_the_teacher_see_to_it(member: Membership, at: Any) -> None:
    cohort, people = member.cohort, seats(member.cohort)
    request, officer = ask(member), office()
    last = [{"key": "academic", "title": "教务处", "days": 1}]
    LeaveRequest.objects.filter(pk=request.pk).update(plan=last)
    with at(2026, 9, 17, 8):
        remind_of_overdue()
    assert told(OVERDUE) == {people["academic"]}
    assert told(STUCK) == {teacher_of(cohort), officer}
    text = Notice.objects.filter(title__contains=STUCK).first().text
    assert "教务处" in text and member.user.name not in text, "no notice says whose leave it is"


def test_who_stands_in_from_now_on_is_told_as_well(member: Membership, at: Any) -> None:
    cohort = member.cohort
    ask(member)
    with at(2026, 9, 16, 8):
        remind_of_overdue()
    other = UserFactory(unit=cohort.host, name="安代办")
    teacher_of(cohort).leave_seats.create(
        host=cohort.host, step="teacher", title="班主任", delegate=other,
        delegate_from=WEDNESDAY, delegate_to=WEDNESDAY,
    )  # fmt: skip
    with at(2026, 9, 16, 9):
        remind_of_overdue()
    assert told(OVERDUE) == {teacher_of(cohort), other}
    assert LeaveReminder.objects.count() == 2


def test_those_who_are_to_see_to_it_read_which_step_is_stuck_and_not_whose(
    member: Membership, at: Any, signed_in: Any
) -> None:
    people = seats(member.cohort)
    ask(member, to_day=WEDNESDAY, to_half="pm")
    with at(2026, 9, 17, 8):
        remind_of_overdue()
        page = signed_in(people["academic"]).get(reverse("cohorts:leave-waiting")).content.decode()
        assert "请您催办" in page and "“班主任”应在2026年9月15日前办理，审批人李静" in page
        assert member.user.name not in page
        assert "催办" not in signed_in(people["vice_head"]).get(reverse("cohorts:leave-waiting")).content.decode()


def test_a_reminder_is_kept_once_and_the_clock_of_the_server_asks_daily(member: Membership, at: Any) -> None:
    ask(member)
    with at(2026, 9, 16, 8):
        remind_of_overdue()
    row = LeaveReminder.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        LeaveReminder.objects.create(request=row.request, step=row.step, stage=row.stage, user=row.user)
    assert remind_of_overdue.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_what_was_decided_meanwhile_or_is_in_time_is_left_alone(member: Membership, at: Any) -> None:
    from cohorts import services

    request = ask(member)
    services.decide_request(actor=teacher_of(member.cohort), request=request, step=0, outcome="approve")
    with at(2026, 9, 18, 8):
        remind_of_overdue()
    assert not LeaveReminder.objects.exists() and isinstance(member.cohort, Cohort)
