"""The class space: who may write what, what members are told, and that a closed class stays as it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cohorts import services
from cohorts.models import ClassNotice, Cohort, CohortStaff, Group, Material, Membership, PhoneConsent, Post, PostReport
from cohorts.services import space
from cohorts.tasks import announce_notices
from core import clock
from core.errors import Conflict, DomainError
from core.models import Notice
from people.models import User
from tests.factories import space as made
from tests.factories.cohorts import AFTER, FIRST, CohortFactory, closed, office, teacher_of
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def cohort() -> Cohort:
    """Six members in two groups of three."""
    return CohortFactory(running=True, members=6, size=3)


def member(cohort: Cohort, number: int = 0) -> Membership:
    return cohort.memberships.select_related("user", "cohort", "group").order_by("pk")[number]


def told(user: User) -> list[str]:
    return list(user.notices.values_list("title", flat=True))


# Notices.


def test_a_notice_is_out_at_once_and_every_member_is_told_once(cohort: Cohort) -> None:
    one = made.notice(cohort)
    assert Notice.objects.filter(key=f"class-notice:{one.public_id}").count() == 6
    assert told(member(cohort).user) == ["班级通知：明天上午调课"]
    assert one.text not in Notice.objects.values_list("text", flat=True)
    announce_notices()
    assert told(member(cohort).user) == ["班级通知：明天上午调课"]


@pytest.mark.django_db(transaction=True)
def test_a_replaced_or_dropped_attachment_leaves_the_storage(cohort: Cohort) -> None:
    one = made.notice(cohort, file=made.checked())
    first, storage = one.file.name, one.file.storage
    same = {"actor": teacher_of(cohort), "title": one.title, "text": one.text}
    one = space.edit_notice(notice=one, version=1, file=made.checked(data=made.PDF + b"2"), **same)
    second = one.file.name
    assert not storage.exists(first) and storage.exists(second)
    one = space.edit_notice(notice=one, version=2, **same)
    assert storage.exists(second), "another change keeps it"
    space.edit_notice(notice=one, version=3, drop_file=True, **same)
    assert not storage.exists(second)


def test_a_notice_to_a_group_reaches_that_group_alone(cohort: Cohort) -> None:
    first, second = member(cohort, 0), member(cohort, 1)
    made.notice(cohort, groups=[first.group])
    assert first.group != second.group
    assert told(first.user) and not told(second.user)
    assert ClassNotice.objects.for_member(first, clock.now()).count() == 1
    assert ClassNotice.objects.for_member(second, clock.now()).count() == 0


def test_a_scheduled_notice_appears_and_is_told_when_it_is_due(cohort: Cohort) -> None:
    due = clock.now() + timedelta(hours=3)
    made.notice(cohort, publish_at=due)
    announce_notices()
    assert not told(member(cohort).user)
    assert not ClassNotice.objects.for_member(member(cohort), clock.now()).exists()
    with clock.freeze(due):
        assert ClassNotice.objects.for_member(member(cohort), clock.now()).exists(), "by query, without the task"
        announce_notices()
        announce_notices()
    assert len(told(member(cohort).user)) == 1


def test_a_scheduled_notice_that_was_withdrawn_is_told_to_nobody(cohort: Cohort) -> None:
    due = clock.now() + timedelta(hours=3)
    one = made.notice(cohort, publish_at=due)
    space.withdraw_notice(actor=teacher_of(cohort), notice=one, reason="时间有误")
    with clock.freeze(due):
        assert space.announce_due() == 0
    assert not told(member(cohort).user)


def test_the_same_key_writes_one_notice(cohort: Cohort) -> None:
    key = uuid.uuid4()
    assert made.notice(cohort, client_key=key) == made.notice(cohort, client_key=key)
    assert ClassNotice.objects.count() == 1 and len(told(member(cohort).user)) == 1


def test_groups_that_are_added_later_are_told_then(cohort: Cohort) -> None:
    first, second = cohort.groups.order_by("number")
    one = made.notice(cohort, groups=[first])
    same = {"actor": teacher_of(cohort), "title": one.title, "text": one.text}
    space.edit_notice(notice=one, version=one.version, groups=[first, second], **same)
    assert {len(told(m.user)) for m in cohort.memberships.select_related("user")} == {1}


def test_the_time_of_a_notice_that_is_out_is_not_changed(cohort: Cohort) -> None:
    one = made.notice(cohort)
    out = one.publish_at
    later = clock.now() + timedelta(days=1)
    changed = space.edit_notice(
        actor=teacher_of(cohort), notice=one, version=1, title="改", text="改过", publish_at=later
    )
    assert (changed.publish_at, changed.title, changed.version) == (out, "改", 2)
    assert changed.edited_at == clock.now()


def test_who_opened_counts_once_each(cohort: Cohort) -> None:
    one = made.notice(cohort)
    for _n in range(2):
        space.note_opening(notice=one, member=member(cohort))
    space.note_opening(notice=one, member=member(cohort, 1))
    assert one.openings.count() == 2


def test_withdrawing_needs_a_reason_and_happens_once(cohort: Cohort) -> None:
    one = made.notice(cohort)
    with pytest.raises(DomainError, match="请写明原因"):
        space.withdraw_notice(actor=teacher_of(cohort), notice=one, reason=" \u200b ")
    space.withdraw_notice(actor=teacher_of(cohort), notice=one, reason="重复")
    with pytest.raises(Conflict):
        space.withdraw_notice(actor=teacher_of(cohort), notice=one, reason="重复")
    with pytest.raises(DomainError, match="已经撤回"):
        space.edit_notice(actor=teacher_of(cohort), notice=one, version=2, title="又", text="又")
    assert not ClassNotice.objects.for_member(member(cohort), clock.now()).exists()


def test_a_group_that_was_written_to_survives_a_new_dealing(cohort: Cohort) -> None:
    last = cohort.groups.get(number=2)
    one = made.notice(cohort, groups=[last])
    services.form_groups(actor=teacher_of(cohort), cohort=cohort, size=6)
    assert list(one.groups.all()) == [last], "else the notice would be one for the whole class"
    assert not ClassNotice.objects.for_member(member(cohort), clock.now()).exists()


def test_control_a_group_nobody_wrote_to_is_dropped(cohort: Cohort) -> None:
    services.form_groups(actor=teacher_of(cohort), cohort=cohort, size=6)
    assert Group.objects.filter(cohort=cohort).count() == 1


# Materials.


def test_replacing_keeps_the_versions_and_the_same_file_makes_none(cohort: Cohort) -> None:
    one = made.material(cohort)
    with_new = {"actor": teacher_of(cohort), "title": one.title}
    one = space.change_material(material=one, version=1, file=made.checked(data=made.PDF + b"2"), **with_new)
    one = space.change_material(material=one, version=2, file=made.checked(data=made.PDF + b"2"), **with_new)
    assert [f.number for f in one.files.all()] == [2, 1]
    with one.files.last().file.open() as first:
        assert first.read() == made.PDF
    with pytest.raises(Conflict):
        space.change_material(material=one, version=1, **with_new)


def test_a_material_keeps_when_its_lesson_is_taken_off_the_timetable(cohort: Cohort) -> None:
    one = made.material(cohort, session=cohort.sessions.last())
    services.remove_session(actor=teacher_of(cohort), session=cohort.sessions.last())
    one.refresh_from_db()
    assert one.session is None and Material.objects.shown(clock.now()).filter(pk=one.pk).exists()


def test_a_lesson_or_group_of_another_class_is_refused(cohort: Cohort) -> None:
    other = CohortFactory(running=True, members=2, size=2)
    with pytest.raises(DomainError, match="不在本班课表"):
        made.material(cohort, session=other.sessions.first())
    with pytest.raises(DomainError, match="不在本班"):
        made.notice(cohort, groups=[other.groups.first()])
    with pytest.raises(DomainError, match="自己的小组"):
        made.topic(cohort, group=other.groups.first())


# The discussion.


def test_the_same_key_writes_one_topic_and_one_answer(cohort: Cohort) -> None:
    key, user = uuid.uuid4(), member(cohort).user
    topic = made.topic(cohort, user, client_key=key)
    assert made.topic(cohort, user, client_key=key) == topic
    second = uuid.uuid4()
    assert made.answer(topic, user, client_key=second) == made.answer(topic, user, client_key=second)
    assert Post.objects.count() == 2


def test_the_database_itself_takes_a_key_once(cohort: Cohort) -> None:
    topic = made.topic(cohort)
    first = topic.posts.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(topic=topic, author=first.author, text="又一次", client_key=first.client_key)


def test_a_member_writes_ten_times_in_ten_minutes_and_no_more(cohort: Cohort) -> None:
    topic, user = made.topic(cohort), member(cohort).user
    for n in range(10):
        made.answer(topic, user, f"第{n}条")
    with pytest.raises(DomainError, match="10 分钟内最多发 10 条"):
        made.answer(topic, user)
    made.answer(topic, member(cohort, 1).user)
    with clock.freeze(clock.now() + timedelta(minutes=10)):
        made.answer(topic, user)


@pytest.mark.parametrize("text", ["", " \u200b\n ", "长" * 2001])
def test_nothing_and_too_much_are_refused(cohort: Cohort, text: str) -> None:
    with pytest.raises(DomainError, match=r"请填写内容|不超过 2000 字，现在有 2001 字"):
        made.answer(made.topic(cohort), member(cohort).user, text)


def test_own_words_may_be_changed_for_fifteen_minutes(cohort: Cohort) -> None:
    user = member(cohort).user
    post = made.answer(made.topic(cohort), user)
    start = clock.now()
    with clock.freeze(start + timedelta(minutes=15)):
        post = space.edit_post(actor=user, post=post, text="改过的话")
    assert post.edited_at is not None
    with (
        clock.freeze(start + timedelta(minutes=15, seconds=1)),
        pytest.raises(DomainError, match="15 分钟后不能再修改"),
    ):
        space.edit_post(actor=user, post=post, text="太晚了")
    with pytest.raises(DomainError, match="只能修改自己"):
        space.edit_post(actor=member(cohort, 1).user, post=post, text="别人的")


def test_a_topic_of_a_group_is_for_that_group_and_the_staff(cohort: Cohort) -> None:
    first, second = member(cohort, 0), member(cohort, 1)
    topic = made.topic(cohort, first.user, group=first.group)
    with pytest.raises(DomainError, match="只能在本班或者自己的小组"):
        made.topic(cohort, second.user, group=first.group)
    with pytest.raises(DomainError):
        made.answer(topic, second.user)
    with pytest.raises(DomainError):
        space.report_post(actor=second.user, post=topic.posts.get(), reason="看不到也想举报")
    made.answer(topic, teacher_of(cohort))


def test_a_lecturer_answers_and_opens_no_topic(cohort: Cohort) -> None:
    lecturer = UserFactory(role="lecturer")
    topic = made.topic(cohort)
    with pytest.raises(DomainError):
        made.answer(topic, lecturer)
    CohortStaff.objects.create(cohort=cohort, user=lecturer, duty="lecturer")
    made.answer(topic, lecturer)
    with pytest.raises(DomainError):
        made.topic(cohort, lecturer)


def test_a_report_reaches_the_staff_keeps_the_words_and_is_settled_by_hiding(cohort: Cohort) -> None:
    author, reader = member(cohort).user, member(cohort, 1).user
    post = made.answer(made.topic(cohort), author, "不当的话")
    report = space.report_post(actor=reader, post=post, reason="言语不当")
    assert space.report_post(actor=reader, post=post, reason="再报一次") == report
    assert told(teacher_of(cohort)) == ["班级讨论有一条举报待处理"]
    space.edit_post(actor=author, post=post, text="改口")
    with pytest.raises(DomainError, match="不能举报自己"):
        space.report_post(actor=author, post=post, reason="自己")
    space.hide_post(actor=teacher_of(cohort), post=post, reason="违反班规")
    report.refresh_from_db()
    assert (report.outcome, report.text) == ("hidden", "不当的话")
    mine = author.notices.get()
    assert "隐藏" in mine.title and "违反班规" not in mine.title + mine.text
    with pytest.raises(Conflict):
        space.keep_post(actor=teacher_of(cohort), post=post)


def test_a_report_may_be_settled_by_keeping(cohort: Cohort) -> None:
    post = made.answer(made.topic(cohort), member(cohort).user)
    space.report_post(actor=member(cohort, 1).user, post=post, reason="看不惯")
    space.keep_post(actor=teacher_of(cohort), post=post)
    post.refresh_from_db()
    assert PostReport.objects.get().outcome == "kept" and post.hidden_at is None


def test_a_hidden_topic_takes_no_answers_and_may_be_shown_again(cohort: Cohort) -> None:
    topic, user = made.topic(cohort, member(cohort).user), member(cohort, 1).user
    space.hide_post(actor=teacher_of(cohort), post=topic.posts.get(), reason="跑题")
    with pytest.raises(DomainError, match="已被隐藏"):
        made.answer(topic, user)
    space.show_post(actor=teacher_of(cohort), post=topic.posts.get())
    made.answer(topic, user)


# The contact list.


def test_a_number_is_shown_after_consent_and_no_longer_after_its_end(cohort: Cohort) -> None:
    one = member(cohort)
    with pytest.raises(DomainError, match="还没有手机号"):
        space.say_about_phone(actor=one.user, member=one, agreed=True)
    User.objects.filter(pk=one.user_id).update(phone="19900000001")
    one = member(cohort)
    for agreed in (True, True, False, True):
        space.say_about_phone(actor=one.user, member=one, agreed=agreed)
    assert list(PhoneConsent.objects.values_list("agreed", flat=True)) == [True, False, True]
    agrees = Membership.objects.annotate(agrees=PhoneConsent.newest())
    assert agrees.get(pk=one.pk).agrees is True and agrees.get(pk=member(cohort, 1).pk).agrees is None
    with pytest.raises(DomainError, match="由本人决定"):
        space.say_about_phone(actor=teacher_of(cohort), member=one, agreed=False)


# Who, and when.


def writing(cohort: Cohort) -> dict[str, Callable[[User], Any]]:
    """Every change that the space knows, each as somebody would try it."""
    notice, material, topic = made.notice(cohort), made.material(cohort), made.topic(cohort, member(cohort).user)
    post, session = topic.posts.get(), {"cohort": cohort}
    words = {"title": "题", "text": "话"}
    return {
        "write_notice": lambda who: made.notice(**session, actor=who),
        "edit_notice": lambda who: space.edit_notice(actor=who, notice=notice, version=notice.version, **words),
        "upload": lambda who: made.material(**session, actor=who),
        "change": lambda who: space.change_material(actor=who, material=material, version=1, title="题"),
        "open_topic": lambda who: made.topic(cohort, who),
        "reply": lambda who: made.answer(topic, who),
        "edit_post": lambda who: space.edit_post(actor=who, post=post, text="改"),
        "phone": lambda who: space.say_about_phone(actor=who, member=member(cohort), agreed=False),
        "withdraw_notice": lambda who: space.withdraw_notice(actor=who, notice=notice, reason="因"),
        "withdraw_material": lambda who: space.withdraw_material(actor=who, material=material, reason="因"),
        "hide": lambda who: space.hide_post(actor=who, post=post, reason="因"),
    }


ALWAYS = {"withdraw_notice", "withdraw_material", "hide"}


def refused(acts: dict[str, Callable[[User], Any]], who: User) -> set[str]:
    found = set()
    for name, act in acts.items():
        try:
            with transaction.atomic():
                act(who)
        except DomainError:
            found.add(name)
    return found


def test_members_teachers_and_strangers_may_what_is_theirs(cohort: Cohort) -> None:
    acts = writing(cohort)
    everything = set(acts)
    author, other = member(cohort).user, member(cohort, 1).user
    assert refused(acts, author) == everything - {"open_topic", "reply", "edit_post", "phone"}
    assert refused(acts, other) == everything - {"open_topic", "reply"}
    for stranger in (UserFactory(), UserFactory(role="class_teacher"), UserFactory(role="training_office")):
        assert refused(acts, stranger) == everything
    assert refused(acts, office()) == {"edit_post", "phone"}
    assert refused(writing(cohort), teacher_of(cohort)) == {"edit_post", "phone"}


def test_somebody_who_left_may_nothing_from_that_day(cohort: Cohort) -> None:
    acts, one = writing(cohort), member(cohort)
    Membership.objects.filter(pk=one.pk).update(state="withdrawn", reason="请假超过七分之一", ended_on=clock.today())
    assert refused(acts, one.user) == set(acts)


def test_after_the_closing_nothing_is_written_and_undoing_opens_it_again() -> None:
    cohort = closed(members=6, size=3)
    with clock.freeze(AFTER):
        for who in (teacher_of(cohort), member(cohort).user, office()):
            with pytest.raises(DomainError, match="本班已经结班，班级空间只供查看"):
                made.topic(cohort, who)
        services.undo_close(actor=teacher_of(cohort), cohort=cohort, reason="补登考勤")
        acts = writing(cohort)
        services.close(actor=teacher_of(cohort), cohort=cohort)
        assert refused(acts, teacher_of(cohort)) == set(acts) - ALWAYS
        assert refused(acts, member(cohort).user) == set(acts)


def test_a_new_class_does_not_reopen_the_old() -> None:
    old = closed(members=2)
    user = member(old).user
    new = CohortFactory(running=True, members=[user])
    made.topic(new, user)
    with pytest.raises(DomainError, match="已经结班"):
        made.topic(old, user)


def test_what_was_planned_for_after_the_closing_never_appears() -> None:
    from tests.factories.cohorts import ready_to_close

    cohort = ready_to_close(members=2)
    with clock.freeze(FIRST):
        early = made.notice(cohort)
        made.notice(cohort, publish_at=AFTER + timedelta(days=1))
    with clock.freeze(AFTER):
        services.close(actor=teacher_of(cohort), cohort=cohort)
    with clock.freeze(AFTER + timedelta(days=2)):
        assert space.announce_due() == 0
        assert list(ClassNotice.objects.for_member(member(cohort), clock.now())) == [early]
