"""Evaluations of a class: opened for those who were there, rates without names, results for the lecturer at the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from assessments.models import SurveyInvitation
from cohorts import services
from cohorts.models import Evaluation, GraduationDecision, Requirement
from cohorts.reading import classes as reading
from cohorts.rules.graduation import decide
from core import clock
from core.errors import DomainError
from core.models import Notice
from core.spreadsheets.reader import read_workbook
from tests.factories.cohorts import AFTER, attend, half_days, papers, teacher_of
from tests.factories.evaluations import answer, open_first, people_of, taught_class
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
MONDAY_NOON = datetime(2026, 9, 14, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ENDED = AFTER + timedelta(days=4)


@pytest.fixture
def cohort(db):
    return taught_class(7)


@pytest.fixture
def on_monday():
    with clock.freeze(MONDAY_NOON):
        yield


@pytest.fixture
def survey(cohort, on_monday):
    return open_first(cohort)[0].survey


@pytest.fixture
def browser(signed_in, cohort):
    return signed_in(teacher_of(cohort))


def text(response):
    return response.content.decode()


def tab(cohort, name="evaluations", *more):
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


# --- opening ---


def test_the_window_begins_with_the_end_of_the_session_and_lasts_three_days(survey):
    assert survey.opens_at == datetime(2026, 9, 14, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert survey.closes_at - MONDAY_NOON == timedelta(days=3)
    assert "欧阳文静" in survey.subject


def test_those_who_were_away_are_not_asked(cohort, on_monday):
    attend(cohort, only=half_days(cohort)[:1])
    first, second, third, *_rest = cohort.memberships.order_by("pk")
    for member, status in ((first, "on_leave"), (second, "absent"), (third, "late")):
        member.attendance.update(status=status)
    asked = set(open_first(cohort)[0].survey.invitations.values_list("user", flat=True))
    assert asked == {m.user_id for m in cohort.memberships.all()} - {first.user_id, second.user_id}
    assert set(Notice.objects.values_list("recipient", flat=True)) == asked


def test_opened_twice_it_stays_one(cohort, survey):
    assert open_first(cohort) == []
    assert Evaluation.objects.count() == 1
    assert Notice.objects.count() == 7


def test_sessions_without_a_lecturer_or_still_to_come_are_refused(cohort, on_monday):
    sessions = cohort.sessions.order_by("day", "starts_at")
    for chosen, sentence in (
        (sessions.filter(half="pm")[:1], "没有授课教师"),
        (sessions.filter(half="am"), "还没有上课"),
    ):
        with pytest.raises(DomainError, match=sentence):
            services.open_evaluations(actor=teacher_of(cohort), cohort=cohort, sessions=chosen)
    with pytest.raises(DomainError, match="只有本班班主任"):
        services.open_evaluations(actor=UserFactory(role="class_teacher"), cohort=cohort, sessions=sessions[:1])


def test_an_evaluation_stays_when_its_session_leaves_the_timetable(cohort, survey):
    session = cohort.sessions.get(evaluation__survey=survey)
    services.remove_session(actor=teacher_of(cohort), session=session)
    assert Evaluation.objects.get().survey == survey


# --- the office ---


def test_one_click_opens_the_sessions_of_the_past_week(browser, cohort):
    with clock.freeze(AFTER):
        page = text(browser.get(tab(cohort)))
        assert page.count(" checked") >= 5
        keys = [s.pk for s in cohort.sessions.filter(half="am")]
        page = text(browser.post(tab(cohort, "evaluations-open"), {"sessions": keys, "days": 3}, follow=True))
    assert "已发起 5 项教学评估，并通知学员" in page
    assert "0 / 7 人（0%）" in page
    assert SurveyInvitation.objects.count() == 35


def test_nothing_chosen_or_foreign_sessions_open_nothing(browser, cohort):
    other = taught_class(2)
    with clock.freeze(AFTER):
        for sessions in ([], [other.sessions.first().pk], ["x"]):
            assert browser.post(tab(cohort, "evaluations-open"), {"sessions": sessions, "days": 3}).status_code == 302
    assert not Evaluation.objects.exists()


def test_the_rate_stands_beside_the_score_and_under_five_nothing_is_shown(browser, cohort, survey):
    people = people_of(cohort)
    answer(survey, people[:4], 80, "讲得清楚")
    assert "截止后显示" in text(browser.get(tab(cohort)))
    with clock.freeze(ENDED):
        for page in (tab(cohort), tab(cohort, "evaluation", survey.public_id)):
            shown = text(browser.get(page))
            assert "4 / 7 人" in shown and "57.1%" in shown
            assert "不足 5 份，不显示" in shown
            assert "讲得清楚" not in shown
            assert "80.0" not in shown
    answer(survey, people[4:5], 80, "讲得清楚")
    with clock.freeze(ENDED):
        shown = text(browser.get(tab(cohort, "evaluation", survey.public_id)))
        assert "5 / 7 人（71.4%）" in shown
        assert "80.0" in shown and "良好" in shown and "教学针对性" in shown
        assert shown.count("讲得清楚") == 5
        assert "80.0 分（满分 100 分）" in text(browser.get(tab(cohort)))


def test_no_page_of_the_office_says_who_has_not_answered(browser, cohort, survey):
    people = people_of(cohort)
    answer(survey, people[:3])
    pages = [tab(cohort), tab(cohort, "evaluation", survey.public_id), tab(cohort, "history")]
    remind = tab(cohort, "evaluation-remind", survey.public_id)
    shown = [text(browser.post(remind, follow=True)), *(text(browser.get(url)) for url in pages)]
    assert "不显示名单" in shown[0]
    assert not [p.name for p in people for page in shown if p.name in page]
    assert Notice.objects.filter(title__contains="即将截止").count() == 4


def test_the_workbook_holds_the_rate_and_hides_what_pages_hide(browser, cohort, survey):
    answer(survey, people_of(cohort)[:4], 80, "讲得清楚")

    def cells():
        book = read_workbook("评估.xlsx", browser.get(tab(cohort, "evaluations-export")).content)
        return [cell.text for sheet in book.sheets for row in sheet.rows() for cell in row]

    with clock.freeze(ENDED):
        assert "不足 5 份，不显示" in cells() and "讲得清楚" not in cells() and "57.1" in cells()
    answer(survey, people_of(cohort)[4:6], 100, "讲得清楚")
    with clock.freeze(ENDED):
        assert cells().count("讲得清楚") == 6
        assert "86.7" in cells()


def test_the_tab_takes_the_same_queries_for_one_evaluation_and_for_five(
    browser, cohort, survey, django_assert_max_num_queries
):
    with clock.freeze(ENDED):
        browser.get(tab(cohort))
        with django_assert_max_num_queries(60) as one:
            browser.get(tab(cohort))
    with clock.freeze(AFTER):
        open_first(cohort, 5)
    answer_time = AFTER + timedelta(hours=1)
    with clock.freeze(answer_time):
        for evaluation in cohort.evaluations.exclude(survey=survey):
            answer(evaluation.survey, people_of(cohort), 80)
    with clock.freeze(ENDED), django_assert_max_num_queries(len(one)):
        browser.get(tab(cohort))


# --- the lecturer ---


def close(cohort):
    attend(cohort)
    papers(cohort)
    with clock.freeze(AFTER):
        services.close(actor=teacher_of(cohort), cohort=cohort)


def test_lecturers_see_their_own_after_the_closing_only(signed_in, cohort, survey):
    lecturer = cohort.staff.get(duty="lecturer").user
    answer(survey, people_of(cohort), 80, "案例贴近工作")
    mine, one = reverse("cohorts:teach-evaluations"), reverse("cohorts:teach-evaluation", args=[survey.public_id])
    browser, other = signed_in(lecturer), signed_in(UserFactory(role="lecturer"))
    with clock.freeze(ENDED):
        page = text(browser.get(mine))
        assert "另有 1 项，结班后显示" in page and survey.title not in page
        assert browser.get(one).status_code == 404
    close(cohort)
    with clock.freeze(ENDED):
        assert "80.0 分（满分 100 分）" in text(browser.get(mine))
        page = text(browser.get(one))
        assert "7 / 7 人" in page and "100%" in page and "案例贴近工作" in page
        assert survey.title not in text(other.get(mine))
        assert other.get(one).status_code == 404


# --- a condition of graduation ---


def conditions(cohort, user):
    member = cohort.memberships.get(user=user)
    found = decide(reading.standings(cohort, [member])[member.pk])
    return [(c.met, c.detail) for c in found if c.label.startswith("完成评估")]


def test_having_answered_fulfils_the_requirement_once_the_window_is_over(cohort, survey):
    done, left, away, *_rest = people_of(cohort)
    SurveyInvitation.objects.filter(survey=survey, user=away).delete()
    services.require_surveys(actor=teacher_of(cohort), cohort=cohort, surveys=[survey])
    answer(survey, [done])
    assert conditions(cohort, done) == conditions(cohort, left) == [(False, "评估9月17日截止，截止后统计")]
    with clock.freeze(ENDED):
        assert conditions(cohort, done) == [(True, "已完成评估")]
        assert conditions(cohort, left) == [(False, "未完成评估")]
        assert conditions(cohort, away) == [(True, "不在评估名单中，不作要求")]


def test_a_class_is_not_closed_while_a_required_evaluation_is_open(cohort, on_monday):
    with clock.freeze(AFTER - timedelta(hours=2)):
        survey = open_first(cohort)[0].survey
        services.require_surveys(actor=teacher_of(cohort), cohort=cohort, surveys=[survey])
        answer(survey, people_of(cohort)[:1])
    with pytest.raises(DomainError, match="》尚未截止"):
        close(cohort)
    with clock.freeze(ENDED):
        services.close(actor=teacher_of(cohort), cohort=cohort)
    assert GraduationDecision.objects.filter(granted=True).count() == 1


def test_a_requirement_points_at_nothing_but_its_evaluation(cohort, survey):
    services.require_surveys(actor=teacher_of(cohort), cohort=cohort, surveys=[survey])
    services.require_surveys(actor=teacher_of(cohort), cohort=cohort, surveys=[survey])
    leaf = Requirement.objects.get(kind="survey")
    services.drop_requirement(actor=teacher_of(cohort), requirement=leaf)
    assert not Requirement.objects.filter(kind="survey").exists()
    other = open_first(taught_class(2))[0].survey
    with pytest.raises(DomainError, match="至少选择一项本班的教学评估"):
        services.require_surveys(actor=teacher_of(cohort), cohort=cohort, surveys=[other])


def test_the_requirements_page_counts_and_takes_evaluations(browser, cohort, survey):
    page = text(browser.post(tab(cohort, "requirement-surveys"), {"surveys": [survey.pk]}, follow=True))
    assert f"完成评估《{survey.title}》" in page
    assert "0 / 7 人已满足" in page
    answer(survey, people_of(cohort)[:3])
    with clock.freeze(ENDED):
        assert "3 / 7 人已满足" in text(browser.get(tab(cohort, "requirements")))


def test_standings_take_the_same_queries_for_more_evaluations(cohort, django_assert_num_queries):
    with clock.freeze(AFTER):
        surveys = [e.survey for e in open_first(cohort, 5)]
        services.require_surveys(actor=teacher_of(cohort), cohort=cohort, surveys=surveys)
        members = list(cohort.memberships.all())
        with django_assert_num_queries(8):
            reading.standings(cohort, members)


def test_the_desk_names_what_is_to_be_answered(signed_in, on_monday):
    person = UserFactory(role="trainee", full=True)
    survey = open_first(taught_class([person]))[0].survey
    assert f"评估《{survey.title}》" in text(signed_in(person).get(reverse("portal:desk")))
    answer(survey, [person])
    assert f"评估《{survey.title}》" not in text(signed_in(person).get(reverse("portal:desk")))
