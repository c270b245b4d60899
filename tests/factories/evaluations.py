"""Evaluations of synthetic sessions, with answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assessments.models import Survey
from assessments.services import answer_survey
from cohorts import services
from cohorts.models import Cohort, CohortStaff, Evaluation
from people.models import Role, User
from tests.factories.cohorts import CohortFactory, teacher_of
from tests.factories.people import UserFactory

KEYS = ("content", "method", "attitude", "relevance", "effect")


def taught_class(members: Any = 6, *, lecturer: User | None = None, **kwargs: Any) -> Cohort:
    """A running class whose mornings a lecturer of its staff teaches."""
    cohort = CohortFactory(running=True, members=members, **kwargs)
    person = lecturer or UserFactory(role=Role.LECTURER, name="欧阳文静")
    CohortStaff.objects.create(cohort=cohort, user=person, duty=CohortStaff.Duty.LECTURER)
    cohort.sessions.filter(half="am").update(lecturer=person)
    return cohort


def open_first(cohort: Cohort, count: int = 1, **kwargs: Any) -> list[Evaluation]:
    """Evaluations of the first mornings; the clock has to stand on or after their days."""
    sessions = cohort.sessions.filter(half="am").order_by("day")[:count]
    return services.open_evaluations(actor=teacher_of(cohort), cohort=cohort, sessions=sessions, **kwargs)


def shares(*values: int) -> dict[str, int]:
    """The choice for each indicator: five shares, or one for all."""
    return dict(zip(KEYS, values if len(values) == len(KEYS) else values * len(KEYS), strict=True))


def answer(survey: Survey, users: Sequence[User], share: int = 100, comment: str = "") -> None:
    """These people answer alike, one after the other."""
    for user in users:
        answer_survey(user=user, survey=survey, points=shares(share), comment=comment)


def people_of(cohort: Cohort) -> list[User]:
    return [m.user for m in cohort.memberships.select_related("user").order_by("pk")]
