"""Evaluations under two hands at once, and what the rows of the database give away to somebody who reads its tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from assessments import services
from assessments.models import Survey, SurveyAnswer, SurveyInvitation
from assessments.services import surveys as survey_services
from core import clock
from core.errors import Conflict
from tests.cohorts.test_races import at_once
from tests.conftest import MOMENT
from tests.factories.assessments import office
from tests.factories.evaluations import answer, shares
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def in_the_window() -> Any:
    with clock.freeze(MOMENT):
        yield


def make(count: int = 4) -> tuple[Survey, list[Any]]:
    people = [UserFactory(role="trainee") for _ in range(count)]
    survey, _new = services.open_survey(
        actor=office(), context_key="trial:示范", about="session:1", title="数据共享", subject="欧阳文静",
        opens_at=MOMENT - timedelta(hours=1), closes_at=MOMENT + timedelta(days=3), users=people,
    )  # fmt: skip
    return survey, people


def answering(survey: Survey, user: Any, share: int) -> Any:
    return lambda: services.answer_survey(user=user, survey=survey, points=shares(share))


def test_one_person_answers_twice_at_once_and_one_answer_is_kept() -> None:
    survey, (person, *_rest) = make()
    results = at_once(answering(survey, person, 100), answering(survey, person, 40))
    assert [type(r).__name__ for r in results if r] == ["Conflict"]
    assert survey.answers.count() == 1


def test_control_without_the_used_up_invitation_both_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    survey, (person, *_rest) = make()
    monkeypatch.setattr(survey_services, "_use", lambda held, user: True)
    at_once(answering(survey, person, 100), answering(survey, person, 40))
    assert survey.answers.count() == 2


def test_people_who_answer_at_once_lose_nothing() -> None:
    survey, people = make()
    results = at_once(*(answering(survey, person, 80) for person in people))
    assert not any(isinstance(r, Conflict) for r in results)
    assert survey.answers.count() == survey.invitations.filter(answered=True).count() == 4


def writers(model: Any, survey: Survey) -> list[str]:
    """The numbers of the transactions that wrote the rows of a survey."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text FROM {model._meta.db_table} WHERE survey_id = %s", [survey.pk])
        return [number for (number,) in cursor.fetchall()]


@pytest.mark.row_locks
def test_no_transaction_number_joins_an_answer_to_an_invitation() -> None:
    survey, people = make()
    for person in people[:3]:
        answer(survey, [person])
    assert len(set(writers(SurveyAnswer, survey))) == 1
    assert len(set(writers(SurveyInvitation, survey))) == 1


@pytest.mark.row_locks
def test_control_a_plain_insert_and_update_share_a_number_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def use(held: Survey, user: Any) -> bool:
        return SurveyInvitation.objects.filter(survey=held, user=user, answered=False).update(answered=True) == 1

    def insert(held: Survey, points: Any, comment: str) -> None:
        SurveyAnswer.objects.create(survey=held, points=points, comment=comment)

    monkeypatch.setattr(survey_services, "_use", use)
    monkeypatch.setattr(survey_services, "_mix_in", insert)
    survey, people = make()
    for person in people[:3]:
        answer(survey, [person])
    assert len(set(writers(SurveyAnswer, survey))) == 3
    assert set(writers(SurveyAnswer, survey)) < set(writers(SurveyInvitation, survey))
