"""The timetable: clashes, hours, and what moves with it."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from cohorts import services
from cohorts.halfdays import HalfDay
from cohorts.models import Attendance, AttendanceStatus, Cohort, LeaveRecord, Session
from core.errors import DomainError
from tests.factories.cohorts import MONDAY, CohortFactory, teacher_of
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
NINE, NOON = time(9), time(12)


def add(cohort: Cohort, **changes: Any) -> Session:
    values = {"title": "开班式", "day": MONDAY, "starts_at": NINE, "ends_at": NOON}
    return services.add_session(actor=teacher_of(cohort), cohort=cohort, **{**values, **changes})


def test_hours_by_default_fill_the_half_day_and_the_total_follows() -> None:
    cohort = CohortFactory(days=0)
    first = add(cohort, ends_at=time(10, 20), hours=Decimal("1.5"))
    second = add(cohort, title="第一讲", starts_at=time(10, 30))
    assert (first.hours, second.hours, second.half) == (Decimal("1.5"), Decimal("2.5"), "am")
    assert add(cohort, title="晚自习", starts_at=time(19), ends_at=time(21)).half == "pm"
    cohort.refresh_from_db()
    assert cohort.total_hours == 8


def test_more_hours_than_the_rule_are_refused() -> None:
    cohort = CohortFactory(days=0)
    add(cohort, ends_at=time(10), hours=Decimal(3))
    with pytest.raises(DomainError, match="9月14日上午已排 3 学时，再加 2 学时就超过学时规则的每半天 4 学时"):
        add(cohort, starts_at=time(10), hours=Decimal(2))


def test_days_outside_the_class_are_refused() -> None:
    with pytest.raises(DomainError, match="须在2026年9月14日至2026年9月18日之间"):
        add(CohortFactory(days=0), day=date(2026, 9, 21))


def test_clashes_of_room_lecturer_and_class_are_named() -> None:
    lecturer = UserFactory(name="欧阳文静")
    one, two = CohortFactory(days=0, title="甲班"), CohortFactory(days=0, title="乙班")
    add(one, title="数据共享", room="三楼报告厅", lecturer=lecturer)
    with pytest.raises(DomainError, match="欧阳文静 09:00至12:00已在“甲班（第1期）”讲授《数据共享》"):
        add(two, lecturer=lecturer)
    with pytest.raises(DomainError, match="三楼报告厅 09:00至12:00已安排“甲班（第1期）”的《数据共享》"):
        add(two, room="三楼报告厅", starts_at=time(11), ends_at=time(13))
    with pytest.raises(DomainError, match="本班 09:00至12:00已排《数据共享》"):
        add(one, title="另一课")
    assert add(two, room="三楼报告厅", starts_at=NOON, ends_at=time(14)).pk, "one ends as the other begins: no clash"


def test_a_half_day_with_recorded_attendance_cannot_be_emptied() -> None:
    cohort = CohortFactory(running=True, members=2)
    member = cohort.memberships.first()
    services.record_attendance(
        actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", statuses={member.pk: "present"}
    )
    session = cohort.sessions.get(day=MONDAY, half="am")
    with pytest.raises(DomainError, match="9月14日上午已登记 1 人的考勤"):
        services.remove_session(actor=teacher_of(cohort), session=session)
    with pytest.raises(DomainError, match="已登记 1 人的考勤"):
        services.change_session(
            actor=teacher_of(cohort),
            session=session,
            half="pm",
            starts_at=time(17, 30),
            ends_at=time(18),
            hours=Decimal(0),
        )
    assert services.change_session(actor=teacher_of(cohort), session=session, room="五楼").room == "五楼"


def leave(cohort: Cohort, **changes: Any) -> LeaveRecord:
    values = {
        "membership": cohort.memberships.first(),
        "category": "private",
        "from_day": MONDAY,
        "from_half": "pm",
        "to_day": date(2026, 9, 15),
        "to_half": "am",
        "reason": "家事",
        "approved_by_name": "李静",
    }
    return services.record_leave(actor=teacher_of(cohort), **{**values, **changes})


def test_a_change_of_the_timetable_recomputes_leave_and_flag() -> None:
    cohort = CohortFactory(running=True, members=1, days=5)
    record = leave(cohort)
    member = cohort.memberships.get()
    assert (member.leave_hours, member.over_leave_limit) == (8, True), "8 of 40"
    session = cohort.sessions.get(day=MONDAY, half="pm")
    services.change_session(
        actor=teacher_of(cohort),
        session=session,
        day=date(2026, 9, 18),
        starts_at=time(18),
        ends_at=time(20),
        hours=Decimal(0),
    )
    member.refresh_from_db()
    record.refresh_from_db()
    assert (record.hours, member.leave_hours, member.over_leave_limit) == (4, 4, False), "4 of 36"
    recorded = {HalfDay(a.day, a.half): a.status for a in Attendance.objects.filter(membership=member)}
    assert recorded == {HalfDay(date(2026, 9, 15), "am"): AttendanceStatus.ON_LEAVE}


def test_lessons_put_inside_a_leave_become_leave() -> None:
    cohort = CohortFactory(running=True, members=1, days=1)
    leave(cohort)
    assert cohort.memberships.get().leave_hours == 4
    add(cohort, title="加课", day=date(2026, 9, 15))
    member = cohort.memberships.get()
    assert member.leave_hours == 8
    assert Attendance.objects.filter(membership=member, day=date(2026, 9, 15), half="am", status="on_leave").exists()
