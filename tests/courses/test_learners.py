"""The list of a course's learners: who sees whom, what is narrowed, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from core import clock
from core.models import SavedView
from courses.learner_filters import STOPS, LearnerFilter
from courses.models import Enrolment, LessonProgress, LessonProof, LiveAttendance
from courses.reading.learners import course_of, in_order, learners, with_signs
from courses.services import answer_lesson_check, end_lecturer, enrol, give_lecturer
from people.models import Unit, User
from tests.factories.cohorts import CohortFactory
from tests.factories.courses import CourseFactory, LessonFactory, link_lesson, live_lesson, wrong_answers
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
PEOPLE = {
    "gone": ("安久别", "TK001"),
    "failing": ("白再试", "TK002"),
    "waiting": ("陈等待", "TK003"),
    "missed": ("单缺席", "TK004"),
    "fine": ("方正好", "TK005"),
    "done": ("高学完", "TK006"),
}


def words(response) -> str:
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def course(personas, at):
    """An article, a course elsewhere and a live session on 7 September."""
    with at(2026, 9, 1, 9):
        live = live_lesson(clock.now() + timedelta(days=6), title="直播课")
        return CourseFactory(
            title="数据共享", lessons=[LessonFactory(title="数据目录"), link_lesson(title="外部课"), live]
        )


@pytest.fixture
def scene(course, personas, frozen_clock):
    """Six learners of the data bureau, each in another state; the lecturer looks after the bureau."""
    edition, now = course.editions.get(), clock.now()
    article, link, live = edition.lessons.order_by("position")
    bureau = Unit.objects.get(code="YS-SJ")
    rows = {}
    for key, (name, number) in PEOPLE.items():
        person = UserFactory(name=name, work_number=number, unit=bureau, initials=f"x{key[0]}")
        rows[key] = enrol(user=person, edition=edition)
        if key != "waiting":
            LiveAttendance.objects.create(
                enrolment=rows[key], lesson=live, status="absent" if key == "missed" else "present",
                recorded_by=personas["lecturer"],
            )  # fmt: skip
    recent = {"touched_at": now - timedelta(days=1), "last_lesson": article}
    Enrolment.objects.filter(edition=edition).update(**recent)
    Enrolment.objects.filter(pk=rows["gone"].pk).update(touched_at=now - timedelta(days=20))
    Enrolment.objects.filter(pk=rows["done"].pk).update(state="completed", completed_at=now, lessons_done=3)
    LessonProgress.objects.create(enrolment=rows["failing"], lesson=article, failed_tries=3, updated_at=now)
    LessonProof.objects.create(enrolment=rows["waiting"], lesson=link, certificate_no="1")
    give_lecturer(actor=personas["training_office"], course=course, user=personas["lecturer"], unit=bureau)
    return rows


def address(course, name="learners"):
    return reverse(f"courses:{name}", args=[course.key])


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_each_line_says_where_somebody_is_and_what_keeps_them(course, scene, personas, signed_in):
    page = words(signed_in(personas["lecturer"]).get(address(course)))
    assert "共 6 人：学习中 5 人，已完成 1 人。停滞 4 人，其中 1 人等待确认。" in page
    assert "安久别 TK001 市数据局 第 1 课时：数据目录 0 / 3 学习中 停滞 20 天没有进展，停在“数据目录”" in page
    assert "“数据目录”的测验 3 次未通过" in page and "直播“直播课”缺席，待补课" in page
    assert "待确认 “外部课”的学习证明待确认；“直播课”的出席情况待确认" in page
    assert page.index("安久别") < page.index("白再试") < page.index("高学完"), "by name, never by progress"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"stuck": "any"}, ["gone", "failing", "waiting", "missed"]),
        ({"stuck": "idle"}, ["gone"]),
        ({"stuck": "idle", "days": "30"}, []),
        ({"stuck": "failing"}, ["failing"]),
        ({"stuck": "confirming"}, ["waiting"]),
        ({"stuck": "missed"}, ["missed"]),
        ({"state": "completed"}, ["done"]),
        ({"state": "todo"}, []),
        ({"q": "TK00"}, list(PEOPLE)),
        ({"q": "高学"}, ["done"]),
        ({"q": "XG"}, ["gone"]),
        ({"context": "own"}, list(PEOPLE)),
        ({"stuck": "x", "days": "-1", "unit": "x"}, list(PEOPLE)),
    ],
)
def test_filters_and_search(course, scene, personas, signed_in, query, found):
    page = words(signed_in(personas["lecturer"]).get(address(course), query))
    assert [key for key, (name, _number) in PEOPLE.items() if name in page] == found


def test_the_database_and_the_rule_agree_on_who_is_stuck(course, scene, personas):
    rows = with_signs(course_of(fresh(personas["lecturer"]), course), clock.now(), 14)
    shown = learners(in_order(rows), rows.values("pk"), clock.now(), 14)
    for key, _label in STOPS[1:]:
        narrowed = LearnerFilter({"stuck": key}, queryset=rows, units=Unit.objects.all(), contexts={}).qs
        said = {one.enrolment.pk for one in shown if any(reason.kind == key for reason in one.reasons)}
        assert set(narrowed.values_list("pk", flat=True)) == said, key


def test_who_sees_whom(course, scene, personas, signed_in):
    elsewhere = UserFactory(name="柳外局", unit=Unit.objects.get(code="YS-SF"))
    enrol(user=elsewhere, edition=course.editions.get())
    office = words(signed_in(personas["training_office"]).get(address(course)))
    assert "安久别" in office and "柳外局" in office
    lecturer = words(signed_in(personas["lecturer"]).get(address(course)))
    assert "安久别" in lecturer and "柳外局" not in lecturer and "市司法局" not in lecturer
    assert signed_in(personas["other_teacher"]).get(address(course)).status_code == 404
    for who in ("trainee", "leader", "unit_admin", "content_editor", "audit_admin"):
        assert signed_in(personas[who]).get(address(course)).status_code == 403, who
    end_lecturer(actor=personas["training_office"], lecturer=course.lecturers.get())
    assert signed_in(personas["lecturer"]).get(address(course)).status_code == 404


def test_an_office_of_one_bureau_sees_its_own_and_gives_lecturers_no_more(course, scene, personas, signed_in):
    office = UserFactory(role="training_office", unit=Unit.objects.get(code="YS-SF"))
    assert "安久别" not in words(signed_in(office).get(address(course)))
    city = Unit.objects.get(code="YS")
    form = {"user": personas["lecturer"].pk, "unit": city.pk}
    answer = signed_in(office).post(address(course, "lecturers"), form)
    assert answer.status_code == 422 and course.lecturers.count() == 1


def test_a_class_teacher_sees_the_class_and_nothing_else(course, scene, personas, signed_in):
    teacher = personas["class_teacher"]
    cohort = CohortFactory(running=True, teacher=teacher, members=2)
    member = cohort.memberships.select_related("user").first().user
    enrol(user=member, edition=course.editions.get(), context_key=cohort.context_key)
    enrol(user=member, edition=CourseFactory().editions.get())  # their own affair
    page = words(signed_in(teacher).get(address(course)))
    assert member.name in page and "安久别" not in page and "共 1 人" in page
    tab = signed_in(teacher).get(reverse("cohorts:learning", args=[cohort.public_id]))
    assert "数据共享" in words(tab) and "示范课程" not in words(tab)
    assert f"{address(course)}?context=cohort" in tab.content.decode()
    assert "数据共享" in words(signed_in(teacher).get(reverse("courses:teaching")))


def test_the_first_page_says_how_many_wait(course, scene, personas, signed_in):
    page = words(signed_in(personas["lecturer"]).get(reverse("courses:teaching")))
    assert "有 1 人等待您确认学习证明或出席情况" in page
    assert "数据共享 6 人选课，其中 1 人已完成 1 人待确认 4 人停滞" in page


def test_filters_are_kept_and_taken_away_as_a_workbook(course, scene, personas, signed_in):
    browser = signed_in(personas["lecturer"])
    kept = {"place": f"courses:learners:{course.pk}", "name": "停滞", "query": "stuck=any", "next": address(course)}
    browser.post(reverse("core:view-keep"), kept)
    assert SavedView.objects.get().name == "停滞" and "停滞" in words(browser.get(address(course)))
    answer = browser.get(address(course), {"stuck": "failing", "export": "xlsx"})
    rows = [row for row in load_workbook(BytesIO(answer.content)).active.values if "TK002" in row or "工号" in row]
    assert len(rows) == 2 and rows[1][:4] == ("TK002", "白再试", "市数据局", "自主选课")
    assert rows[1][9] == "“数据目录”的测验 3 次未通过"


@pytest.mark.parametrize("query", [{}, {"stuck": "any"}, {"export": "xlsx"}])
def test_ten_and_a_thousand_learners_cost_the_same(
    course, scene, personas, signed_in, django_assert_max_num_queries, query
):
    browser = signed_in(personas["lecturer"])
    browser.get(address(course), query)
    with django_assert_max_num_queries(QUERIES):
        browser.get(address(course), query)
    many(course, scene)
    with django_assert_max_num_queries(QUERIES):
        browser.get(address(course), query)


QUERIES = 25  # one of them for where live sessions were moved to


def many(course, scene) -> None:
    """A thousand more learners of the bureau, every one with a failing check."""
    edition, now = course.editions.get(), clock.now()
    unit = scene["gone"].user.unit
    people = User.objects.bulk_create(
        User(work_number=f"TM{n:04d}", name="示范学员", sort_key=f"z{n:04d}", unit=unit, managed_by=unit)
        for n in range(1000)
    )
    rows = Enrolment.objects.bulk_create(
        Enrolment(user=person, edition=edition, lessons_total=3, enrolled_at=now) for person in people
    )
    lesson = edition.lessons.get(position=1)
    LessonProgress.objects.bulk_create(
        LessonProgress(enrolment=row, lesson=lesson, failed_tries=2, updated_at=now) for row in rows
    )


def test_tries_that_fail_are_counted_once_each(course, personas, frozen_clock):
    enrolment = enrol(user=personas["trainee"], edition=course.editions.get())
    lesson = enrolment.edition.lessons.get(position=1)
    wrong = wrong_answers(lesson.check_paper)
    for key in ("1", "1", "2"):
        answer_lesson_check(
            user=enrolment.user, enrolment=enrolment, lesson=lesson, client_key=UUID(int=int(key)), answers=wrong
        )
    assert LessonProgress.objects.get().failed_tries == 2
