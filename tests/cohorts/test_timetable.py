"""The timetable: clashes, hours, and what moves with it."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from cohorts import services
from cohorts.models import Attendance, AttendanceStatus, Cohort, FacultyMember, LeaveRecord, Session
from cohorts.rules.halfdays import HalfDay
from core.calendar import put_day
from core.errors import DomainError
from tests.factories.cohorts import MONDAY, CohortFactory, office, teacher_of
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


# Days that are not worked.


def test_a_day_that_is_not_worked_needs_the_box() -> None:
    cohort = CohortFactory(days=0, ends_on=date(2026, 9, 30))
    with pytest.raises(DomainError, match="9月19日（周六）是休息日。确需在这天上课，请勾选“在休息日上课”。"):
        add(cohort, day=date(2026, 9, 19))
    assert add(cohort, day=date(2026, 9, 19), on_rest_day=True).pk


def test_the_calendar_overrules_the_week() -> None:
    actor = teacher_of(CohortFactory())
    put_day(actor=actor, day=date(2026, 9, 25), is_working=False, name="中秋节")
    put_day(actor=actor, day=date(2026, 9, 20), is_working=True, name="国庆节调休上班")
    cohort = CohortFactory(days=0, ends_on=date(2026, 9, 30))
    assert add(cohort, day=date(2026, 9, 20)).pk, "a Sunday that is worked in exchange"
    with pytest.raises(DomainError, match="9月25日（中秋节）是休息日"):
        add(cohort, day=date(2026, 9, 25))


def test_moving_to_a_rest_day_is_asked_and_other_changes_of_such_a_day_are_not() -> None:
    cohort = CohortFactory(days=0, ends_on=date(2026, 9, 20))
    session = add(cohort, day=date(2026, 9, 19), on_rest_day=True)
    actor = teacher_of(cohort)
    assert services.change_session(actor=actor, session=session, room="五楼").room == "五楼"
    with pytest.raises(DomainError, match="9月20日（周日）是休息日"):
        services.change_session(actor=actor, session=session, day=date(2026, 9, 20))
    with pytest.raises(DomainError, match="是休息日"):
        services.move_session(actor=actor, session=session, day=date(2026, 9, 20), half="am")
    moved = services.change_session(actor=actor, session=session, day=date(2026, 9, 20), on_rest_day=True)
    assert moved.day == date(2026, 9, 20)


# Groups.


def test_groups_are_taught_side_by_side_and_their_hours_count_once() -> None:
    cohort = CohortFactory(days=0, members=6, size=3)
    one, two = cohort.groups.order_by("number")
    add(cohort, title="研讨甲", groups=[one], room="301")
    add(cohort, title="研讨乙", groups=[two], room="302")
    cohort.refresh_from_db()
    assert cohort.total_hours == 4
    with pytest.raises(DomainError, match="第2组 09:00至12:00已排《研讨乙》"):
        add(cohort, title="研讨丙", groups=[two], room="303", hours=Decimal(0))
    with pytest.raises(DomainError, match="301 09:00至12:00已安排"):
        add(cohort, title="别班", groups=[one], room="301", hours=Decimal(0))


def test_a_group_of_another_class_is_refused() -> None:
    cohort, other = CohortFactory(days=0), CohortFactory(days=0, members=4, size=2)
    with pytest.raises(DomainError, match="这个小组不在本班"):
        add(cohort, groups=[other.groups.first()])


def test_one_seventh_follows_the_hours_that_count_once() -> None:
    """4 of 28 is exactly one seventh; two groups side by side on a further half day make it less, not much less."""
    cohort = CohortFactory(running=True, members=4, size=2, days=3)
    add(cohort, title="周四上午", day=date(2026, 9, 17))
    record = leave(cohort, from_half="am", to_day=MONDAY, to_half="am")
    assert (record.hours, cohort.memberships.filter(over_leave_limit=True).count()) == (4, 0)
    services.remove_session(actor=teacher_of(cohort), session=cohort.sessions.get(title="周四上午"))
    assert cohort.memberships.filter(over_leave_limit=True).count() == 1, "4 of 24"
    one, two = cohort.groups.order_by("number")
    for group, room in ((one, "301"), (two, "302")):
        add(cohort, title=f"研讨{room}", day=date(2026, 9, 17), groups=[group], room=room)
    cohort.refresh_from_db()
    assert cohort.total_hours == 28
    assert cohort.memberships.filter(over_leave_limit=True).count() == 0


def test_forming_groups_anew_does_not_drop_one_that_has_lessons() -> None:
    cohort = CohortFactory(days=0, members=6, size=2)
    add(cohort, title="研讨", groups=[cohort.groups.get(number=3)])
    with pytest.raises(DomainError, match="课表里有 1 节分组课排给了将取消的小组"):
        services.form_groups(actor=teacher_of(cohort), cohort=cohort, size=6)
    assert cohort.groups.count() == 3


# Lecturers who are away, rooms that are small.


def faculty(cohort: Cohort, name: str = "欧阳文静") -> FacultyMember:
    lecturer = UserFactory(name=name, role="lecturer")
    return services.put_faculty(actor=office(), user=lecturer, kind="school")


def test_a_lecturer_who_is_away_is_refused_with_span_and_reason() -> None:
    cohort = CohortFactory(days=0)
    member = faculty(cohort)
    absence, booked = services.add_absence(
        actor=office(), member=member, from_day=MONDAY, to_day=date(2026, 9, 16), reason="赴外地授课"
    )
    assert booked == []
    with pytest.raises(DomainError, match="欧阳文静9月14日至9月16日不能授课（赴外地授课），请换日期或换教师。"):
        add(cohort, lecturer=member.user)
    session = add(cohort, day=date(2026, 9, 17), lecturer=member.user)
    with pytest.raises(DomainError, match="不能授课"):
        services.move_session(actor=teacher_of(cohort), session=session, day=date(2026, 9, 15), half="am")
    services.drop_absence(actor=office(), absence=absence)
    assert services.move_session(actor=teacher_of(cohort), session=session, day=MONDAY, half="am").day == MONDAY


def test_noting_an_absence_names_what_is_booked_already() -> None:
    cohort = CohortFactory(days=0)
    member = faculty(cohort)
    session = add(cohort, lecturer=member.user)
    _row, booked = services.add_absence(actor=office(), member=member, from_day=MONDAY, to_day=MONDAY, reason="住院")
    assert booked == [session]


def test_a_room_with_too_few_seats_is_told_and_not_refused() -> None:
    cohort = CohortFactory(days=0, members=6, size=3)
    services.put_room(actor=office(), name="301", place="领航楼", seats=4, in_use=True)
    session = add(cohort, room="301")
    assert "301只有 4 个座位，本班有 6 人" in services.seats_warning(session)
    small = add(cohort, day=date(2026, 9, 15), room="301", groups=[cohort.groups.first()])
    assert services.seats_warning(small) == ""
    assert services.seats_warning(add(cohort, day=date(2026, 9, 16), room="操场")) == ""


def test_a_card_moves_with_its_length_to_the_hour_at_which_the_class_begins() -> None:
    cohort = CohortFactory(days=0)
    add(cohort, day=date(2026, 9, 15), starts_at=time(14, 30), ends_at=time(17))
    session = add(cohort, ends_at=time(11, 20))
    moved = services.move_session(actor=teacher_of(cohort), session=session, day=MONDAY, half="pm")
    assert (moved.half, moved.starts_at, moved.ends_at) == ("pm", time(14, 30), time(16, 50))


def test_the_next_intake_leaves_group_lessons_to_be_set() -> None:
    cohort = CohortFactory(days=1, members=4, size=2)
    add(cohort, title="分组研讨", day=date(2026, 9, 15), groups=[cohort.groups.first()])
    plan = services.plan_of_clone(cohort=cohort, starts_on=date(2026, 9, 21))
    assert len(plan.sessions) == 2 and "分组研讨" not in {session.title for session, _day in plan.sessions}
    assert "分组课《分组研讨》，新班分组后请自行排课" in plan.left_out
