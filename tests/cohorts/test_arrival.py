"""Arrival: late places, substitutes, and what a class that is over refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from assessments.models import Seat
from cohorts import services
from cohorts.models import Cohort, Membership, MembershipState
from core import clock
from core.errors import Conflict, DomainError
from core.models import CalendarDay, Notice
from people.models import Role, Unit, User
from tests.factories import assessments as exams
from tests.factories.cohorts import (
    AFTER,
    MONDAY,
    CohortFactory,
    attend,
    closed,
    host,
    office,
    people,
    portrait,
    teacher_of,
)  # fmt: skip
from tests.factories.people import UnitFactory, UserFactory, grant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
LATER = MONDAY + timedelta(days=3)  # Thursday: the three days of arrival are over


@pytest.fixture
def bureau() -> Unit:
    return UnitFactory(parent=host(), name="云山市数据局")


@pytest.fixture
def cohort(bureau: Unit) -> Cohort:
    made: Cohort = CohortFactory(confirmed=True, members=people(4, bureau), size=2)
    return made


def substitute(unit: Unit, **more: Any) -> User:
    made: User = UserFactory(unit=unit, managed_by=unit, name="司马文静", **more)
    return made


def replace(cohort: Cohort, by: User, *, member: Membership | None = None, **more: Any) -> Membership:
    one = member or cohort.memberships.order_by("pk")[0]
    return services.replace_member(
        **{"actor": teacher_of(cohort), "membership": one, "by": by, "reason": "临时承担抢险任务", **more}
    )


def actions(cohort: Cohort) -> list[str]:
    rows = ModelLogEntry.objects.filter(object_id=str(cohort.pk), content_type__model="cohort")
    return list(rows.order_by("pk").values_list("action", flat=True))


def test_a_substitute_takes_place_group_and_papers_and_both_keep_the_trail(cohort: Cohort, bureau: Unit) -> None:
    exam = exams.make_exam([], actor=office(), context_key=cohort.context_key)
    services.require_exam(actor=office(), cohort=cohort, exam=exam)
    old = cohort.memberships.order_by("pk")[0]
    by, group = substitute(UnitFactory(parent=bureau, name="数据局综合处")), old.group
    new = replace(cohort, by)
    old.refresh_from_db()
    assert (new.replaces, old.replaced_by, new.group, new.state) == (old, new, group, MembershipState.CONFIRMED)
    assert (old.state, old.reason, old.group) == (MembershipState.ABSENT, "临时承担抢险任务", None)
    assert Seat.objects.filter(exam=exam, user=by).exists()
    assert actions(cohort)[-1] == "cohorts.members.replace"
    told = Notice.objects.filter(recipient__in=[old.user, by])
    assert told.count() == 2 and not any("抢险" in n.text or by.name in n.text for n in told)
    assert cohort.memberships.expected().count() == 4


def test_who_was_replaced_does_not_come_back(cohort: Cohort, bureau: Unit) -> None:
    old = cohort.memberships.order_by("pk")[0]
    replace(cohort, substitute(bureau))
    old.refresh_from_db()
    assert services.register_members(actor=office(), cohort=cohort, members=[old]) == 0
    with pytest.raises(Conflict, match="不能换人"):
        replace(cohort, substitute(bureau), member=old)


def test_the_office_alone_takes_a_substitute_from_elsewhere(cohort: Cohort) -> None:
    elsewhere = substitute(UnitFactory(parent=host(), name="云山市司法局"))
    with pytest.raises(DomainError, match="选派单位“云山市数据局”及其下级单位里没有这个工号"):
        replace(cohort, elsewhere)
    with pytest.raises(DomainError, match="须由主办单位培训处办理"):
        replace(cohort, elsewhere, outside=True)
    with pytest.raises(DomainError, match="您的管理范围里没有这个工号"):
        replace(cohort, substitute(UnitFactory(name="外市")), actor=office(), outside=True)
    assert replace(cohort, elsewhere, actor=office(), outside=True).user == elsewhere


def test_substitutes_that_are_refused(cohort: Cohort, bureau: Unit) -> None:
    busy = substitute(bureau)
    CohortFactory(running=True, members=[busy], title="同期的班")
    with pytest.raises(DomainError, match="司马文静同期已在“同期的班"):
        replace(cohort, busy)
    with pytest.raises(DomainError, match="已在本班名单里"):
        replace(cohort, cohort.memberships.order_by("pk")[1].user)
    with pytest.raises(DomainError, match="没有这个工号的在职人员"):
        replace(cohort, substitute(bureau, is_active=False))
    with pytest.raises(DomainError, match="请写明换人的原因"):
        replace(cohort, substitute(bureau), reason=" ")
    arrived = cohort.memberships.order_by("pk")[2]
    services.register_members(actor=office(), cohort=cohort, members=[arrived])
    with pytest.raises(Conflict, match="目前是“在班”，不能换人"):
        replace(cohort, substitute(bureau), member=arrived)
    stranger = UserFactory(role=Role.CLASS_TEACHER)
    with pytest.raises(DomainError, match="只有本班班主任"):
        replace(cohort, substitute(bureau), actor=stranger)
    assert not Membership.objects.filter(replaces__isnull=False).exists()


def test_places_change_hands_until_the_last_day_of_arrival(cohort: Cohort, bureau: Unit, at: Any) -> None:
    with at(2026, 9, 17, 8), pytest.raises(DomainError, match="本班到2026年9月16日为止"):
        replace(cohort, substitute(bureau))
    with at(2026, 9, 16, 23):
        assert replace(cohort, substitute(bureau))


def test_the_calendar_lengthens_the_days_of_arrival(cohort: Cohort, at: Any) -> None:
    CalendarDay.objects.create(day=MONDAY + timedelta(days=1), is_working=False, name="放假")
    assert services.last_day_of_arrival(cohort) == LATER
    with at(2026, 9, 17, 8):
        assert not services.is_arrival_over(cohort)


def cancel(cohort: Cohort, **more: Any) -> int:
    return services.cancel_places(
        **{"actor": office(), "cohort": cohort, "members": cohort.memberships.all(), "reason": "逾期未报到", **more}
    )


def test_the_office_cancels_the_places_of_those_who_are_late(cohort: Cohort, at: Any) -> None:
    first = cohort.memberships.order_by("pk")[0]
    services.register_members(actor=teacher_of(cohort), cohort=cohort, members=[first])
    services.give_duty(
        actor=office(), membership=cohort.memberships.order_by("pk")[1], office="monitor", from_day=MONDAY
    )
    with pytest.raises(DomainError, match="期限内不能取消名额"):
        cancel(cohort)
    with at(2026, 9, 17, 8):
        with pytest.raises(DomainError, match="须由主办单位培训处办理"):
            cancel(cohort, actor=teacher_of(cohort))
        with pytest.raises(DomainError, match="请写明取消名额的原因"):
            cancel(cohort, reason="")
        assert cancel(cohort) == 3
        assert cancel(cohort) == 0
    states = sorted(cohort.memberships.values_list("state", flat=True))
    assert states == ["no_show", "no_show", "no_show", "registered"]
    assert not cohort.duties.filter(to_day__isnull=True).exists()
    assert Notice.objects.count() == 3 and actions(cohort).count("cohorts.members.cancel") == 1


def test_who_comes_after_all_gets_the_place_back_unless_taken_elsewhere(cohort: Cohort, at: Any) -> None:
    with at(2026, 9, 17, 8):
        cancel(cohort)
        one, other = cohort.memberships.order_by("pk")[:2]
        assert services.register_members(actor=office(), cohort=cohort, members=[one]) == 1
        CohortFactory(running=True, members=[other.user], title="同期的班")
        with pytest.raises(DomainError, match="同期已在“同期的班"):
            services.register_members(actor=office(), cohort=cohort, members=[other])


def test_a_tap_on_the_wrong_name_is_taken_back_until_attendance_is_recorded() -> None:
    cohort = CohortFactory(running=True, members=2)
    one = cohort.memberships.order_by("pk")[0]
    services.undo_arrival(actor=teacher_of(cohort), membership=one)
    one.refresh_from_db()
    assert (one.state, one.registered_at) == (MembershipState.CONFIRMED, None)
    services.undo_arrival(actor=teacher_of(cohort), membership=one)
    assert actions(cohort).count("cohorts.members.undo_arrival") == 1
    attend(cohort)
    with pytest.raises(DomainError, match="已有考勤记录，不能撤销报到"):
        services.undo_arrival(actor=teacher_of(cohort), membership=cohort.memberships.order_by("pk")[1])


def test_tapped_twice_is_once(cohort: Cohort, at: Any) -> None:
    one = cohort.memberships.order_by("pk")[0]
    assert services.register_members(actor=office(), cohort=cohort, members=[one]) == 1
    with at(2026, 9, 14, 11):
        assert services.register_members(actor=office(), cohort=cohort, members=[one]) == 0
    one.refresh_from_db()
    assert one.registered_at.hour == 2, "10:00 in Shanghai, of the first tap"
    assert actions(cohort).count("cohorts.members.register") == 1


def test_the_database_lets_a_place_be_taken_once(cohort: Cohort, bureau: Unit) -> None:
    old, *_rest = cohort.memberships.order_by("pk")
    replace(cohort, substitute(bureau))
    other = substitute(bureau)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(cohort=cohort, user=other, unit=bureau, replaces=old)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=old.pk).update(replaces=old.pk)


# Offices of the class.


def party(cohort: Cohort, place: int = 0, words: str = "中共党员") -> Membership:
    member = cohort.memberships.select_related("user").order_by("pk")[place]
    User.objects.filter(pk=member.user_id).update(political_status=words)
    member.user.political_status = words
    return member


def give(member: Membership, title: str, **more: Any) -> Any:
    return services.give_duty(**{"actor": office(), "membership": member, "office": title, "from_day": MONDAY, **more})


def test_an_office_has_one_holder_and_a_history(cohort: Cohort) -> None:
    first, second = cohort.memberships.order_by("pk")[:2]
    held = give(first, "monitor")
    assert give(first, "monitor") == held
    give(second, "monitor", from_day=MONDAY + timedelta(days=2))
    rows = [(d.membership_id, d.from_day, d.to_day) for d in cohort.duties.order_by("pk")]
    assert rows == [(first.pk, MONDAY, MONDAY + timedelta(days=2)), (second.pk, MONDAY + timedelta(days=2), None)]
    with pytest.raises(DomainError, match="晚于所填日期"):
        give(first, "monitor", from_day=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        cohort.duties.create(membership=first, office="monitor", from_day=MONDAY, appointed_by=office())


def test_an_office_is_ended_once(cohort: Cohort) -> None:
    duty = give(cohort.memberships.order_by("pk")[0], "study")
    with pytest.raises(DomainError, match="免职日期不能早于任职日期"):
        services.end_duty(actor=office(), duty=duty, to_day=MONDAY - timedelta(days=1))
    services.end_duty(actor=office(), duty=duty, to_day=MONDAY)
    with pytest.raises(Conflict, match="已由他人免去"):
        services.end_duty(actor=office(), duty=duty, to_day=MONDAY)


@pytest.mark.parametrize("words", ["群众", "中共预备党员", "民革党员", ""])
def test_the_party_branch_is_for_full_party_members(cohort: Cohort, words: str) -> None:
    with pytest.raises(DomainError, match="政治面貌不是中共党员，不能担任临时党支部书记"):
        give(party(cohort, 0, words), "branch_secretary")
    assert give(party(cohort, 1), "branch_secretary").title == "临时党支部书记"


def test_a_group_is_led_by_one_of_its_own(cohort: Cohort) -> None:
    member = cohort.memberships.select_related("group").order_by("pk")[0]
    other = cohort.groups.exclude(pk=member.group_id).get()
    with pytest.raises(DomainError, match="请先调整小组再任组长"):
        give(member, "group_leader", group=other)
    with pytest.raises(DomainError, match="请选择是哪个小组的组长"):
        give(member, "group_leader")
    duty = give(member, "group_leader", group=member.group)
    assert duty.title == f"第{member.group.number}组组长"
    services.move_members(actor=office(), cohort=cohort, members=[member], group=other)
    duty.refresh_from_db()
    assert duty.to_day == MONDAY


def test_groups_formed_anew_have_no_leaders_yet(cohort: Cohort) -> None:
    member = cohort.memberships.select_related("group").order_by("pk")[0]
    duty = give(member, "group_leader", group=member.group)
    monitor = give(member, "monitor")
    services.form_groups(actor=office(), cohort=cohort, size=4)
    duty.refresh_from_db()
    monitor.refresh_from_db()
    assert duty.to_day and monitor.to_day is None


def test_who_does_not_come_holds_nothing(cohort: Cohort) -> None:
    member = cohort.memberships.order_by("pk")[0]
    give(member, "life")
    services.mark_no_show(actor=office(), cohort=cohort, members=[member], reason="出差")
    assert not cohort.duties.filter(to_day__isnull=True).exists()
    member.refresh_from_db()
    with pytest.raises(DomainError, match="不在班，不能担任"):
        give(member, "life")


# A class that is over.


def every_act(cohort: Cohort) -> dict[str, Any]:
    one = cohort.memberships.select_related("user", "cohort").order_by("pk")[0]
    group = cohort.groups.order_by("number")[0]
    actor = office()
    return {
        "register": lambda: services.register_members(actor=actor, cohort=cohort, members=[one]),
        "undo": lambda: services.undo_arrival(actor=actor, membership=one),
        "no_show": lambda: services.mark_no_show(actor=actor, cohort=cohort, members=[one], reason="x"),
        "cancel": lambda: services.cancel_places(actor=actor, cohort=cohort, members=[one], reason="x"),
        "replace": lambda: services.replace_member(actor=actor, membership=one, by=substitute(one.unit), reason="x"),
        "photo": lambda: services.put_photo(actor=actor, membership=one, file=portrait()),
        "no_photo": lambda: services.remove_photo(actor=actor, membership=one),
        "lodge": lambda: services.lodge(actor=actor, membership=one, room="301"),
        "lodging": lambda: services.import_lodging(actor=actor, cohort=cohort, name="a.csv", data=b"\xe5\xb7\xa5"),
        "duty": lambda: services.give_duty(actor=actor, membership=one, office="monitor", from_day=MONDAY),
        "groups": lambda: services.form_groups(actor=actor, cohort=cohort, size=2),
        "move": lambda: services.move_members(actor=actor, cohort=cohort, members=[one], group=group),
        "add": lambda: services.add_members(actor=actor, cohort=cohort, users=people(1)),
    }


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_a_class_that_is_over_is_to_read_only(state: str) -> None:
    cohort = closed(members=3, size=2)
    if state == "archived":
        services.advance(actor=office(), cohort=cohort, to="archived")
    before = list(cohort.memberships.order_by("pk").values())
    word = {"closed": "已结班", "archived": "已归档"}[state]
    with clock.freeze(AFTER):
        for name, act in every_act(cohort).items():
            with pytest.raises(DomainError, match=f"目前是“{word}”，不能办理") as told:
                act()
            assert told.value.code == "wrong_state", name
    assert list(cohort.memberships.order_by("pk").values()) == before


def test_control_the_same_acts_go_through_while_the_class_is_on() -> None:
    """Of those that need no other state: otherwise the refusals above might have another cause."""
    cohort = CohortFactory(running=True, members=3, size=2)
    for name, act in every_act(cohort).items():
        if name not in ("cancel", "replace", "lodging"):
            with transaction.atomic():
                act()
                transaction.set_rollback(True)


def test_training_again_in_a_new_class_does_not_reopen_the_old_one() -> None:
    old = closed(members=2)
    again = [m.user for m in old.memberships.all()]
    new = CohortFactory(starts_on=MONDAY + timedelta(days=28), ends_on=MONDAY + timedelta(days=32))
    for person in again:
        grant(person, Role.TRAINEE)
    assert services.add_members(actor=office(), cohort=new, users=again) == 2
    old.refresh_from_db()
    assert old.state == "closed" and set(old.memberships.values_list("state", flat=True)) == {"graduated"}
