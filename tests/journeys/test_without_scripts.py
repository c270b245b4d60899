"""What has to work where scripts do not: reading, checks, exams, roll call."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from assessments.models import Blueprint
from assessments.services import create_exam, seat
from cohorts.models import Cohort
from core import clock
from people.models import User
from tests.browser import PHONE
from tests.journeys.conftest import House, OpenWindow
from tests.journeys.people import Cadre, Teacher

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys-job")]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def cadre(house: House, window: OpenWindow) -> Cadre:
    """A member of the running class with scripts switched off."""
    person = Cadre(window(width=PHONE, java_script_enabled=False).new_page(), scripts=False)
    account = house.account("LH0001")
    person.signs_in(account["login"], account["password"])
    return person


def test_a_lesson_is_read_and_its_check_passed(cadre: Cadre):
    cadre.opens("/learn/courses/")
    cadre.page.locator(".co-card-step a").first.click()
    cadre.reads("课时测验")
    if cadre.page.get_by_role("button", name="我已读完").count():
        cadre.presses("我已读完")
    cadre.answers_the_check()
    cadre.reads("测验通过", "本课时已完成")


def test_an_exam_is_answered_saved_and_handed_in(cadre: Cadre):
    office, user = User.objects.get(work_number="OFF001"), User.objects.get(work_number="LH0001")
    now = clock.now()
    exam = create_exam(
        actor=office, context_key="", title="无脚本测试", blueprint=Blueprint.objects.earliest("pk"), phase="post",
        opens_at=now.replace(hour=9), closes_at=now.replace(hour=20), minutes=60, pass_percent=60,
    )  # fmt: skip
    seat(actor=office, exam=exam, users=[user])
    cadre.opens(f"/learn/exams/{exam.public_id}/")
    cadre.presses("开始作答")
    cadre.answers_all(right=True)
    cadre.presses("保存答案")
    cadre.reads("答案已保存")
    cadre.presses("检查并交卷")
    cadre.reads("题全部作答，答案已保存")
    cadre.presses("确认交卷")
    cadre.reads("已交卷")


def test_the_roll_is_called(house: House, window: OpenWindow):
    teacher = Teacher(window(width=PHONE, java_script_enabled=False).new_page(), scripts=False)
    account = house.account("TEA001")
    cohort = Cohort.objects.get(code="YS2026-04")
    with clock.freeze(datetime(2026, 11, 25, 14, 10, tzinfo=SHANGHAI)):
        teacher.signs_in(account["login"], account["password"])
        teacher.opens(f"/teach/roll-call/{cohort.public_id}/{date(2026, 11, 25)}/pm/")
        members = cohort.memberships.in_class().count()
        teacher.presses("其余全部到课并提交")
        teacher.reads(f"已登记 {members} / {members} 人")
