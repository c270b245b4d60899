"""Evaluation of a course: asked after finishing, anonymous, hidden below five, shown after the half-year."""

from __future__ import annotations

from datetime import date

import pytest

from assessments.models import Survey, SurveyAnswer, SurveyInvitation
from assessments.services import answer_survey
from core.models import Notice
from courses.rules.terms import Term, term_of
from courses.services import enrol
from courses.services.evaluations import ask_to_evaluate
from tests.factories.courses import EditionFactory, finish, teach
from tests.factories.people import UserFactory


@pytest.mark.parametrize(
    ("day", "key", "closes"),
    [
        (date(2026, 1, 1), "2026-1", date(2026, 7, 15)),
        (date(2026, 6, 30), "2026-1", date(2026, 7, 15)),
        (date(2026, 7, 1), "2026-2", date(2027, 1, 15)),
        (date(2026, 12, 31), "2026-2", date(2027, 1, 15)),
    ],
)
def test_a_half_year_ends_with_two_weeks_of_grace(day, key, closes):
    assert (term_of(day).key, term_of(day).closes) == (key, closes) and term_of(day).first <= day
    assert Term(2026, 2).first == date(2026, 7, 1)


@pytest.fixture
def edition(personas, frozen_clock):
    made = EditionFactory(key="data", title="政务数据共享", lessons=1, checked=False)
    teach(made.course, personas["lecturer"])
    return made


def finished(edition, callbacks) -> object:
    enrolment = enrol(user=UserFactory(role="trainee"), edition=edition)
    with callbacks(execute=True):
        return finish(enrolment)


CHOICES = {"content": 100, "method": 80, "attitude": 100, "relevance": 80, "effect": 100}


def answer(enrolment) -> None:
    answer_survey(user=enrolment.user, survey=Survey.objects.get(), points=CHOICES, comment="案例再多一些")


@pytest.mark.django_db
def test_who_finishes_is_asked_once_and_may_pass_it_by(signed_in, edition, django_capture_on_commit_callbacks):
    enrolment = finished(edition, django_capture_on_commit_callbacks)
    ask_to_evaluate(enrolment=enrolment)
    assert SurveyInvitation.objects.filter(user=enrolment.user).count() == 1
    told = Notice.objects.get(recipient=enrolment.user)
    assert "自愿" in told.title
    browser = signed_in(enrolment.user)
    assert "评价课程（自愿、匿名）" in browser.get("/courses/data/").content.decode()
    assert "评估《政务数据共享》" not in browser.get("/learn/").content.decode(), "no duty on the desk"
    assert browser.get(f"/learn/courses/{enrolment.public_id}/1/").status_code == 200
    page = browser.post(f"/learn/courses/{enrolment.public_id}/evaluate/", follow=True).content.decode()
    assert "教学内容" in page and "政务数据共享" in page
    answer(enrolment)
    assert "您已匿名评价过" in browser.get("/courses/data/").content.decode()


@pytest.mark.django_db
def test_who_has_not_finished_is_not_asked(signed_in, edition):
    enrolment = enrol(user=UserFactory(role="trainee"), edition=edition)
    browser = signed_in(enrolment.user)
    assert "评价课程" not in browser.get("/courses/data/").content.decode()
    assert browser.post(f"/learn/courses/{enrolment.public_id}/evaluate/").status_code == 422
    assert not Survey.objects.exists()


@pytest.mark.django_db
def test_an_answer_does_not_know_the_person(edition, django_capture_on_commit_callbacks):
    answer(finished(edition, django_capture_on_commit_callbacks))
    assert {f.name for f in SurveyAnswer._meta.fields} == {"key", "survey", "points", "comment"}


@pytest.mark.django_db
def test_figures_come_after_the_half_year_and_of_five_answers(
    signed_in, personas, edition, at, django_capture_on_commit_callbacks
):
    people = [finished(edition, django_capture_on_commit_callbacks) for _ in range(6)]
    for enrolment in people[:4]:
        answer(enrolment)
    lecturer, office = signed_in(personas["lecturer"]), signed_in(personas["training_office"])
    results = "/teach/course-evaluations/"
    assert "政务数据共享" not in lecturer.get(results).content.decode(), "not before the half-year is over"
    page = office.get(results).content.decode()
    assert "4 / 6 人（66.7%）" in page and "截止后显示得分" in page and "案例再多一些" not in page
    with at(2027, 1, 20, 9):
        page = lecturer.get(results).content.decode()
        assert "不足 5 份，不显示" in page and "分（满分" not in page and "案例再多一些" not in page
    answer(people[4])
    with at(2027, 1, 20, 9):
        page = lecturer.get(results).content.decode()
        assert "5 / 6 人（83.3%）" in page and "92.0 分（满分 100 分）" in page and "案例再多一些" in page
        stranger = UserFactory(role="lecturer")
        assert "政务数据共享" not in signed_in(stranger).get(results).content.decode()
    assert signed_in(personas["trainee"]).get(results).status_code == 403


@pytest.mark.django_db
def test_the_results_cost_the_same_with_one_course_and_ten(
    signed_in, personas, at, frozen_clock, django_capture_on_commit_callbacks, django_assert_max_num_queries
):
    office, costs = signed_in(personas["training_office"]), []
    for number in (1, 9):
        for _ in range(number):
            finished(EditionFactory(lessons=1, checked=False), django_capture_on_commit_callbacks)
        with django_assert_max_num_queries(14) as counted:
            office.get("/teach/course-evaluations/")
        costs.append(len(counted))
    assert costs[0] == costs[1]
