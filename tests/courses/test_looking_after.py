"""Enrolling and reminding many: whom it touches first, then the act, once."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from core import clock
from core.errors import DomainError
from core.messaging import sending
from core.models import Delivery, Notice
from courses.models import Enrolment, Reminder, ReminderRound
from courses.services import enrol, enrol_planned, give_lecturer, plan_bulk, plan_reminder, remind
from people.models import Unit
from tests.factories.courses import CourseFactory
from tests.factories.people import PostingFactory, UserFactory

pytestmark = pytest.mark.django_db


def words(response) -> str:
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def office(personas, frozen_clock):
    return personas["training_office"]


@pytest.fixture
def course(office):
    return CourseFactory(title="数据共享")


@pytest.fixture
def people(office):
    """Two of the data bureau, one of them a deputy county head, and one of the justice bureau."""
    data, justice = (Unit.objects.get(code=code) for code in ("YS-SJ", "YS-SF"))
    found = [
        UserFactory(name="林一帆", work_number="K0001", unit=data),
        UserFactory(name="方正好", work_number="K0002", unit=data),
        UserFactory(name="单建国", work_number="K0003", unit=justice),
    ]
    for person, level in zip(found, ("county_deputy", "township_head", "township_head"), strict=True):
        PostingFactory(user=person, level=level, unit=person.unit)
    return found


def address(course, name):
    return reverse(f"courses:{name}", args=[course.key])


def sheet(*numbers) -> SimpleUploadedFile:
    book, data = Workbook(), BytesIO()
    for row in [["姓名", "工号"], *(["某人", number] for number in numbers)]:
        book.active.append(row)
    book.save(data)
    return SimpleUploadedFile("名单.xlsx", data.getvalue())


# Enrolling.


def test_the_preview_says_whom_it_touches_and_writes_nothing(course, people, office, signed_in):
    enrol(user=people[0], edition=course.editions.get())
    outside = UserFactory(work_number="K0009", unit=None, managed_by=None)
    numbers = "K0001，K0002、K0003\nK0009 K9999"
    page = words(signed_in(office).post(address(course, "bulk-enrol"), {"numbers": numbers}))
    assert "确认后，2 人将学习第1版，并收到站内通知" in page
    assert (
        "将选课 2 人 单建国（K0003）、方正好（K0002）" in page or "将选课 2 人 方正好（K0002）、单建国（K0003）" in page
    )
    assert "已经在学，不变 1 人 林一帆（K0001）" in page
    assert "不在您的管理范围内或没有这个工号 2 人 K0009、K9999" in page and outside.name not in page
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({"unit": "YS-SJ", "rank": "level:county_deputy"}, ["林一帆"]),
        ({"unit": "YS-SF"}, ["单建国"]),
        ({"unit": "YS-SJ", "rank": "level:township_deputy", "numbers": "K0002"}, ["方正好"]),
        ({"file": ("K0003", "K0001")}, ["林一帆", "单建国"]),
    ],
)
def test_people_are_chosen_by_unit_and_rank_by_numbers_or_by_a_workbook(
    course, people, office, signed_in, chosen, names
):
    data = dict(chosen)
    if "unit" in data:
        data["unit"] = Unit.objects.get(code=data["unit"]).pk
    if "file" in data:
        data["file"] = sheet(*data["file"])
    page = words(signed_in(office).post(address(course, "bulk-enrol"), data))
    assert [person.name for person in people if person.name in page] == names


def test_confirming_enrols_once_and_tells_them(course, people, office, signed_in):
    browser = signed_in(office)
    for _ in range(2):
        answer = browser.post(address(course, "bulk-enrol"), {"numbers": "K0001 K0002", "confirmed": "1"})
        assert answer["Location"] == address(course, "learners")
    assert set(Enrolment.objects.values_list("user__name", "context_key")) == {("林一帆", ""), ("方正好", "")}
    assert Notice.objects.filter(title="培训处为您选了一门课程").count() == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请选择单位、职务职级，或者填写工号、上传名单"),
        ({"unit": "x"}, "选"),
        ({"file": "word"}, "另存为 xlsx 后再上传"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(course, office, signed_in, data, sentence):
    if data.get("file"):
        data = {"file": SimpleUploadedFile("a.docx", b"PK\x03\x04nothing")}
    answer = signed_in(office).post(address(course, "bulk-enrol"), data)
    assert answer.status_code == 422 and sentence in words(answer) and not Enrolment.objects.exists()


def test_the_service_refuses_others_and_a_course_that_is_not_offered(course, people, office, personas):
    with pytest.raises(DomainError, match="只有培训处可以批量选课"):
        enrol_planned(actor=personas["lecturer"], course=course, numbers=["K0001"])
    course.live = False
    with pytest.raises(DomainError, match="没有可以选的版次"):
        plan_bulk(actor=office, course=course, people=people, numbers=[])


def test_an_office_of_one_bureau_enrols_its_own_people_only(course, people):
    bureau = UserFactory(role="training_office", unit=Unit.objects.get(code="YS-SF"))
    assert enrol_planned(actor=bureau, course=course, numbers=["K0001", "K0003"]) == 1
    assert Enrolment.objects.get().user == people[2]


# Reminding.


@pytest.fixture
def learning(course, people):
    return [enrol(user=person, edition=course.editions.get()) for person in people]


def send(office, course, rows, **more):
    keys = [row.pk for row in rows]
    return remind(actor=office, course=course, keys=keys, **{"client_key": uuid.uuid4(), **more})


def test_the_preview_shows_the_words_and_the_people(course, learning, office, signed_in):
    Enrolment.objects.filter(pk=learning[2].pk).update(state="completed", completed_at=clock.now())
    page = words(signed_in(office).get(address(course, "remind")))
    assert "将提醒 2 人" in page and "林一帆" in page and "单建国" not in page
    assert "站内通知：请继续学习课程“数据共享”。" in page and "没有接通邮件等站外渠道，只发站内通知" in page
    assert not Reminder.objects.exists() and not Notice.objects.filter(recipient=learning[0].user).exists()


def test_nobody_is_reminded_twice_within_a_day_unless_said_so(course, learning, office):
    assert send(office, course, learning[:2]) == 2
    assert send(office, course, learning) == 1, "who was reminded is left out"
    with pytest.raises(DomainError, match="没有需要提醒的人"):
        send(office, course, learning)
    assert send(office, course, learning, again=True) == 3
    with clock.freeze(clock.now() + timedelta(hours=25)):
        assert len(plan_reminder(actor=office, course=course).fresh) == 3
    assert ReminderRound.objects.count() == 3 and Reminder.objects.count() == 6


def test_a_double_click_sends_once(course, learning, office, signed_in):
    data = {"people": [row.pk for row in learning], "client_key": str(uuid.uuid4())}
    for _ in range(2):
        signed_in(office).post(address(course, "remind"), data)
    assert ReminderRound.objects.count() == 1 and Notice.objects.filter(title="学习提醒").count() == 3


def test_reminders_stay_within_the_reach_of_who_sends(course, learning, personas):
    bureau, lecturer = Unit.objects.get(code="YS-SJ"), personas["lecturer"]
    give_lecturer(actor=personas["training_office"], course=course, user=lecturer, unit=bureau)
    assert send(lecturer, course, learning) == 2
    with pytest.raises(DomainError, match="没有需要提醒的人"):
        send(personas["other_teacher"], course, learning)


def test_the_mail_holds_a_link_and_nothing_else(course, learning, office, people, settings):
    settings.LINGHANG_MAIL = True
    for person, email in ((people[0], "lin@example.cn"), (people[1], "fang@example.cn")):
        person.email = email
        person.save(update_fields=["email"])
    send(office, course, learning)
    sending.send_due()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["fang@example.cn", "lin@example.cn"]
    links = {f"{settings.WAGTAILADMIN_BASE_URL}/notices/{notice.public_id}/" for notice in Notice.objects.all()}
    for letter in mail.outbox:
        assert any(link in letter.body for link in links) and letter.subject == "学习提醒"
        told = letter.subject + letter.body
        assert not any(
            secret in told for secret in (course.title, course.key, "林一帆", "方正好", "测验", "停滞", "天没有")
        )
    assert Delivery.objects.filter(kind="course.reminder", state="sent").count() == 2
