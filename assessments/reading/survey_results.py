"""Evaluations as those who run or give a course may see them: rates always, figures once closed and of five or more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from assessments.models import Questionnaire, Survey, SurveyAnswer
from assessments.rules.surveying import GradeBound, Indicator, Tally, response_rate, tally
from core import clock


@dataclass(frozen=True)
class Result:
    """A survey with its rate, and its figures where they may be shown."""

    survey: Survey
    invited: int
    answered: int
    rate: Decimal
    is_closed: bool
    is_upcoming: bool
    tally: Tally | None
    comments: tuple[str, ...]


def results(surveys: Iterable[Survey]) -> list[Result]:
    """The surveys (``counted``, with their questionnaires) and what they came to; one query more.

    Before the window ends no figures are given: from one answer to the next they would tell what the last one said.
    """
    rows, now = list(surveys), clock.now()
    answers = defaultdict(list)
    for answer in SurveyAnswer.objects.filter(survey__in=[s.pk for s in rows if s.closes_at <= now]).order_by("key"):
        answers[answer.survey_id].append(answer)
    return [_result(survey, answers[survey.pk], now) for survey in rows]


def _result(survey: Survey, answers: list[SurveyAnswer], now: datetime) -> Result:
    figures = tally([_points(a) for a in answers], indicators_of(survey.questionnaire), bounds_of(survey.questionnaire))
    return Result(
        survey=survey,
        invited=survey.invited,
        answered=survey.answered,
        rate=response_rate(survey.answered, survey.invited),
        is_closed=survey.closes_at <= now,
        is_upcoming=now < survey.opens_at,
        tally=figures,
        comments=tuple(a.comment for a in answers if a.comment) if figures else (),
    )


def _points(answer: SurveyAnswer) -> dict[str, Decimal]:
    return {key: Decimal(points) for key, points in answer.points.items()}


def indicators_of(questionnaire: Questionnaire) -> list[Indicator]:
    return [Indicator(i["key"], i["label"], i["points"]) for i in questionnaire.indicators]


def bounds_of(questionnaire: Questionnaire) -> list[GradeBound]:
    return [GradeBound(g["label"], Decimal(g["from"])) for g in questionnaire.grades]
