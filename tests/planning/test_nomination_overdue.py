"""Steps that nobody decided: the desk is told once, then the next level and the office, who may take the step over."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from wagtail.models import ModelLogEntry

from core.errors import DomainError
from core.models import Notice
from people.models import RoleGrant, User
from planning.models import Nomination, StepReminder
from planning.services.nominations import nominate
from planning.services.overdue import remind_of_overdue_steps
from planning.services.reviewing import review
from planning.tasks import remind_of_overdue
from tests.factories.planning_calls import Scene, cadres, call_up, scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
OVERDUE, STUCK = "已超过办理期限", "逾期多日未审核"


def told(words: str) -> set[User]:
    return {n.recipient for n in Notice.objects.filter(title__contains=words)}


@pytest.fixture
def where() -> Scene:
    return scene()


@pytest.fixture
def waiting(where: Scene) -> Nomination:
    """At the division's desk since Monday, due at the end of Thursday."""
    return nominate(actor=where.admins["section"], call_up=call_up(where), user=cadres(where.section, 1)[0])


def test_the_desk_is_told_once_and_after_as_many_days_again_those_above(
    where: Scene, waiting: Nomination, at: Any
) -> None:
    with at(2026, 9, 17, 20):
        remind_of_overdue()
    assert not told(OVERDUE), "the day is not over"
    for hour in (8, 9):
        with at(2026, 9, 18, hour):
            remind_of_overdue()
    assert told(OVERDUE) == {where.admins["division"]} and not told(STUCK)
    with at(2026, 9, 22, 8):
        remind_of_overdue()
    assert not told(STUCK), "three working days again: to the end of Tuesday"
    for day in (23, 24, 25):
        with at(2026, 9, day, 8):
            remind_of_overdue()
    assert told(STUCK) == {where.clerk, where.office}
    assert StepReminder.objects.count() == 3, "each once"
    logged = ModelLogEntry.objects.filter(action="planning.nomination.overdue").order_by("timestamp")
    assert [entry.data["count"] for entry in logged] == [1, 2]


def test_a_desk_without_anybody_goes_up_at_once(where: Scene, waiting: Nomination, at: Any) -> None:
    RoleGrant.objects.filter(user__in=where.admins.values()).delete()
    with at(2026, 9, 18, 8):
        assert remind_of_overdue_steps() == 1
    assert told(STUCK) == {where.office}


def test_the_next_level_takes_the_step_over_only_when_it_is_stuck(where: Scene, waiting: Nomination, at: Any) -> None:
    with at(2026, 9, 18, 8), pytest.raises(DomainError, match="这一环节不由您审核"):
        review(actor=where.clerk, nomination=waiting, position=1, agree=True)
    with at(2026, 9, 23, 8):
        now = review(actor=where.clerk, nomination=waiting, position=1, agree=True)
    step = waiting.steps.get(position=1)
    assert (step.decided_by, step.taken_over, now.step) == (where.clerk, True, 2)


def test_the_office_may_take_a_stuck_step_over(where: Scene, waiting: Nomination, at: Any) -> None:
    with at(2026, 9, 23, 8):
        now = review(actor=where.office, nomination=waiting, position=1, agree=True)
    assert now.step == 2 and waiting.steps.get(position=1).taken_over


def test_what_is_decided_in_time_reminds_nobody(where: Scene, waiting: Nomination, at: Any) -> None:
    review(actor=where.admins["division"], nomination=waiting, position=1, agree=True)
    review(actor=where.clerk, nomination=Nomination.objects.get(pk=waiting.pk), position=2, agree=False, reason="另议")
    with at(2026, 10, 9, 8):
        assert remind_of_overdue_steps() == 0


def test_nobody_named_stands_in_a_message(where: Scene, waiting: Nomination, at: Any) -> None:
    with at(2026, 9, 25, 8):
        remind_of_overdue()
    assert not Notice.objects.filter(text__contains=waiting.user.name).exists()
    assert not Notice.objects.filter(title__contains=waiting.user.name).exists()


def test_a_reminder_is_never_changed(where: Scene, waiting: Nomination, at: Any) -> None:
    with at(2026, 9, 18, 8):
        remind_of_overdue()
    with pytest.raises(DatabaseError), transaction.atomic():
        StepReminder.objects.update(stage="escalated")
