"""Roll call: idempotent, correctable with a reason, never guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cohorts import services
from cohorts.models import Attendance, AttendanceEvent, Cohort, LeaveRecord
from core.errors import Conflict, DomainError
from tests.factories.cohorts import MONDAY, CohortFactory, teacher_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def call(cohort: Cohort, statuses: dict[int, str], **changes: Any) -> int:
    values = {"day": MONDAY, "half": "am", "statuses": statuses}
    return services.record_attendance(actor=teacher_of(cohort), cohort=cohort, **{**values, **changes})


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(running=True, members=4)


def keys(cohort: Cohort) -> list[int]:
    return list(cohort.memberships.values_list("pk", flat=True))


def test_the_same_roll_call_twice_changes_nothing(cohort: Cohort) -> None:
    a, b, c, _ = keys(cohort)
    marks = {a: "present", b: "late", c: "absent"}
    assert call(cohort, marks) == 3
    assert call(cohort, marks) == 0
    assert AttendanceEvent.objects.count() == 3
    assert dict(Attendance.objects.values_list("membership", "status")) == marks, "the fourth is not recorded"


def test_a_correction_on_the_day_is_an_event(cohort: Cohort) -> None:
    a = keys(cohort)[0]
    call(cohort, {a: "absent"})
    assert call(cohort, {a: "late"}) == 1
    assert list(AttendanceEvent.objects.values_list("before", "after")) == [("", "absent"), ("absent", "late")]
    assert Attendance.objects.get().version == 2


def test_a_correction_after_the_day_needs_a_reason(cohort: Cohort, at: Any) -> None:
    a, b = keys(cohort)[:2]
    call(cohort, {a: "absent"})
    with at(2026, 9, 15, 9):
        with pytest.raises(DomainError, match="更正9月14日上午的考勤须写明原因"):
            call(cohort, {a: "present"})
        assert call(cohort, {a: "present", b: "present"}, reasons={a: "签到表有本人签名"}) == 2, "b is recorded late"
    assert AttendanceEvent.objects.filter(reason="签到表有本人签名").count() == 1


def test_nothing_is_recorded_ahead_or_without_lessons(cohort: Cohort) -> None:
    a = keys(cohort)[0]
    with pytest.raises(DomainError, match="9月14日下午还没有到"):
        call(cohort, {a: "present"}, half="pm")
    with pytest.raises(DomainError, match="9月13日上午没有排课"):
        call(cohort, {a: "present"}, day=date(2026, 9, 13))
    with pytest.raises(DomainError, match="考勤状态有误"):
        call(cohort, {a: "asleep"})
    with pytest.raises(DomainError, match="不在本班"):
        call(cohort, {CohortFactory(running=True, members=1).memberships.get().pk: "present"})


def test_one_bad_entry_saves_nothing(cohort: Cohort) -> None:
    a, b = keys(cohort)[:2]
    cohort.memberships.filter(pk=b).update(state="withdrawn", reason="请假超限")
    with pytest.raises(DomainError, match="不在班"):
        call(cohort, {a: "present", b: "present"})
    assert not Attendance.objects.exists()


def test_two_people_at_once_the_later_sees_who_was_faster(cohort: Cohort) -> None:
    a, b = keys(cohort)[:2]
    call(cohort, {a: "absent"}, versions={a: 0})
    with pytest.raises(Conflict, match="刚刚已由他人登记"):
        call(cohort, {a: "present", b: "present"}, versions={a: 0, b: 0})
    assert dict(Attendance.objects.values_list("membership", "status")) == {a: "absent"}
    assert call(cohort, {a: "absent", b: "present"}, versions={a: 0, b: 0}) == 1, "the same value is no conflict"


def test_leave_in_the_roll_call_counts_as_leave_and_coming_back_gives_it_back(cohort: Cohort) -> None:
    a = keys(cohort)[0]
    call(cohort, {a: "on_leave"}, reasons={a: "就医"})
    member = cohort.memberships.get(pk=a)
    assert (member.leave_hours, LeaveRecord.objects.get().reason) == (4, "就医")
    call(cohort, {a: "late"})
    member.refresh_from_db()
    assert member.leave_hours == 0
    assert LeaveRecord.objects.get().cancelled_at is not None


def test_longer_leave_must_be_ended_first(cohort: Cohort) -> None:
    member = cohort.memberships.first()
    services.record_leave(
        actor=teacher_of(cohort), membership=member, category="sick", from_day=MONDAY, from_half="am",
        to_day=MONDAY, to_half="pm", reason="发烧", approved_by_name="李静",
    )  # fmt: skip
    with pytest.raises(DomainError, match="请先办理销假"):
        call(cohort, {member.pk: "present"})


def test_events_cannot_be_changed(cohort: Cohort) -> None:
    call(cohort, {keys(cohort)[0]: "present"})
    with pytest.raises(DatabaseError), transaction.atomic():
        AttendanceEvent.objects.update(after="absent")


def test_roll_call_of_a_hundred_takes_as_many_queries_as_of_ten(django_assert_num_queries: Any) -> None:
    few, many = CohortFactory(running=True, members=10), CohortFactory(running=True, members=100)
    for cohort in (few, many):
        marks, teacher = dict.fromkeys(keys(cohort), "present"), teacher_of(cohort)
        with django_assert_num_queries(15):
            services.record_attendance(
                actor=teacher, cohort=cohort, day=MONDAY, half="am", statuses=marks, versions=dict.fromkeys(marks, 0)
            )
