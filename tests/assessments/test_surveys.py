"""Evaluations: asked for, answered once within the window, and never a way from an answer to a person."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from wagtail.models import ModelLogEntry

from assessments import services
from assessments.models import Questionnaire, Survey, SurveyAnswer, SurveyInvitation
from assessments.reading.survey_results import results
from assessments.services import surveys as survey_services
from core import clock
from core.errors import Conflict, DomainError
from core.models import Notice
from tests.factories.assessments import office
from tests.factories.evaluations import answer, shares
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return [UserFactory(role="trainee") for _ in range(7)]


@pytest.fixture
def survey(frozen_clock, people):
    return open_for(people, frozen_clock)


def open_for(people, now, **changes):
    said = {
        "actor": office(), "context_key": "trial:示范", "about": "session:1", "title": "数据共享与业务协同",
        "subject": "欧阳文静，2026年9月14日上午", "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=3), "users": people,
    }  # fmt: skip
    survey, _new = services.open_survey(**{**said, **changes})
    return survey


def result_of(survey):
    return results(Survey.objects.filter(pk=survey.pk).counted().select_related("questionnaire"))[0]


def test_opening_asks_tells_and_happens_once(survey, people, frozen_clock):
    assert set(survey.invitations.values_list("user", flat=True)) == {p.pk for p in people}
    notice = Notice.objects.get(recipient=people[0])
    assert notice.url == reverse("assessments:evaluation", args=[survey.public_id])
    assert "匿名" in notice.text
    again = open_for(people, frozen_clock)
    assert again == survey
    assert Notice.objects.count() == 7


def test_the_first_questionnaire_is_five_times_twenty_with_four_grades(survey):
    held = Questionnaire.objects.get()
    assert [i["points"] for i in held.indicators] == [20] * 5
    assert [g["label"] for g in held.grades] == ["优秀", "良好", "合格", "不合格"]


def test_a_window_that_is_over_cannot_be_opened(people, frozen_clock):
    with pytest.raises(DomainError, match="截止时间应晚于"):
        open_for(people, frozen_clock, closes_at=frozen_clock)


def test_who_may_not_run_exams_opens_nothing(people, frozen_clock):
    with pytest.raises(DomainError, match="没有发起教学评估的权限"):
        open_for(people, frozen_clock, actor=people[0])


# --- answering ---


def test_one_answer_per_person(survey, people):
    answer(survey, people[:1], 80, "案例很实用")
    with pytest.raises(Conflict, match="已经提交过"):
        answer(survey, people[:1], 40)
    kept = SurveyAnswer.objects.get()
    assert set(kept.points.values()) == {"16"}
    assert kept.comment == "案例很实用"


@pytest.mark.parametrize(("span", "sentence"), [({"days": -1}, "评估尚未开始"), ({"days": 3}, "已经截止")])
def test_nothing_is_answered_outside_the_window(survey, people, later, span, sentence):
    with later(**span), pytest.raises(DomainError, match=sentence):
        answer(survey, people[:1])
    assert not SurveyAnswer.objects.exists()
    assert not SurveyInvitation.objects.filter(answered=True).exists()


def test_a_stranger_answers_nothing(survey):
    with pytest.raises(DomainError, match="不在本次评估的名单中"):
        answer(survey, [UserFactory()])


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ({}, "还缺：教学内容、教学方法"),
        (shares(100) | {"effect": 99}, "请从给出的各档中选择"),
        (shares(100) | {"more": 100}, "请从给出的各档中选择"),
    ],
)
def test_answers_that_no_form_sends_are_refused_and_use_nothing_up(survey, people, points, sentence):
    with pytest.raises(DomainError, match=sentence):
        services.answer_survey(user=people[0], survey=survey, points=points)
    answer(survey, people[:1])


def test_a_comment_of_more_than_300_characters_is_refused(survey, people):
    with pytest.raises(DomainError, match="不能超过 300 字"):
        answer(survey, people[:1], comment="长" * 301)


# --- anonymity ---


def test_the_answers_table_has_no_column_that_could_name_a_person_or_a_time():
    columns = {f.name: type(f).__name__ for f in SurveyAnswer._meta.get_fields()}
    assert columns == {"key": "UUIDField", "survey": "ForeignKey", "points": "JSONField", "comment": "CharField"}
    kinds = {type(f).__name__ for f in SurveyInvitation._meta.get_fields()}
    assert not kinds & {"DateTimeField", "DateField", "TimeField"}


def test_no_relation_of_any_table_leads_to_an_answer():
    pointing = [f for m in apps.get_models() for f in m._meta.fields if f.related_model is SurveyAnswer]
    assert pointing == []


def test_answering_leaves_no_row_in_any_other_table(survey, people):
    others = [m for m in apps.get_models() if m not in (SurveyAnswer,) and m._meta.managed and not m._meta.proxy]

    def rows():
        return {m._meta.label: m._base_manager.count() for m in others}

    before, entries = rows(), ModelLogEntry.objects.count()
    answer(survey, people[:1], comment="很好")
    assert rows() == before
    assert ModelLogEntry.objects.count() == entries


def _places(survey):
    """The comments in the order in which the rows lie on disk."""
    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        table = SurveyAnswer._meta.db_table
        cursor.execute(f"SELECT comment FROM {table} WHERE survey_id = %s ORDER BY {place}", [survey.pk])
        return [comment for (comment,) in cursor.fetchall()]


def _orders(survey, people):
    answered = []
    for number, person in enumerate(people):
        answer(survey, [person], comment=str(number))
        answered.append(str(number))
    return answered, _places(survey)


def test_neither_the_key_nor_the_place_on_disk_keeps_the_order_of_answering(people, frozen_clock):
    """The chance that seven rows, four times, all fall into the order of answering is 1 in 10¹⁴."""
    kept = []
    for number in range(4):
        survey = open_for(people, frozen_clock, about=f"session:{number}")
        order, places = _orders(survey, people)
        assert sorted(places) == sorted(order)
        assert places == list(survey.answers.order_by("key").values_list("comment", flat=True))
        kept.append(places == order)
    assert not all(kept)


def test_control_answers_written_one_after_the_other_lie_in_the_order_of_answering(survey, people, monkeypatch):
    def careless(held, points, comment):
        SurveyAnswer.objects.create(survey=held, points=points, comment=comment)

    monkeypatch.setattr(survey_services, "_mix_in", careless)
    order, places = _orders(survey, people)
    assert places == order


def test_the_system_knows_who_answered_but_not_what(survey, people):
    answer(survey, people[:3])
    assert SurveyInvitation.objects.filter(survey=survey, answered=True).count() == 3
    assert re.fullmatch(r"[0-9a-f-]{36}", str(SurveyAnswer.objects.first().key))


# --- results ---


def test_figures_come_with_the_fifth_answer_and_the_end_of_the_window(survey, people, later):
    answer(survey, people[:4], 80, "好")
    with later(days=3):
        four = result_of(survey)
    assert (four.invited, four.answered, four.rate, four.tally, four.comments) == (7, 4, Decimal("57.1"), None, ())
    answer(survey, people[4:5], 100, "更好")
    assert result_of(survey).tally is None, "the window is open"
    with later(days=3):
        five = result_of(survey)
    assert (str(five.tally.mean), five.tally.grade) == ("84.0", "良好")
    assert dict(five.tally.grades) == {"优秀": 1, "良好": 4, "合格": 0, "不合格": 0}
    assert sorted(five.comments) == ["好", "好", "好", "好", "更好"]


# --- reminding ---


def test_a_reminder_reaches_only_those_who_have_not_answered_once_a_day(survey, people, later):
    answer(survey, people[:5])
    Notice.objects.all().delete()
    services.remind(actor=office(), survey=survey)
    services.remind(actor=office(), survey=survey)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {p.pk for p in people[5:]}
    assert Notice.objects.count() == 2
    entry = ModelLogEntry.objects.filter(action="assessments.remind").first()
    assert not any(p.name in str(entry.data) or p.work_number in str(entry.data) for p in people)
    with later(days=1):
        services.remind(actor=office(), survey=survey)
    assert Notice.objects.count() == 4
    with later(days=3), pytest.raises(DomainError, match="未开始或已截止"):
        services.remind(actor=office(), survey=survey)


# --- the pages ---


@pytest.fixture
def browser(signed_in, people):
    return signed_in(people[0])


def page_of(survey):
    return reverse("assessments:evaluation", args=[survey.public_id])


def said(share=80, **more):
    return {f"points_{key}": str(value) for key, value in shares(share).items()} | more


def text(response):
    return response.content.decode()


def test_the_list_names_what_is_open(browser, survey):
    page = text(browser.get(reverse("assessments:evaluations")))
    assert "有 1 项待填写" in page
    assert survey.title in page
    assert "欧阳文静" in page


def test_the_list_says_what_will_stand_there(signed_in, db):
    assert "还没有教学评估" in text(signed_in(UserFactory(role="trainee")).get(reverse("assessments:evaluations")))


def test_a_person_answers_once_and_reads_thanks(browser, survey):
    page = text(browser.get(page_of(survey)))
    assert page.count('name="points_') == 20
    assert "请不要写出自己的姓名" in page
    response = browser.post(page_of(survey), said(comment="好"), follow=True)
    assert "已提交，谢谢" in text(response)
    assert 'name="points_' not in text(response)
    response = browser.post(page_of(survey), said(40), follow=True)
    assert "已提交，谢谢" in text(response)
    assert [a.comment for a in survey.answers.all()] == ["好"]


def test_what_is_missing_is_named_and_nothing_is_kept(browser, survey):
    response = browser.post(page_of(survey), {"points_content": "80"})
    assert response.status_code == 422
    assert "请选择一档" in text(response)
    assert not SurveyAnswer.objects.exists()


def test_after_the_window_the_page_says_so(browser, survey, later):
    with later(days=3):
        assert "评估已经截止" in text(browser.get(page_of(survey)))
        assert "评估已经截止" in text(browser.post(page_of(survey), said()))


def test_others_evaluations_are_not_there(signed_in, survey):
    for stranger in (UserFactory(role="trainee"), office(), UserFactory(role="lecturer")):
        assert signed_in(stranger).get(page_of(survey)).status_code == 404


def test_the_list_takes_the_same_queries_for_one_and_for_forty(
    signed_in, people, frozen_clock, django_assert_max_num_queries
):
    browser = signed_in(people[0])
    open_for(people, frozen_clock)
    url = reverse("assessments:evaluations")
    browser.get(url)
    with django_assert_max_num_queries(30) as one:
        browser.get(url)
    for number in range(40):
        open_for(people, frozen_clock, about=f"session:more{number}")
    with django_assert_max_num_queries(len(one)):
        browser.get(url)


def test_results_take_two_queries_however_many_there_are(people, frozen_clock, django_assert_num_queries):
    for number in range(12):
        open_for(people, frozen_clock, about=f"session:{number}")
    with clock.freeze(frozen_clock + timedelta(days=4)), django_assert_num_queries(2):
        assert len(results(Survey.objects.counted().select_related("questionnaire"))) == 12
