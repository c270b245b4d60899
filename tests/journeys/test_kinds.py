"""A document, a course on another platform and a live session, taken to the end on a phone and on a desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from courses.models import Enrolment
from courses.services import give_lecturer
from people.models import Unit, User
from portal.demo.accounts import let_in
from records.models import HourEntry
from tests.browser import DESK, PHONE
from tests.factories.courses import CourseFactory, document_lesson, link_lesson, live_lesson
from tests.journeys.conftest import House, OpenWindow
from tests.journeys.people import Person

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys-desk")]
TITLE = "数据共享实务（示范）"
IN_A_TAB = re.compile("打开文档|在新标签页中打开")  # on a desk the document is in the page already


def a_course() -> str:
    """The address of a course that LEC001 looks after; its live session is going on."""
    soon = clock.now() - timedelta(minutes=20)
    lessons = [
        document_lesson(title="管理办法导读", checked=False),
        link_lesson(title="网络学院课程", checked=False),
        live_lesson(soon, title="专家直播答疑", checked=False),
    ]
    course = CourseFactory(title=TITLE, lessons=lessons, key="kinds-of-lessons")
    lecturer, office = (User.objects.get(work_number=number) for number in ("LEC001", "OFF001"))
    unit = Unit.objects.get(pk=office.grants.get(role="training_office").unit_id)
    give_lecturer(actor=office, course=course, user=lecturer, unit=unit)
    return f"/courses/{course.key}/"


def person(house: House, window: OpenWindow, login: str, width: int) -> Person:
    user = User.objects.get(work_number=login)
    if user.must_change_password or not user.has_usable_password():
        let_in(user)
    somebody = Person(window(width=width).new_page())
    somebody.signs_in(login, house.account("LH0001")["password"])
    return somebody


@pytest.mark.parametrize(("login", "width"), [("LH0001", PHONE), ("LH0002", DESK)])
def test_three_kinds_of_lessons_to_the_end(house: House, window: OpenWindow, login: str, width: int):
    address = "/courses/kinds-of-lessons/" if Enrolment.objects.filter(edition__title=TITLE).exists() else a_course()
    cadre = person(house, window, login, width)
    cadre.opens(address)
    cadre.presses("选课", exact=True)
    a_document_is_read(cadre)
    proof_is_handed_in(cadre)
    cadre.follows("专家直播答疑")
    cadre.reads("正在进行", "三楼报告厅", "还差：出席情况经确认")

    lecturer = person(house, window, "LEC001", DESK if width == PHONE else PHONE)
    the_lecturer_confirms(lecturer, User.objects.get(work_number=login).name)

    cadre.opens(address)
    cadre.reads("已完成 3 / 3 个必修课时", "学时已计入")
    credited = HourEntry.objects.get(user__work_number=login, label=TITLE)
    assert (credited.bucket, credited.rule.version) == ("online", 1)
    assert cadre.told + lecturer.told == []


def a_document_is_read(cadre: Person) -> None:
    cadre.reads("管理办法导读", "还差：打开文档并读完")
    with cadre.page.expect_popup() as other:
        cadre.page.get_by_role("link", name=IN_A_TAB).click()
    other.value.close()
    cadre.presses("我已读完")
    cadre.reads("本课时已完成")
    cadre.follows("下一课时")


def proof_is_handed_in(cadre: Person) -> None:
    link = cadre.page.get_by_role("link", name="前往学习")
    expect(link).to_have_attribute("target", "_blank")
    cadre.fills(certificate_no="GB-2026-17")
    cadre.presses("提交证明")
    cadre.reads("证书编号 GB-2026-17", "待确认", "还差：学习证明经确认")
    if cadre.page.locator("[data-outline]").get_attribute("open") is None:
        cadre.page.locator("[data-outline] summary").click()


def the_lecturer_confirms(lecturer: Person, name: str) -> None:
    lecturer.opens("/teach/courses/")
    lecturer.reads("等待您确认学习证明或出席情况")
    lecturer.follows(TITLE)
    lecturer.follows("去确认")
    lecturer.reads(name, "GB-2026-17")
    lecturer.page.get_by_label("确认完成").check()
    lecturer.presses("提交结论")
    lecturer.reads(f"已确认{name}完成")
    lecturer.follows("去登记")
    lecturer.page.get_by_role("radiogroup", name=name).get_by_label("到课").check()
    lecturer.presses("保存登记")
    lecturer.reads("1 人的出席情况有变化")
