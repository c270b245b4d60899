"""Leave as recorded, flagged, and decided by a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cohorts import services
from cohorts.models import Attendance, Cohort, LeaveRecord, Membership
from core.errors import DomainError
from tests.factories.cohorts import MONDAY, CohortFactory, office, teacher_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
TUESDAY = date(2026, 9, 15)


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(running=True, members=2)


def take(cohort: Cohort, member: Membership | None = None, **changes: Any) -> LeaveRecord:
    values = {
        "membership": member or cohort.memberships.first(),
        "category": "private",
        "from_day": MONDAY,
        "from_half": "am",
        "to_day": MONDAY,
        "to_half": "pm",
        "reason": "家事",
        "approved_by_name": "李静",
    }
    return services.record_leave(actor=teacher_of(cohort), **{**values, **changes})


def test_hours_come_from_the_timetable_and_half_days_become_leave(cohort: Cohort) -> None:
    record = take(cohort, to_half="am")
    member = record.membership
    assert (record.hours, member.leave_hours, member.over_leave_limit) == (4, 4, False)
    assert list(Attendance.objects.values_list("day", "half", "status")) == [(MONDAY, "am", "on_leave")]


@pytest.mark.parametrize(("half_days", "flagged"), [(1, False), (2, True)])
def test_four_of_forty_is_fine_eight_is_flagged(cohort: Cohort, half_days: int, flagged: bool) -> None:
    take(cohort, to_half="am" if half_days == 1 else "pm")
    assert cohort.memberships.first().over_leave_limit is flagged


def test_seven_days_eight_hours_are_exactly_one_seventh() -> None:
    cohort = CohortFactory(running=True, members=1, days=7, ends_on=date(2026, 9, 20))
    take(cohort)
    assert (cohort.total_hours, cohort.memberships.get().over_leave_limit) == (56, False)
    take(cohort, from_day=TUESDAY, to_day=TUESDAY, to_half="am")
    assert cohort.memberships.get().over_leave_limit


def test_cancelled_leave_gives_hours_and_half_days_back(cohort: Cohort) -> None:
    record = take(cohort)
    services.cancel_leave(actor=teacher_of(cohort), leave=record, reason="提前返回")
    member = cohort.memberships.get(pk=record.membership_id)
    assert (member.leave_hours, member.over_leave_limit) == (0, False)
    assert not Attendance.objects.exists(), "not recorded again"
    with pytest.raises(DomainError, match="已经销假"):
        services.cancel_leave(actor=teacher_of(cohort), leave=record, reason="再次")


def test_back_a_half_day_early_gives_that_half_day_back(cohort: Cohort) -> None:
    record = take(cohort)
    shorter = services.return_early(
        actor=teacher_of(cohort), leave=record, last_day=MONDAY, last_half="am", reason="事情办完"
    )
    member = cohort.memberships.get(pk=record.membership_id)
    assert (shorter.hours, member.leave_hours, member.over_leave_limit) == (4, 4, False)
    assert list(Attendance.objects.values_list("half", flat=True)) == ["am"]


def test_bad_spans_are_refused_with_sentences(cohort: Cohort) -> None:
    take(cohort)
    with pytest.raises(DomainError, match="与已登记的请假（9月14日上午至9月14日下午）重叠"):
        take(cohort, from_half="pm", to_day=TUESDAY)
    with pytest.raises(DomainError, match="结束时间不能早于开始时间"):
        take(cohort, from_day=TUESDAY)
    with pytest.raises(DomainError, match="没有排课"):
        take(cohort, from_day=date(2026, 9, 19), to_day=date(2026, 9, 20))
    with pytest.raises(DomainError, match="请填写请假事由和批准人"):
        take(cohort, reason=" ")
    assert LeaveRecord.objects.count() == 1


def decide(cohort: Cohort, outcome: str, **changes: Any) -> Any:
    values = {"membership": cohort.memberships.first(), "reason": "请假过多", "document_no": "领院〔2026〕12号"}
    return services.decide_on_leave(**{"actor": office(), "outcome": outcome, **values, **changes})


def test_confirmed_withdrawal_ends_membership_and_the_flag_stays(cohort: Cohort) -> None:
    take(cohort)
    decision = decide(cohort, "withdraw")
    member = cohort.memberships.first()
    assert (member.state, member.ended_on, member.over_leave_limit) == ("withdrawn", MONDAY, True)
    assert "领院〔2026〕12号" in member.reason
    assert (decision.leave_hours, decision.total_hours) == (8, 40)


def test_waiver_keeps_member_and_flag_until_leave_grows(cohort: Cohort) -> None:
    take(cohort)
    decide(cohort, "waive")
    member = cohort.memberships.first()
    assert (member.state, member.over_leave_limit) == ("registered", True)
    with pytest.raises(DomainError, match="已有决定"):
        decide(cohort, "withdraw")
    take(cohort, from_day=TUESDAY, to_day=TUESDAY)
    assert decide(cohort, "withdraw").leave_hours == 16


def test_decision_is_the_offices_and_needs_reason_number_and_flag(cohort: Cohort) -> None:
    with pytest.raises(DomainError, match="没有超过七分之一"):
        decide(cohort, "waive")
    take(cohort)
    with pytest.raises(DomainError, match="请填写理由和文号"):
        decide(cohort, "waive", document_no=" ")
    with pytest.raises(DomainError, match="须由主办单位培训处办理"):
        decide(cohort, "waive", actor=teacher_of(cohort))
