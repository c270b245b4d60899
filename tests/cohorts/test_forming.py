"""A class from its plan to its first day."""

from __future__ import annotations

from datetime import date

import pytest

from cohorts import services
from cohorts.models import Cohort, CohortStaff, CohortState, MembershipState
from core.errors import Conflict, DomainError
from people.models import Role
from tests.factories.cohorts import CohortFactory, first_rule, host, office, people, teacher_of
from tests.factories.people import PostingFactory, UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def plan(**changes: object) -> Cohort:
    first_rule()
    values = {"code": "LH-1", "title": "数字政府专题领航班", "host": host(), "starts_on": date(2026, 9, 14)}
    return services.create_cohort(actor=office(), **{**values, "ends_on": date(2026, 9, 18), **changes})


def test_plan_a_class_takes_the_rule_in_force() -> None:
    cohort = plan()
    assert (cohort.state, cohort.hour_rule.version, cohort.full_title) == ("planned", 1, "数字政府专题领航班（第1期）")


def test_plan_refuses_with_sentences() -> None:
    plan()
    with pytest.raises(DomainError, match="班次编号“LH-1”已被使用"):
        plan()
    with pytest.raises(DomainError, match="结束日期不能早于开班日期"):
        plan(code="LH-2", ends_on=date(2026, 9, 1))
    with pytest.raises(DomainError, match="不在您的办班范围内"):
        plan(code="LH-3", host=UnitFactory(name="外市"))


def test_edit_needs_the_version_that_was_read() -> None:
    cohort = plan()
    version = cohort.version
    services.edit_cohort(actor=office(), cohort=cohort, version=version, place="二楼")
    with pytest.raises(Conflict, match="已被他人修改"):
        services.edit_cohort(actor=office(), cohort=cohort, version=version, place="五楼")
    assert Cohort.objects.get(pk=cohort.pk).place == "二楼"


def test_edit_keeps_the_timetable_inside_the_dates() -> None:
    cohort = CohortFactory()
    with pytest.raises(DomainError, match="课表里有 4 节课在新的日期之外"):
        services.edit_cohort(actor=office(), cohort=cohort, version=cohort.version, ends_on=date(2026, 9, 16))


def test_the_way_to_the_first_day_names_what_is_missing() -> None:
    cohort = plan(starts_on=date(2026, 9, 15))
    assert services.check_advance(cohort, CohortState.NOMINATING) == ["还没有指定班主任。"]
    services.appoint(actor=office(), cohort=cohort, user=UserFactory(role=Role.CLASS_TEACHER), duty="teacher")
    services.advance(actor=office(), cohort=cohort, to=CohortState.NOMINATING)
    assert services.check_advance(cohort, CohortState.CONFIRMED) == ["还没有学员，请先导入名册或添加学员。"]
    services.add_members(actor=office(), cohort=cohort, users=people(2))
    services.advance(actor=office(), cohort=cohort, to=CohortState.CONFIRMED)
    assert services.check_advance(cohort, CohortState.RUNNING) == [
        "课表还是空的，请先排课。",
        "开班日期是2026年9月15日，到当天才能开班。",
    ]
    with pytest.raises(DomainError, match="课表还是空的"):
        services.advance(actor=office(), cohort=cohort, to=CohortState.RUNNING)
    assert Cohort.objects.get(pk=cohort.pk).state == CohortState.CONFIRMED


def test_steps_outside_the_table_are_refused() -> None:
    cohort = CohortFactory(running=True)
    for to in (CohortState.PLANNED, CohortState.CLOSED, CohortState.CANCELLED):
        with pytest.raises(DomainError, match="班次目前是“进行中”"):
            services.advance(actor=office(), cohort=cohort, to=to)


def test_only_those_who_run_the_class_may_act() -> None:
    cohort = CohortFactory(confirmed=True, members=1)
    stranger = UserFactory(role=Role.CLASS_TEACHER)
    with pytest.raises(DomainError, match="只有本班班主任"):
        services.form_groups(actor=stranger, cohort=cohort, size=2)
    with pytest.raises(DomainError, match="须由主办单位培训处办理"):
        services.add_members(actor=teacher_of(cohort), cohort=cohort, users=people(1))


def test_a_duty_needs_its_role() -> None:
    cohort = CohortFactory()
    with pytest.raises(DomainError, match="没有“授课教师”角色"):
        services.appoint(actor=office(), cohort=cohort, user=UserFactory(name="王敏"), duty="lecturer")
    assert not cohort.staff.filter(duty=CohortStaff.Duty.LECTURER).exists()


def test_members_come_once_with_posting_and_unit() -> None:
    cohort, users = CohortFactory(), people(2)
    posting = PostingFactory(user=users[0])
    assert services.add_members(actor=office(), cohort=cohort, users=users) == 2
    assert services.add_members(actor=office(), cohort=cohort, users=users) == 0
    member = cohort.memberships.get(user=users[0])
    assert (member.posting, member.unit, member.state) == (posting, users[0].unit, MembershipState.CONFIRMED)


def test_members_of_an_overlapping_class_are_named() -> None:
    first = CohortFactory(running=True, members=1, title="先开的班")
    other = CohortFactory()
    person = first.memberships.get().user
    with pytest.raises(DomainError, match=f"{person.name}同期已在“先开的班（第1期）”"):
        services.add_members(actor=office(), cohort=other, users=[person, *people(1)])
    assert not other.memberships.exists()


def test_people_outside_the_office_are_refused() -> None:
    with pytest.raises(DomainError, match="不在您的管理范围内"):
        services.add_members(actor=office(), cohort=CohortFactory(), users=[UserFactory()])


def test_registration_and_no_show() -> None:
    cohort = CohortFactory(confirmed=True, members=3)
    first, second, third = cohort.memberships.all()
    actor = teacher_of(cohort)
    assert services.register_members(actor=actor, cohort=cohort, members=[first, second]) == 2
    assert services.register_members(actor=actor, cohort=cohort, members=[first]) == 0
    assert services.mark_no_show(actor=actor, cohort=cohort, members=[first, third], reason="临时出差") == 1
    third.refresh_from_db()
    assert (third.state, third.reason) == (MembershipState.ABSENT, "临时出差")
    assert services.register_members(actor=actor, cohort=cohort, members=[third]) == 1


def test_a_member_of_another_class_cannot_be_registered_here() -> None:
    cohort, other = CohortFactory(confirmed=True, members=1), CohortFactory(confirmed=True, members=1)
    with pytest.raises(DomainError, match="不都在这个班"):
        services.register_members(actor=office(), cohort=cohort, members=other.memberships.all())


def test_groups_mix_units_and_can_be_formed_anew() -> None:
    cohort = CohortFactory()
    users = [*people(4), *people(4, unit=UnitFactory(parent=host(), name="司法局"))]
    services.add_members(actor=office(), cohort=cohort, users=users)
    assert services.form_groups(actor=teacher_of(cohort), cohort=cohort, size=4) == 2
    for group in cohort.groups.all():
        assert group.memberships.count() == 4
        assert group.memberships.values("unit").distinct().count() == 2
    assert services.form_groups(actor=teacher_of(cohort), cohort=cohort, size=8) == 1
    assert [g.number for g in cohort.groups.all()] == [1]
