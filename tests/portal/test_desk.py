"""The cadre's desk as a cadre reads it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.models import AttemptState
from cohorts.models import Membership
from core import clock
from courses.rules.progress import ProgressUpdate
from courses.services import enrol, save_progress
from people.ranks import Level, Rank
from tests.factories.assessments import make_exam, make_task, sit
from tests.factories.cohorts import MONDAY, CohortFactory, attend, half_days
from tests.factories.courses import EditionFactory
from tests.factories.people import PostingFactory, UserFactory
from tests.factories.portal import JUNIOR, credited

pytestmark = pytest.mark.django_db


def words(response) -> str:
    """The page without its tags."""
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def cadre(personas, reference):
    return personas["trainee"]


@pytest.fixture
def in_class(cadre, frozen_clock):
    return CohortFactory(running=True, members=[cadre], size=5)


def test_the_first_sentence_says_what_is_next_where_and_when(cadre, in_class, signed_in) -> None:
    page = words(signed_in(cadre).get(reverse("portal:desk")))
    assert "王敏，正在三楼报告厅上课：第1天上午：数据共享与业务协同，12:00结束" in page


def test_the_class_with_its_week_attendance_and_leave(cadre, in_class, signed_in) -> None:
    attend(in_class, only=half_days(in_class)[:1])
    page = words(signed_in(cadre).get(reverse("portal:desk")))
    assert "9月14日 周一" in page and "9月18日 周五" in page
    assert "09:00—12:00" in page and "三楼报告厅" in page
    assert "已登记 1 个半天：到课 1" in page
    assert "还可请假 5.71 学时" in page
    assert "累计请假 0 学时 ÷ 总学时 40 学时，未超过七分之一（5.71 学时）" in page


def test_a_cadre_without_anything_reads_what_will_stand_here(personas, reference, frozen_clock, signed_in) -> None:
    newcomer = UserFactory(role="trainee", name="新人")
    page = words(signed_in(newcomer).get(reverse("portal:desk")))
    assert "新人，目前没有安排。" in page
    for sentence in ("现在没有待办", "还没有参加班次", "还没有任职记录", "没有正在学习的课程", "公布的成绩"):
        assert sentence in page
    assert "None" not in page


def test_hours_carry_their_bucket_and_window(personas, reference, frozen_clock, signed_in) -> None:
    """Scenario 20: 集中培训 430/550 and months, 网络自学 36/50 this year, windows labelled."""
    senior = UserFactory(role="trainee")
    PostingFactory(user=senior, starts_on=date(2019, 1, 1))
    credited(senior, "430", "64", on=date(2024, 5, 6))
    credited(senior, "36", "0", on=date(2026, 3, 2), bucket="online")
    page = words(signed_in(senior).get(reverse("portal:desk")))
    assert "近五年，2021年9月15日—2026年9月14日" in page and "430 / 550 学时，2.13 / 3 个月" in page
    assert "还差 120 学时 或 0.87 个月" in page
    assert "本年度，2026年1月1日—12月31日" in page and "36 / 50 学时" in page
    assert "截至2026年9月14日" in page


def test_promoted_in_mid_year_both_regimes_and_the_countdown(personas, reference, frozen_clock, signed_in) -> None:
    cadre = UserFactory(role="trainee")
    PostingFactory(
        user=cadre, level=Level.TOWNSHIP_HEAD, rank=Rank.PRINCIPAL_1, starts_on=date(2020, 1, 1),
        ends_on=date(2026, 6, 30),
    )  # fmt: skip
    PostingFactory(user=cadre, starts_on=date(2026, 7, 1))
    page = words(signed_in(cadre).get(reverse("portal:desk")))
    assert "提任一年内，2027年7月1日截止" in page and "距期限还有 290 天" in page
    assert "（至2026年6月30日适用）" in page and "2026年7月1日起改按提任后的要求" in page
    assert "提任期限内" in page


def test_days_alone_satisfy_the_yearly_requirement(personas, reference, frozen_clock, signed_in) -> None:
    junior = UserFactory(role="trainee")
    PostingFactory(user=junior, **JUNIOR)
    credited(junior, "84", "12", on=date(2026, 3, 2))
    page = words(signed_in(junior).get(reverse("portal:desk")))
    assert "84 / 90 学时，12 / 12 天" in page and "集中培训 已达标" in page


def test_what_is_due_stands_first_and_at_most_five(cadre, in_class, signed_in) -> None:
    for number in range(6):
        due = clock.now() + timedelta(days=number + 1)
        make_task([UserFactory(role="lecturer")], [cadre], title=f"任务{number}", due_at=due)
    exam = make_exam([cadre], title="结业测试（示范）", closes_at=clock.now() + timedelta(hours=5))
    html = signed_in(cadre).get(reverse("portal:desk")).content.decode()
    todo = html[html.index('id="todo"') : html.index('id="my-class"')]
    assert todo.index(exam.title) < todo.index("任务0") < todo.index("任务3")
    assert "任务4" not in todo and "另有 2 项" in todo


def test_courses_go_on_where_one_stopped(cadre, frozen_clock, signed_in) -> None:
    edition = EditionFactory(lessons=2)
    enrolment = enrol(user=cadre, edition=edition)
    lesson = edition.lessons.first()
    save_progress(
        user=cadre, enrolment=enrolment, lesson=lesson, update=ProgressUpdate(1, Decimal(100), reached_end=True)
    )
    page = words(signed_in(cadre).get(reverse("portal:desk")))
    assert f"上次学到：{lesson.title}" in page and "已学 0 / 2 课时" in page and "继续学习" in page


def test_the_class_panel_leads_to_nominations_and_classes_to_apply_for(cadre, signed_in) -> None:
    browser = signed_in(cadre)
    page = browser.get(reverse("portal:desk")).content.decode()
    for name in ("planning:open-classes", "planning:my-nominations"):
        assert f'href="{reverse(name)}"' in page.split('id="my-class"')[1].split("</section>")[0]
        assert browser.get(reverse(name)).status_code == 200


def test_at_most_twenty_queries_whatever_there_is(cadre, in_class, signed_in, django_assert_max_num_queries) -> None:
    browser, url = signed_in(cadre), reverse("portal:desk")
    with django_assert_max_num_queries(20):
        browser.get(url)
    fill(cadre, in_class)
    with django_assert_max_num_queries(20):
        assert "上次学到" in words(browser.get(url))


def read_on(enrolment) -> None:
    """Half of the first lesson, so that the desk says where one stopped."""
    lesson = enrolment.edition.lessons.first()
    save_progress(user=enrolment.user, enrolment=enrolment, lesson=lesson, update=ProgressUpdate(1, Decimal(50)))


def fill(cadre, cohort) -> None:
    """Exams, tasks, courses, hours, attendance: several of each."""
    attend(cohort)
    for number in range(3):
        exam = make_exam([cadre], title=f"测试{number}")
        attempt = sit(cadre, exam)
        assert attempt.state != AttemptState.RUNNING
        make_task([UserFactory(role="lecturer")], [cadre], title=f"任务{number}")
        enrolment = enrol(user=cadre, edition=EditionFactory(), context_key=cohort.context_key)
        read_on(enrolment)
        credited(cadre, "8", "1", on=date(2026, 2, number + 1))
    for week in range(1, 4):
        first = MONDAY + timedelta(days=7 * week)
        CohortFactory(confirmed=True, members=[cadre], starts_on=first, ends_on=first + timedelta(days=4))
    assert Membership.objects.filter(user=cadre).count() == 4


def test_the_bar_on_a_phone_reads_home_study_class_mine(cadre, in_class, signed_in) -> None:
    html = signed_in(cadre).get(reverse("portal:desk")).content.decode()
    bar = html[html.index('class="lh-tabbar"') :]
    assert re.findall(r"<span>([^<]+)</span>", bar)[:4] == ["首页", "学习", "班级", "我的"]


def test_only_cadres_have_a_desk(personas, reference, frozen_clock, signed_in, client) -> None:
    teacher = UserFactory(role="class_teacher")
    assert signed_in(teacher).get(reverse("portal:desk")).status_code == 403
    answer = client.get(reverse("portal:desk"))
    assert answer.status_code == 302 and reverse("people:sign-in") in answer["Location"]


def test_a_result_is_shown_once_it_is_public(cadre, in_class, signed_in) -> None:
    exam = make_exam([cadre], title="期末测试（示范）")
    sit(cadre, exam)
    assert "得分率" not in words(signed_in(cadre).get(reverse("portal:desk")))
    exam.released_at = clock.now()
    exam.save(update_fields=["released_at"])
    assert "得分率 100%，及格线 60%" in words(signed_in(cadre).get(reverse("portal:desk")))
