"""The pages of the class space: who finds them, what they say, what a stored script does (nothing), their queries."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts import services
from cohorts.models import ClassNotice, Cohort, CohortStaff, Material, Membership, Post, Topic
from cohorts.services import space
from core import clock
from people.models import User
from tests.factories import space as made
from tests.factories.cohorts import AFTER, CohortFactory, closed, teacher_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

LISTS = ("space-notices", "space-materials", "space-topics", "space-contacts")


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    """Six members in two groups, one of them the trainee; teacher and lecturer are personas."""
    trainee = personas["trainee"]
    found = CohortFactory(running=True, members=5, size=3, teacher=personas["class_teacher"])
    found.memberships.create(
        user=trainee, unit=trainee.unit, state="registered", registered_at=clock.now(), group=found.groups.first()
    )
    CohortStaff.objects.create(cohort=found, user=personas["lecturer"], duty="lecturer")
    return found


@pytest.fixture
def trainee(personas: dict[str, User], signed_in: Any) -> Client:
    return signed_in(personas["trainee"])


@pytest.fixture
def teacher(personas: dict[str, User], signed_in: Any) -> Client:
    return signed_in(personas["class_teacher"])


def words(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_members_and_staff_enter_others_find_nothing(
    name: str, cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    for key in ("trainee", "class_teacher", "training_office"):
        assert signed_in(personas[key]).get(url(name, cohort)).status_code == 200
    lecturer = signed_in(personas["lecturer"]).get(url(name, cohort)).status_code
    assert lecturer == (403 if name == "space-contacts" else 200)
    for key in ("other_trainee", "other_teacher", "unit_admin", "leader", "system_admin"):
        assert signed_in(personas[key]).get(url(name, cohort)).status_code == 404


def test_a_member_who_was_withdrawn_finds_nothing_on_that_day(
    cohort: Cohort, personas: dict[str, User], trainee: Client
) -> None:
    notice, material = made.notice(cohort, file=made.checked()), made.material(cohort)
    mine = [url("space-notice-file", cohort, notice.public_id), url("space-material", cohort, material.public_id)]
    for address in mine:
        answer = trainee.get(address)
        assert answer.status_code == 200 and answer.getvalue() == made.PDF
    Membership.objects.filter(user=personas["trainee"]).update(state="withdrawn", reason="因病", ended_on=clock.today())
    for address in [*mine, *(url(name, cohort) for name in LISTS)]:
        assert trainee.get(address).status_code == 404
    assert "班级空间各页" not in words(trainee, url("class", cohort)), "one's own record stays, the space does not"


def test_empty_lists_say_what_will_stand_there(cohort: Cohort, trainee: Client, teacher: Client) -> None:
    assert "这里将列出班级通知" in words(trainee, url("space-notices", cohort))
    assert "这里将按天列出课程资料" in words(trainee, url("space-materials", cohort))
    assert "这里将列出讨论话题" in words(trainee, url("space-topics", cohort))
    for name, empty in (("space", "这里将列出班级通知"), ("space-files", "这里将列出课程资料")):
        assert empty in words(teacher, url(name, cohort))
    assert "没有待处理的举报" in words(teacher, url("space-talk", cohort))


# A notice from the office to the phone.


def notice_form(**more: Any) -> dict[str, Any]:
    return {"client_key": uuid.uuid4(), "title": "周三调课", "text": "第二讲改到二楼。\n\n请带证件。", **more}


def test_a_notice_is_written_read_counted_and_withdrawn(
    cohort: Cohort, personas: dict[str, User], teacher: Client, trainee: Client
) -> None:
    form = notice_form(file=SimpleUploadedFile("日程.pdf", made.PDF))
    assert teacher.post(url("space-notice-add", cohort), form).status_code == 302
    notice = ClassNotice.objects.get()
    assert "未读" in words(trainee, url("space-notices", cohort))
    assert "0 人已打开，共 6 人" in words(teacher, url("space", cohort))
    page = words(trainee, url("space-notice", cohort, notice.public_id))
    assert "<p>请带证件。</p>" in page and "日程.pdf" in page
    assert "未读" not in words(trainee, url("space-notices", cohort))
    office_page = words(teacher, url("space", cohort))
    assert "1 人已打开，共 6 人" in office_page and personas["trainee"].name not in office_page
    withdraw = url("space-notice-withdraw", cohort, notice.public_id)
    assert teacher.post(withdraw, {"reason": "时间有误"}).status_code == 302
    assert "已撤回" in words(teacher, url("space", cohort)) and "时间有误" in words(teacher, url("space", cohort))
    assert "周三调课" not in words(trainee, url("space-notices", cohort))
    assert "这条通知已于2026年9月14日" in words(trainee, url("space-notice", cohort, notice.public_id))
    assert "周三调课" not in words(trainee, reverse("core:notices")), "the bell says no more than that it was withdrawn"
    assert "一条班级通知已撤回" in words(trainee, reverse("core:notices"))
    assert trainee.get(url("space-notice-file", cohort, notice.public_id)).status_code == 404
    attachment = teacher.get(url("space-notice-attachment", cohort, notice.public_id))
    assert attachment.getvalue() == made.PDF


def test_a_notice_that_one_was_never_told_of_is_not_there(cohort: Cohort, trainee: Client) -> None:
    later = made.notice(cohort, publish_at=clock.now() + timedelta(days=1))
    services.space.withdraw_notice(actor=teacher_of(cohort), notice=later, reason="时间有误")
    assert trainee.get(url("space-notice", cohort, later.public_id)).status_code == 404


def test_of_few_readers_no_number_is_said(cohort: Cohort, teacher: Client) -> None:
    made.notice(cohort, groups=[cohort.groups.last()])
    assert "接收人不足 5 人，不显示打开人数" in words(teacher, url("space", cohort))


def test_a_stale_form_changes_nothing_and_keeps_what_was_written(cohort: Cohort, teacher: Client) -> None:
    notice = made.notice(cohort)
    edit = url("space-notice-edit", cohort, notice.public_id)
    assert 'name="version" value="1"' in words(teacher, edit)
    form = notice_form(version=1)
    assert teacher.post(edit, {**form, "text": "先到"}).status_code == 302
    late = teacher.post(edit, {**form, "text": "后到的文字"})
    assert late.status_code == 422
    assert "已被他人修改" in late.content.decode() and "后到的文字" in late.content.decode()
    notice.refresh_from_db()
    assert notice.text == "先到"


def test_a_scheduled_notice_waits_in_the_office(cohort: Cohort, teacher: Client, trainee: Client) -> None:
    form = notice_form(publish_at="2026-09-15T08:00")
    assert teacher.post(url("space-notice-add", cohort), form).status_code == 302
    assert "待发布" in words(teacher, url("space", cohort)) and "2026年9月15日 08:00" in words(
        teacher, url("space", cohort)
    )
    assert "周三调课" not in words(trainee, url("space-notices", cohort))


def test_the_desk_names_the_unread_notice(cohort: Cohort, personas: dict[str, User], trainee: Client) -> None:
    notice = made.notice(cohort)
    assert notice.title in words(trainee, reverse("portal:desk"))
    trainee.get(url("space-notice", cohort, notice.public_id))
    assert "班级通知，" not in words(trainee, reverse("portal:desk"))
    for _n in range(3):
        made.notice(cohort)
    assert "3 条班级通知" in words(trainee, reverse("portal:desk"))


# Materials.


def test_a_material_is_uploaded_replaced_and_taken_away(cohort: Cohort, teacher: Client, trainee: Client) -> None:
    session = cohort.sessions.first()
    form = {"client_key": uuid.uuid4(), "title": "第一讲讲义", "session": session.pk}
    add = url("space-file-add", cohort)
    assert "本系统为非涉密系统，请勿上传、处理国家秘密" in words(teacher, add)
    assert teacher.post(add, {**form, "file": SimpleUploadedFile("讲义.pdf", made.PDF)}).status_code == 302
    material = Material.objects.get()
    page = words(trainee, url("space-materials", cohort))
    assert "9月14日 周一" in page and "讲义.pdf" in page and session.title in page
    edit = url("space-file-edit", cohort, material.public_id)
    newer = SimpleUploadedFile("讲义新.pdf", made.PDF + b"%new")
    changed = {**form, "version": 1, "visible_from": "2026-09-14T09:00", "file": newer}
    assert teacher.post(edit, changed).status_code == 302
    assert "第 2 版" in words(trainee, url("space-materials", cohort))
    assert trainee.get(url("space-material", cohort, material.public_id)).getvalue().endswith(b"%new")
    first = teacher.get(url("space-file-version", cohort, material.public_id, 1))
    assert first.getvalue() == made.PDF
    assert trainee.get(url("space-file-version", cohort, material.public_id, 1)).status_code == 403
    assert "学员看到的版本" in words(teacher, url("space-file-versions", cohort, material.public_id))
    withdraw = url("space-file-withdraw", cohort, material.public_id)
    assert teacher.post(withdraw, {"reason": "版权原因"}).status_code == 302
    assert trainee.get(url("space-material", cohort, material.public_id)).status_code == 404
    assert "版权原因" in words(teacher, url("space-files", cohort))


def test_a_lesson_that_was_not_published_is_named_to_nobody(cohort: Cohort, teacher: Client, trainee: Client) -> None:
    session = cohort.sessions.first()
    material = made.material(cohort, session=session)
    cohort.sessions.filter(pk=session.pk).update(title="尚未定稿的内容", day=session.day + timedelta(days=2))
    new = cohort.sessions.last()
    new.pk, new.title = None, "还没有发布的一讲"
    new.save()
    made.material(cohort, session=new, title="预发讲义")
    page = words(trainee, url("space-materials", cohort))
    assert session.title in page and "9月14日 周一" in page, "as it was published"
    assert "尚未定稿" not in page and "还没有发布" not in page and "预发讲义" in page
    assert "尚未定稿的内容" in words(teacher, url("space-files", cohort)) and material.title in page


@pytest.mark.parametrize("name", ["内部资料.pdf", "秘密★三年.pdf"])
def test_a_file_marked_by_its_name_is_refused(name: str, cohort: Cohort, teacher: Client) -> None:
    form = {"client_key": uuid.uuid4(), "title": "材料", "file": SimpleUploadedFile(name, made.PDF)}
    answer = teacher.post(url("space-file-add", cohort), form)
    assert answer.status_code == 422 and "本系统为非涉密系统，不得上传" in answer.content.decode()
    assert not Material.objects.exists()


def test_a_material_is_not_there_before_its_time(cohort: Cohort, trainee: Client) -> None:
    later = made.material(cohort, visible_from=clock.now() + timedelta(hours=1))
    assert later.title not in words(trainee, url("space-materials", cohort))
    assert trainee.get(url("space-material", cohort, later.public_id)).status_code == 404


# The discussion on the phone.


def test_a_double_click_writes_once(cohort: Cohort, trainee: Client) -> None:
    form = {"client_key": uuid.uuid4(), "title": "怎样对接数据目录", "text": "我们单位还没有目录。"}
    first, second = (trainee.post(url("space-topic-add", cohort), form) for _n in range(2))
    assert first["Location"] == second["Location"] and Topic.objects.count() == 1
    reply = {"client_key": uuid.uuid4(), "text": "补充一句。"}
    address = url("space-reply", cohort, Topic.objects.get().public_id)
    places = [trainee.post(address, reply)["Location"] for _n in range(2)]
    assert places[0] == places[1] and Post.objects.count() == 2


def test_a_long_topic_leads_to_the_page_of_the_new_answer(cohort: Cohort, trainee: Client) -> None:
    topic = made.topic(cohort)
    for n in range(30):
        made.answer(topic, teacher_of(cohort), f"第{n}条")
    answer = trainee.post(url("space-reply", cohort, topic.public_id), {"client_key": uuid.uuid4(), "text": "新的"})
    assert "?page=2#p" in answer["Location"]
    assert "新的" in words(trainee, answer["Location"])


def test_an_empty_or_hasty_answer_is_refused_with_a_sentence(cohort: Cohort, trainee: Client) -> None:
    topic = made.topic(cohort)
    address = url("space-reply", cohort, topic.public_id)
    empty = trainee.post(address, {"client_key": uuid.uuid4(), "text": " "})
    assert empty.status_code == 422 and "请填写回复" in empty.content.decode()
    for n in range(10):
        trainee.post(address, {"client_key": uuid.uuid4(), "text": f"{n}"})
    hasty = trainee.post(address, {"client_key": uuid.uuid4(), "text": "第十一条，写好的话不能丢"})
    assert hasty.status_code == 422
    assert "10 分钟内最多发 10 条" in hasty.content.decode() and "写好的话不能丢" in hasty.content.decode()


def test_a_reported_post_is_hidden_from_readers_and_explained_to_its_author(
    cohort: Cohort, personas: dict[str, User], trainee: Client, teacher: Client, signed_in: Any
) -> None:
    topic = made.topic(cohort)
    post = made.answer(topic, personas["trainee"], "不合适的话")
    other = cohort.memberships.exclude(user=personas["trainee"]).select_related("user")[0].user
    reader, here = signed_in(other), url("space-topic", cohort, topic.public_id)
    assert reader.post(url("space-post-report", cohort, post.public_id), {"reason": "语气不当"}).status_code == 302
    desk = words(teacher, url("space-talk", cohort))
    assert "语气不当" in desk and "不合适的话" in desk and other.name in desk
    assert teacher.post(url("space-post-hide", cohort, post.public_id), {"reason": "请就事论事"}).status_code == 302
    seen = words(reader, here)
    assert "这条内容已被班主任隐藏" in seen
    assert not {"不合适的话", "请就事论事"} & {w for w in ("不合适的话", "请就事论事") if w in seen}
    own = words(trainee, here)
    assert "不合适的话" in own and "请就事论事" in own and other.name not in own
    assert teacher.post(url("space-post-show", cohort, post.public_id)).status_code == 302
    assert "不合适的话" in words(reader, here)


def test_a_hidden_topic_is_gone_for_readers(cohort: Cohort, trainee: Client, teacher: Client) -> None:
    other = cohort.memberships.select_related("user").order_by("pk")[0].user
    topic = made.topic(cohort, other)
    space.hide_post(actor=teacher_of(cohort), post=topic.posts.get(), reason="跑题")
    assert topic.title not in words(trainee, url("space-topics", cohort))
    assert trainee.get(url("space-topic", cohort, topic.public_id)).status_code == 404
    assert "已隐藏" in words(teacher, url("space-topics", cohort))


def test_a_topic_of_another_group_is_not_there(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    mine, other = cohort.groups.order_by("number")
    topic = made.topic(cohort, group=other)
    here = url("space-topic", cohort, topic.public_id)
    for key, status in (("trainee", 404), ("class_teacher", 200), ("lecturer", 200)):
        assert signed_in(personas[key]).get(here).status_code == status
    form = {"client_key": uuid.uuid4(), "title": "题", "text": "话", "group": other.pk}
    assert signed_in(personas["trainee"]).post(url("space-topic-add", cohort), form).status_code == 422
    assert (
        signed_in(personas["trainee"]).post(url("space-topic-add", cohort), {**form, "group": mine.pk}).status_code
        == 302
    )


def test_nobody_is_counted(cohort: Cohort, personas: dict[str, User], trainee: Client) -> None:
    topic = made.topic(cohort, personas["trainee"])
    made.answer(topic, personas["trainee"])
    for address in (url("space-topics", cohort), url("space-topic", cohort, topic.public_id)):
        page = words(trainee, address)
        assert not [w for w in ("点赞", "积分", "排名", "连续", "发帖数") if w in page]


# The contact list.


def test_a_number_is_there_only_after_its_owner_agreed(
    cohort: Cohort, personas: dict[str, User], trainee: Client, teacher: Client, signed_in: Any
) -> None:
    phone, page = personas["trainee"].phone, url("space-contacts", cohort)
    mate = signed_in(cohort.memberships.exclude(user=personas["trainee"]).select_related("user")[0].user)
    seen = words(mate, page)
    assert personas["trainee"].name in seen and phone not in seen and "第1组" in seen
    trainee.post(url("space-phone", cohort), {"agreed": "yes"})
    assert f'href="tel:{phone}"' in words(mate, page)
    trainee.post(url("space-phone", cohort), {"agreed": "no"})
    assert phone not in words(mate, page)
    assert teacher.post(url("space-phone", cohort), {"agreed": "yes"}).status_code == 403


def test_after_the_closing_the_space_is_to_read_and_the_list_is_closed(signed_in: Any) -> None:
    cohort = closed(members=3)
    with clock.freeze(AFTER):
        services.undo_close(actor=teacher_of(cohort), cohort=cohort, reason="补资料")
        notice, material, topic = made.notice(cohort), made.material(cohort), made.topic(cohort)
        services.close(actor=teacher_of(cohort), cohort=cohort)
        one = cohort.memberships.select_related("user").first()
        mate = cohort.memberships.select_related("user").last().user
        member = signed_in(one.user)
        listed = words(member, url("space-contacts", cohort))
        assert "班级已结班，通讯录已关闭" in listed and mate.name not in listed and "我的手机号" not in listed
        assert notice.title in words(member, url("space-notices", cohort))
        assert member.get(url("space-material", cohort, material.public_id)).getvalue() == made.PDF
        here = words(member, url("space-topic", cohort, topic.public_id))
        assert "班级空间只供查看" in here and "回复这个话题" not in here
        form = {"client_key": uuid.uuid4(), "text": "还想说一句"}
        late = member.post(url("space-reply", cohort, topic.public_id), form)
        assert "本班已经结班，班级空间只供查看" in late.content.decode() and topic.posts.count() == 1
        office = signed_in(teacher_of(cohort))
        assert "写通知" not in words(office, url("space", cohort))
        refused = office.post(url("space-notice-add", cohort), notice_form())
        assert refused.status_code == 422 and "已经结班" in refused.content.decode()


# Scripts that somebody stored, and what pages cost.

PAYLOAD = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>"


def test_what_was_written_is_text_whatever_it_says(
    cohort: Cohort, personas: dict[str, User], trainee: Client, teacher: Client
) -> None:
    title, user = PAYLOAD[:80], personas["trainee"]
    notice = made.notice(cohort, title=title, text=PAYLOAD, file=made.checked(PAYLOAD))
    made.material(cohort, title=title, file=made.checked(PAYLOAD))
    topic = made.topic(cohort, user, title=title, text=f"{PAYLOAD}\n\njavascript:alert(4) data:text/html,x")
    reported, hidden = made.answer(topic, user, PAYLOAD), made.answer(topic, user, PAYLOAD)
    space.report_post(actor=teacher_of(cohort), post=reported, reason=PAYLOAD)
    space.hide_post(actor=teacher_of(cohort), post=hidden, reason=PAYLOAD)
    pages = [
        words(client, address)
        for client, address in [
            (trainee, reverse("portal:desk")),
            (trainee, url("space-notices", cohort)),
            (trainee, url("space-notice", cohort, notice.public_id)),
            (trainee, url("space-materials", cohort)),
            (trainee, url("space-topics", cohort)),
            (trainee, url("space-topic", cohort, topic.public_id)),
            (trainee, url("space-post-edit", cohort, reported.public_id)),
            (trainee, reverse("core:notices")),
            (teacher, url("space", cohort)),
            (teacher, url("space-files", cohort)),
            (teacher, url("space-talk", cohort)),
            (teacher, url("space-post-hide", cohort, reported.public_id)),
            (teacher, url("space-notice-edit", cohort, notice.public_id)),
            (teacher, url("history", cohort)),
        ]
    ]
    for page in pages:
        assert "alert(" in page, "the words are there"
        assert not [part for part in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript') if part in page]


def fill(cohort: Cohort, count: int) -> Topic:
    """So many notices, materials, topics, posts in one topic, and reports."""
    now, teacher = clock.now(), teacher_of(cohort)
    users = list(cohort.memberships.values_list("user", flat=True))
    ClassNotice.objects.bulk_create(
        ClassNotice(cohort=cohort, title=f"通知{n}", text="话", publish_at=now, author=teacher) for n in range(count)
    )
    for _n in range(min(count, 20)):
        made.material(cohort)
    topics = Topic.objects.bulk_create(
        Topic(cohort=cohort, title=f"话题{n}", author_id=users[n % len(users)]) for n in range(count)
    )
    posts = [Post(topic=t, author=t.author, text="话", is_opening=True) for t in topics]
    posts += [Post(topic=topics[0], author_id=users[n % len(users)], text="答") for n in range(count)]
    Post.objects.bulk_create(posts)
    return topics[0]


PAGES = ("space-notices", "space-materials", "space-topics", "space-contacts", "space", "space-files", "space-talk")


def test_pages_take_as_many_queries_for_200_posts_as_for_10(personas: dict[str, User], signed_in: Any) -> None:
    browser, found = signed_in(personas["training_office"]), []
    for count in (10, 200):
        cohort = CohortFactory(running=True, members=count, size=5)
        topic = fill(cohort, count)
        addresses = [url(name, cohort) for name in PAGES] + [url("space-topic", cohort, topic.public_id)]
        browser.get(addresses[0])
        costs = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(address).status_code == 200
            costs.append(len(captured))
        found.append(costs)
    assert found[0] == found[1] and max(found[0]) <= 30, found
