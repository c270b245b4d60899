"""Naming, review, confirming, the waiting list and replacement, as the services do them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from assessments.models import Submission
from cohorts.models import CohortState, Membership, MembershipState
from cohorts.services import add_members, cancel_places, mark_no_show, register_members, replace_member
from core import clock
from core.errors import Conflict, DomainError
from core.models import Notice
from people.models import Role, User
from planning.models import CallUp, Nomination, Quota
from planning.reading.filled import places_left
from planning.services.calls import change_call_up
from planning.services.nominations import (
    apply_for_class,
    nominate,
    nominate_many,
    replace_nominee,
    reply_to_refusal,
    withdraw_nomination,
)
from planning.services.places import confirm, confirm_many, give_up_place, next_in_queue, queue_many, refuse
from planning.services.reviewing import agree_many, review, take_up_again
from planning.services.stand_ins import arrange_stand_in, end_stand_in
from planning.services.waiting import settle
from tests.conftest import MOMENT
from tests.factories.assessments import make_task
from tests.factories.cohorts import CohortFactory, teacher_of
from tests.factories.people import PostingFactory, UnitFactory, UserFactory, grant
from tests.factories.planning_calls import STARTS, Scene, cadres, call_up, named, planned, scene

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.freeze(MOMENT):
        yield


def used(row: CallUp) -> int:
    return Quota.objects.get(call_up=row).used


def taken(row: CallUp) -> int:
    return CallUp.objects.get(pk=row.pk).taken


def holds_together(row: CallUp) -> None:
    """The counters are what the rows say."""
    rows = Nomination.objects.filter(call_up=row)
    assert taken(row) == rows.filter(state="confirmed").count()
    for quota in Quota.objects.filter(call_up=row):
        counted = rows.filter(quota=quota, counted=True)
        assert quota.used == counted.count()
        assert not counted.exclude(state__in=["reviewing", "at_office", "confirmed"]).exists()


# naming


def test_the_fourth_of_three_is_refused_with_the_reason() -> None:
    where = scene()
    row, people = call_up(where), cadres(where.bureau, 4)
    with pytest.raises(DomainError, match="名额为 3 人，已用 0 人，还剩 3 人，这次需要 4 人"):
        nominate_many(actor=where.clerk, call_up=row, users=people)
    assert not row.nominations.exists()
    nominate_many(actor=where.clerk, call_up=row, users=people[:3])
    with pytest.raises(DomainError, match="名额为 3 人，已用 3 人，还剩 0 人") as refusal:
        nominate(actor=where.clerk, call_up=row, user=people[3])
    assert refusal.value.code == "over_quota"
    holds_together(row)


def test_a_double_click_is_one_nomination() -> None:
    where = scene()
    row, (one,) = call_up(where), cadres(where.bureau, 1)
    first, second = (nominate(actor=where.clerk, call_up=row, user=one) for _ in range(2))
    assert first == second and used(row) == 1


def test_another_class_on_the_same_days_is_refused_by_name() -> None:
    where = scene()
    row, (member, nominee, free) = call_up(where), cadres(where.bureau, 3)
    other = CohortFactory(confirmed=True, members=[member], starts_on=STARTS, ends_on=STARTS, days=0)
    elsewhere = call_up(where, cohort=planned(host=where.city))
    named(where, elsewhere, [nominee])
    with pytest.raises(DomainError, match=f"{member.name}：同期已在“{other.full_title}”"):
        nominate_many(actor=where.clerk, call_up=row, users=[member, free])
    with pytest.raises(DomainError, match=f"同期已被提名参加“{elsewhere.cohort.full_title}”"):
        nominate(actor=where.clerk, call_up=row, user=nominee)
    result = nominate_many(actor=where.clerk, call_up=row, users=[member, nominee, free], skip_refused=True)
    assert [n.user for n in result.made] == [free] and set(result.refused) == {member.pk, nominee.pk}


def test_the_same_theme_in_the_last_year_is_a_warning_that_stays() -> None:
    where = scene()
    (one,) = cadres(where.bureau, 1)
    earlier = CohortFactory(running=True, members=[one], starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 6), days=0)
    CallUp.objects.create(
        cohort=earlier, theme="digital", places=1, nominate_by=date(2026, 2, 1), made_by=where.office
    )  # fmt: skip
    made = nominate(actor=where.clerk, call_up=call_up(where), user=one)
    assert made.warnings == [f"近一年参加过同主题（数字政府）的“{earlier.full_title}”（2026年3月）"]
    assert not nominate(actor=where.clerk, call_up=made.call_up, user=cadres(where.bureau, 1)[0]).warnings


def test_who_does_not_match_or_comes_late_is_refused() -> None:
    where = scene()
    (one,) = cadres(where.bureau, 1)
    row = call_up(where, regime="senior")
    with pytest.raises(DomainError, match="不在对象范围内（县处级及以上、四级调研员及以上）"):
        nominate(actor=where.clerk, call_up=row, user=one)
    (senior,) = cadres(where.bureau, 1, level="county_head", rank="")
    with clock.freeze(datetime(2026, 9, 26, 9, tzinfo=SHANGHAI)):
        with pytest.raises(DomainError, match="报名已于2026年9月25日截止"):
            nominate(actor=where.clerk, call_up=row, user=senior)
        now = CallUp.objects.get(pk=row.pk)
        change_call_up(actor=where.office, call_up=now, version=now.version, nominate_by=date(2026, 9, 30))
        assert nominate(actor=where.clerk, call_up=row, user=senior).state == "at_office"


def test_only_ones_own_people_by_unit_and_by_management() -> None:
    where = scene()
    row = call_up(where)
    chief = UserFactory(unit=where.bureau, managed_by=where.city, name="局长")
    PostingFactory(user=chief)
    for actor in (where.clerk, where.admins["division"]):
        with pytest.raises(DomainError, match="局长不在您的管理范围内"):
            nominate(actor=actor, call_up=row, user=chief)
    (one,) = cadres(where.bureau, 1)
    with pytest.raises(DomainError, match="不在您的管理范围内"):
        nominate(actor=where.admins["division"], call_up=row, user=one)
    with pytest.raises(DomainError, match="不能为自己提名"):
        nominate(actor=where.clerk, call_up=row, user=where.clerk)
    outside = UnitFactory(parent=where.city, name="云山市水务局")
    admin = UserFactory(unit=outside, role=Role.UNIT_ADMIN)
    with pytest.raises(DomainError, match="没有名额"):
        nominate(actor=admin, call_up=row, user=cadres(outside, 1)[0])


# review


def test_three_levels_then_the_office() -> None:
    where = scene()
    row, (one,) = call_up(where), cadres(where.section, 1)
    made = nominate(actor=where.admins["section"], call_up=row, user=one, reason="骨干")
    steps = list(made.steps.order_by("position"))
    assert [step.unit for step in steps] == [where.section, where.division, where.bureau, None]
    assert (steps[0].decision, steps[1].due_on) == ("agreed", date(2026, 9, 17))
    now = Nomination.objects.get(pk=made.pk)
    with pytest.raises(DomainError, match="这一环节不由您审核"):
        review(actor=where.clerk, nomination=now, position=1, agree=True)
    now = review(actor=where.admins["division"], nomination=now, position=1, agree=True)
    assert (now.state, now.step) == ("reviewing", 2)
    with pytest.raises(Conflict, match="“公路管理处”这一环节已由管公路于9月14日 10:00 办理：同意"):
        review(actor=where.admins["division"], nomination=now, position=1, agree=False, reason="迟")
    now = review(actor=where.clerk, nomination=now, position=2, agree=True)
    assert (now.state, now.step) == ("at_office", 3)
    confirm(actor=where.office, nomination=now)
    now.refresh_from_db()
    assert now.state == "confirmed" and now.membership.user == one and taken(row) == used(row) == 1
    assert Notice.objects.filter(recipient=one, title="您的调训报名有新的办理情况").exists()
    holds_together(row)


def test_many_are_agreed_to_at_once_and_what_was_decided_stays() -> None:
    where = scene()
    row = call_up(where)
    division = where.admins["division"]
    rows = named(where, row, cadres(where.section, 3), by=where.admins["section"])
    review(actor=division, nomination=rows[0], position=1, agree=False, reason="另议")
    assert agree_many(actor=division, call_up=row, nominations=rows) == 2
    assert agree_many(actor=division, call_up=row, nominations=[]) == 0
    assert sorted(row.nominations.values_list("state", "step")) == [
        ("refused", 1), ("reviewing", 2), ("reviewing", 2),
    ]  # fmt: skip
    with pytest.raises(DomainError, match="有的不由您审核"):
        agree_many(actor=division, call_up=row, nominations=rows)
    assert agree_many(actor=where.clerk, call_up=row, nominations=rows) == 2
    assert row.nominations.filter(state="at_office").count() == 2
    holds_together(row)


def test_straight_to_the_office_and_units_without_administrator_are_left_out() -> None:
    where = scene()
    empty = UnitFactory(parent=where.division, name="无人科")
    grandchild = UnitFactory(parent=empty, name="班组")
    admin = UserFactory(unit=grandchild, role=Role.UNIT_ADMIN)
    made = nominate(actor=admin, call_up=call_up(where), user=cadres(grandchild, 1)[0])
    assert [s.unit for s in made.steps.order_by("position")] == [grandchild, where.division, where.bureau, None]
    direct = call_up(where, cohort=planned(host=where.city, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 3)),
                     route="direct")  # fmt: skip
    made = nominate(actor=where.admins["section"], call_up=direct, user=cadres(where.section, 1)[0])
    assert [s.unit for s in made.steps.order_by("position")] == [where.section, None]
    assert Nomination.objects.get(pk=made.pk).state == "at_office"


def test_the_quota_units_word_is_final_where_the_office_says_so() -> None:
    where = scene()
    row = call_up(where, unit_confirms=True)
    made = nominate(actor=where.admins["division"], call_up=row, user=cadres(where.division, 1)[0])
    now = review(actor=where.clerk, nomination=made, position=1, agree=True)
    assert now.state == "confirmed" and Membership.objects.get(pk=now.membership_id).cohort == row.cohort
    own = nominate(actor=where.clerk, call_up=row, user=cadres(where.bureau, 1)[0])
    assert Nomination.objects.get(pk=own.pk).state == "confirmed"
    holds_together(row)


def test_whom_the_unit_confirms_gets_what_the_class_has_in_the_offices_name() -> None:
    where = scene()
    row = call_up(where, unit_confirms=True)
    make_task([teacher_of(row.cohort)], [], actor=where.office, context_key=row.cohort.context_key)
    (one,) = cadres(where.bureau, 1)
    nominate(actor=where.clerk, call_up=row, user=one)
    assert Submission.objects.get().user == one


def test_a_refusal_has_a_reason_one_reply_and_may_be_taken_up_again() -> None:
    where = scene()
    row, (one,) = call_up(where), cadres(where.section, 1)
    made = nominate(actor=where.admins["section"], call_up=row, user=one)
    with pytest.raises(DomainError, match="不同意请写明理由"):
        review(actor=where.admins["division"], nomination=made, position=1, agree=False)
    now = review(actor=where.admins["division"], nomination=made, position=1, agree=False, reason="近期有专项任务")
    assert (now.state, now.end_reason, used(row)) == ("refused", "近期有专项任务", 0)
    with pytest.raises(DomainError, match="还没有回复"):
        take_up_again(actor=where.office, nomination=now)
    reply_to_refusal(actor=where.admins["section"], nomination=now, text="任务已结束")
    with pytest.raises(Conflict, match="只能就未通过的提名回复一次"):
        reply_to_refusal(actor=where.admins["section"], nomination=now, text="再说一次")
    assert Notice.objects.filter(recipient=where.office, title="单位对未通过的提名作了回复").exists()
    now = take_up_again(actor=where.office, nomination=now)
    assert now.state == "at_office" and now.ended_at is None and used(row) == 1
    confirm(actor=where.office, nomination=now)
    holds_together(row)


def test_nobody_reviews_a_nomination_of_themselves() -> None:
    where = scene()
    deputy = UserFactory(unit=where.division, name="副手", role=Role.UNIT_ADMIN)
    PostingFactory(user=deputy)
    made = nominate(actor=where.clerk, call_up=call_up(where), user=deputy)
    assert made.steps.count() == 2
    other = call_up(where, cohort=planned(host=where.city, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 3)))
    section = UserFactory(unit=where.section, name="科里", managed_by=where.section)
    PostingFactory(user=section)
    grant(section, Role.UNIT_ADMIN, where.division)
    made = nominate(actor=where.admins["section"], call_up=other, user=section)
    with pytest.raises(DomainError, match="这一环节不由您审核"):
        review(actor=section, nomination=made, position=1, agree=True)
    assert review(actor=deputy, nomination=made, position=1, agree=True).step == 2


def test_who_stands_in_decides_within_the_days_and_is_named_so() -> None:
    where = scene()
    row = call_up(where)
    helper = UserFactory(unit=where.division, name="代班")
    first = nominate(actor=where.admins["section"], call_up=row, user=cadres(where.section, 1)[0])
    with pytest.raises(DomainError, match="这一环节不由您审核"):
        review(actor=helper, nomination=first, position=1, agree=True)
    today = MOMENT.date()
    arranged = arrange_stand_in(
        actor=where.admins["division"], work_number=helper.work_number, starts_on=today, ends_on=today
    )
    with clock.freeze(datetime(2026, 9, 15, 9, tzinfo=SHANGHAI)):
        helper = User.objects.get(pk=helper.pk)
        with pytest.raises(DomainError, match="代办期限已过"):
            review(actor=helper, nomination=first, position=1, agree=True)
    helper = User.objects.get(pk=helper.pk)
    assert Nomination.objects.visible_to(helper).get() == first
    review(actor=helper, nomination=first, position=1, agree=True)
    step = first.steps.get(position=1)
    assert (step.decided_by, step.on_behalf_of) == (helper, where.admins["division"])
    end_stand_in(actor=where.admins["division"], stand_in=arranged)
    assert not Nomination.objects.visible_to(User.objects.get(pk=helper.pk)).exists()


def test_withdrawn_before_it_is_confirmed_the_place_is_free() -> None:
    where = scene()
    row, (one, two) = call_up(where), cadres(where.bureau, 2)
    made = nominate(actor=where.clerk, call_up=row, user=one)
    withdraw_nomination(actor=where.clerk, nomination=made, reason="岗位调整")
    assert used(row) == 0 and Nomination.objects.get(pk=made.pk).end_reason == "岗位调整"
    with pytest.raises(Conflict, match="现在是“已撤回”"):
        withdraw_nomination(actor=where.clerk, nomination=made)
    second = nominate(actor=where.clerk, call_up=row, user=two)
    confirm(actor=where.office, nomination=Nomination.objects.get(pk=second.pk))
    with pytest.raises(Conflict, match="现在是“已确认”"):
        withdraw_nomination(actor=where.clerk, nomination=second)
    holds_together(row)


# the office


def test_many_are_confirmed_at_once_and_a_second_officer_changes_nothing() -> None:
    where = scene()
    row = call_up(where)
    rows = named(where, row, cadres(where.bureau, 3))
    colleague = UserFactory(unit=where.city, role=Role.TRAINING_OFFICE)
    assert len(confirm_many(actor=where.office, call_up=row, nominations=rows).made) == 3
    again = confirm_many(actor=colleague, call_up=row, nominations=rows)
    assert (len(again.made), len(again.known)) == (0, 3)
    assert Membership.objects.filter(cohort=row.cohort).count() == taken(row) == 3


def test_whom_the_office_takes_in_directly_uses_a_place_like_everybody() -> None:
    where = scene()
    row = call_up(where, places=3, quotas={where.bureau: 3})
    rows = named(where, row, cadres(where.bureau, 3))
    (direct,) = cadres(where.division, 1)
    add_members(actor=where.office, cohort=row.cohort, users=[direct])
    with pytest.raises(DomainError, match="已确认 1 人，还剩 2 个，这次需要 3 个") as refused:
        confirm_many(actor=where.office, call_up=row, nominations=rows)
    assert refused.value.code == "full"
    confirm_many(actor=where.office, call_up=row, nominations=rows[:2])
    with pytest.raises(DomainError, match="共 3 个名额，还剩 0 个，这次需要 2 个"):
        add_members(actor=where.office, cohort=row.cohort, users=cadres(where.division, 2))
    with pytest.raises(DomainError, match="已确认 3 人"):
        change_call_up(actor=where.office, call_up=row, version=CallUp.objects.get(pk=row.pk).version, places=2)
    Membership.objects.filter(user=direct).update(state=MembershipState.ABSENT)
    confirm(actor=where.office, nomination=rows[2])
    assert taken(row) == 3


def test_who_is_in_the_class_already_is_confirmed_on_the_own_place() -> None:
    where = scene()
    row = call_up(where, places=1, quotas={where.bureau: 1})
    (one,) = named(where, row, cadres(where.bureau, 1))
    add_members(actor=where.office, cohort=row.cohort, users=[one.user])
    confirm(actor=where.office, nomination=one)
    assert (taken(row), Membership.objects.count(), places_left(CallUp.objects.get(pk=row.pk))) == (1, 1, 0)


def test_the_office_refuses_with_a_reason_which_is_not_in_the_notice() -> None:
    where = scene()
    row = call_up(where)
    (one,) = named(where, row, cadres(where.bureau, 1))
    with pytest.raises(DomainError, match="请写明不能确认的理由"):
        refuse(actor=where.office, nomination=one, reason=" ")
    refuse(actor=where.office, nomination=one, reason="本期侧重基层一线")
    one.refresh_from_db()
    assert (one.state, used(row)) == ("refused", 0)
    words = " ".join(f"{n.title}{n.text}" for n in Notice.objects.all())
    assert "本期侧重" not in words and one.user.name not in words
    with pytest.raises(DomainError, match="现在是“未通过”"):
        confirm(actor=where.office, nomination=one)


def open_class(where: Scene, places: int = 1) -> CallUp:
    return call_up(where, basis="open", places=places)


def applied(where: Scene, row: CallUp, users: list[User]) -> list[Nomination]:
    made = [apply_for_class(actor=User.objects.get(pk=user.pk), call_up=row, reason="想学") for user in users]
    for one in made:
        review(actor=where.clerk, nomination=one, position=0, agree=True)
    return [Nomination.objects.get(pk=one.pk) for one in made]


def test_the_waiting_list_keeps_its_order_and_its_numbers() -> None:
    where = scene()
    row = open_class(where)
    first, second, third, fourth = applied(where, row, cadres(where.bureau, 4))
    confirm(actor=where.office, nomination=first)
    with pytest.raises(DomainError, match="本班共 1 个名额，已确认 1 人，还剩 0 个"):
        confirm(actor=where.office, nomination=second)
    assert queue_many(actor=where.office, call_up=row, nominations=[third, second]) == 2
    numbers = dict(row.nominations.waiting().values_list("pk", "queue_no"))
    assert numbers == {second.pk: 1, third.pk: 2}
    now = CallUp.objects.get(pk=row.pk)
    assert next_in_queue(now) == []
    withdraw_nomination(actor=second.user, nomination=second, reason="时间冲突")
    queue_many(actor=where.office, call_up=row, nominations=[fourth])
    assert Nomination.objects.get(pk=fourth.pk).queue_no == 3
    give_up_place(actor=where.office, nomination=first, reason="借调")
    assert next_in_queue(CallUp.objects.get(pk=row.pk)) == [third]
    assert Notice.objects.filter(recipient=where.office, title="有名额空出，候补名单里有人等候").exists()
    assert not Nomination.objects.filter(call_up=row, state="confirmed").exists()
    fourth.refresh_from_db()
    with pytest.raises(DomainError, match=r"候补第 2 位.*排在前面"):
        confirm(actor=where.office, nomination=fourth)
    confirm(actor=where.office, nomination=Nomination.objects.get(pk=third.pk))
    holds_together(row)


def test_who_gave_up_may_be_named_and_confirmed_again() -> None:
    where = scene()
    row = call_up(where)
    (one,) = named(where, row, cadres(where.bureau, 1))
    confirm(actor=where.office, nomination=one)
    give_up_place(actor=where.clerk, nomination=one, reason="出差")
    assert Membership.objects.get(cohort=row.cohort).state == "no_show" and taken(row) == used(row) == 0
    again = nominate(actor=where.clerk, call_up=row, user=one.user)
    confirm(actor=where.office, nomination=Nomination.objects.get(pk=again.pk))
    assert Membership.objects.get(cohort=row.cohort).state == "confirmed"
    holds_together(row)


# open classes


@pytest.mark.parametrize(("keeps", "state"), [(True, "waiting"), (False, "at_office")])
def test_beyond_the_places_the_units_final_word_leads_to_the_list_or_the_office(keeps: bool, state: str) -> None:
    where = scene()
    row = call_up(where, basis="open", places=1, unit_confirms=True, keeps_waiting_list=keeps)
    first, second = cadres(where.bureau, 2)
    made = [apply_for_class(actor=one, call_up=row, reason="学") for one in (first, second)]
    assert agree_many(actor=where.clerk, call_up=row, nominations=made) == 2
    assert sorted(row.nominations.values_list("state", flat=True)) == sorted(["confirmed", state])
    late = row.nominations.get(state=state)
    assert late.steps.filter(unit__isnull=True).exists() is (not keeps)
    assert (late.queue_no == 1) is keeps
    holds_together(row)


def test_an_own_application_goes_through_the_unit_to_the_office() -> None:
    where = scene()
    row, (one,) = open_class(where), cadres(where.section, 1)
    made = apply_for_class(actor=one, call_up=row, reason="岗位需要")
    assert apply_for_class(actor=one, call_up=row, reason="再点一次") == made
    assert [s.unit for s in made.steps.order_by("position")] == [where.section, None]
    with pytest.raises(DomainError, match="自主选学，由干部本人报名，单位不提名"):
        nominate(actor=where.clerk, call_up=row, user=one)
    now = review(actor=where.admins["section"], nomination=made, position=0, agree=True)
    assert now.state == "at_office" and now.quota is None


def test_the_chiefs_application_goes_past_the_own_clerk() -> None:
    where = scene()
    chief = UserFactory(unit=where.bureau, managed_by=where.city, role=Role.TRAINEE)
    PostingFactory(user=chief)
    organisation = UserFactory(unit=where.city, role=Role.UNIT_ADMIN, name="市里")
    made = apply_for_class(actor=chief, call_up=open_class(where), reason="学习")
    assert made.unit == where.city
    with pytest.raises(DomainError, match="这一环节不由您审核"):
        review(actor=where.clerk, nomination=made, position=0, agree=True)
    assert not Nomination.objects.visible_to(where.clerk).exists()
    assert review(actor=organisation, nomination=made, position=0, agree=True).state == "at_office"


# replacement


def test_another_in_place_of_who_is_not_confirmed_yet() -> None:
    where = scene()
    row, (one, two) = call_up(where), cadres(where.bureau, 2)
    made = nominate(actor=where.clerk, call_up=row, user=one)
    new = replace_nominee(actor=where.clerk, nomination=made, by=two, reason="换岗")
    made.refresh_from_db()
    assert (made.state, new.replaces, used(row)) == ("withdrawn", made, 1)


def test_a_refused_one_is_replaced_once_and_not_taken_up_beside_it() -> None:
    where = scene()
    row, (one, two, three) = call_up(where), cadres(where.bureau, 3)
    made = nominate(actor=where.clerk, call_up=row, user=one)
    refuse(actor=where.office, nomination=made, reason="另选")
    replace_nominee(actor=where.clerk, nomination=made, by=two, reason="换人")
    with pytest.raises(DomainError, match="替换，请先撤回那份提名"):
        replace_nominee(actor=where.clerk, nomination=made, by=three, reason="再换")
    reply_to_refusal(actor=where.clerk, nomination=made, text="仍请考虑")
    with pytest.raises(DomainError, match="单位已另提名"):
        take_up_again(actor=where.office, nomination=made)
    holds_together(row)


def test_a_confirmed_one_keeps_the_place_until_the_office_has_decided() -> None:
    where = scene()
    row = call_up(where)
    (one,) = named(where, row, cadres(where.bureau, 1))
    confirm(actor=where.office, nomination=one)
    (two, three) = cadres(where.bureau, 2)
    new = replace_nominee(actor=where.clerk, nomination=one, by=two, reason="住院")
    assert replace_nominee(actor=where.clerk, nomination=one, by=two, reason="再点一次") == new
    with pytest.raises(DomainError, match=r"已提名.*替换，请先撤回"):
        replace_nominee(actor=where.clerk, nomination=one, by=three, reason="又换")
    assert (used(row), taken(row)) == (1, 1) and Nomination.objects.get(pk=one.pk).state == "confirmed"
    confirm(actor=where.office, nomination=Nomination.objects.get(pk=new.pk))
    old = Nomination.objects.get(pk=one.pk)
    assert old.state == "withdrawn" and two.name in old.end_reason
    assert set(row.cohort.memberships.expected().values_list("user", flat=True)) == {two.pk}
    assert (used(row), taken(row)) == (1, 1)
    holds_together(row)


def begun(where: Scene, row: CallUp) -> None:
    type(row.cohort).objects.filter(pk=row.cohort_id).update(state=CohortState.CONFIRMED)


def test_a_refused_replacement_taken_up_again_still_uses_the_place_of_whom_it_replaces() -> None:
    where = scene()
    row = call_up(where, quotas={where.bureau: 1})
    (one,) = named(where, row, cadres(where.bureau, 1))
    confirm(actor=where.office, nomination=one)
    two, three = cadres(where.bureau, 2)
    new = replace_nominee(actor=where.clerk, nomination=one, by=two, reason="住院")
    refuse(actor=where.office, nomination=new, reason="另选")
    reply_to_refusal(actor=where.clerk, nomination=new, text="没有别人")
    other = replace_nominee(actor=where.clerk, nomination=one, by=three, reason="再提")
    with pytest.raises(DomainError, match="单位已另提名"):
        take_up_again(actor=where.office, nomination=new)
    withdraw_nomination(actor=where.clerk, nomination=other, reason="撤")
    confirm(actor=where.office, nomination=take_up_again(actor=where.office, nomination=new))
    assert (used(row), taken(row)) == (1, 1)
    holds_together(row)


def test_on_day_one_the_classes_own_replacement_is_used_and_keeps_the_trail() -> None:
    where = scene()
    row = call_up(where)
    (one,) = named(where, row, cadres(where.bureau, 1))
    confirm(actor=where.office, nomination=one)
    begun(where, row)
    (two,) = cadres(where.bureau, 1)
    with clock.freeze(datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)):
        new = replace_nominee(actor=where.clerk, nomination=one, by=two, reason="突发任务")
        confirm(actor=where.office, nomination=Nomination.objects.get(pk=new.pk))
    new.refresh_from_db()
    assert new.membership.replaces == Membership.objects.get(user=one.user)
    holds_together(row)


def test_places_lost_in_the_class_are_free_and_substitutes_at_the_desk_get_their_nomination() -> None:
    where = scene()
    row = call_up(where)
    rows = named(where, row, cadres(where.bureau, 3))
    confirm_many(actor=where.office, call_up=row, nominations=rows)
    begun(where, row)
    members = {m.user_id: m for m in row.cohort.memberships.all()}
    came, swapped, lost = (members[n.user_id] for n in rows)
    (substitute,) = cadres(where.bureau, 1)
    with clock.freeze(datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)):
        register_members(actor=where.office, cohort=row.cohort, members=[came])
        replace_member(actor=where.office, membership=swapped, by=substitute, reason="换人")
        mark_no_show(actor=where.office, cohort=row.cohort, members=[lost], reason="未到")
        assert settle(call_up=row) == 1
        assert taken(row) == 3
    type(lost).objects.filter(pk=lost.pk).update(state="confirmed", ended_on=None)
    with clock.freeze(datetime(2026, 10, 20, 9, tzinfo=SHANGHAI)):
        cancel_places(actor=where.office, cohort=row.cohort, members=[lost], reason="逾期未报到")
        assert settle(call_up=row) == 1 and settle(call_up=row) == 0
    new = row.nominations.get(user=substitute)
    assert (new.state, new.replaces, taken(row), used(row)) == ("confirmed", rows[1], 2, 2)
    holds_together(row)
