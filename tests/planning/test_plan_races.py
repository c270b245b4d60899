"""Two people at one plan: what the guard holds, and that it is the guard that holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cohorts.models import Cohort
from core import clock
from core.errors import Conflict
from people.models import User
from planning.models import CallUp, PlanChange, PlanDecision, PlannedClass, TrainingPlan
from planning.services import founding, plan_approval, plan_changes
from planning.services import plans as drawing
from planning.services.founding import found_class
from planning.services.plan_approval import approve_plan, return_plan
from planning.services.plan_changes import ask_change, decide_change
from planning.services.plan_copying import copy_plan
from planning.services.plans import edit_class
from tests.cohorts.test_races import at_once
from tests.conftest import MOMENT
from tests.factories.cohorts import office
from tests.factories.planning_plans import approved, draft, leader, second_office, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def monday_morning() -> Any:
    with clock.freeze(MOMENT):
        yield


def approve(plan: TrainingPlan, actor: User) -> Callable[[], Any]:
    return lambda: approve_plan(actor=actor, plan=TrainingPlan.objects.get(pk=plan.pk), version=plan.version)


# Approving.


def test_two_leaders_approve_at_once_and_one_approval_stands() -> None:
    plan = submitted(1)
    results = at_once(approve(plan, leader()), approve(plan, leader()))
    assert sum(isinstance(r, TrainingPlan) for r in results) == 1
    assert PlanDecision.objects.filter(what="approved").count() == 1


def test_one_leader_clicks_twice_and_both_clicks_end_well() -> None:
    plan, boss = submitted(1), leader()
    results = at_once(approve(plan, boss), approve(plan, boss))
    assert all(isinstance(r, TrainingPlan) for r in results), results
    assert PlanDecision.objects.filter(what="approved").count() == 1


def test_one_approves_while_another_gives_back() -> None:
    plan = submitted(1)
    boss, other = leader(), leader()
    results = at_once(approve(plan, boss), lambda: return_plan(actor=other, plan=plan, reason="太多"))
    assert sum(isinstance(r, TrainingPlan) for r in results) == 1, results
    plan.refresh_from_db()
    last = plan.decisions.last()
    assert (plan.state, last.what) in {("approved", "approved"), ("draft", "returned")}


def test_control_without_the_guards_the_trail_has_two_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same two, one after the other, without the check of the state and the conditional step."""

    def careless(held: TrainingPlan, before: str, after: str, **more: Any) -> None:
        TrainingPlan.objects.filter(pk=held.pk).update(state=after, **more)

    plan = submitted(1)
    approve(plan, leader())()
    monkeypatch.setattr(plan_approval, "_must_wait", lambda held: None)
    monkeypatch.setattr(plan_approval, "_step", careless)
    now = TrainingPlan.objects.get(pk=plan.pk)
    approve_plan(actor=leader(), plan=now, version=now.version)
    assert PlanDecision.objects.filter(what="approved").count() == 2


# Setting a class up.


def found(planned: PlannedClass, actor: User, code: str) -> Callable[[], Any]:
    return lambda: found_class(actor=actor, planned=PlannedClass.objects.get(pk=planned.pk), code=code)


def test_two_officers_set_a_class_up_at_once_and_there_is_one() -> None:
    planned = approved(1).classes.get()
    results = at_once(found(planned, office(), "LH1"), found(planned, second_office(), "LH2"))
    assert all(isinstance(r, Cohort) for r in results), results
    assert len({r.pk for r in results}) == 1
    assert Cohort.objects.count() == CallUp.objects.count() == 1


def test_control_without_the_guards_two_classes_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both officers read the line before either wrote: the class of the first is left without its plan."""
    planned = approved(1).classes.get()
    stale = PlannedClass.objects.select_related("cohort", "plan").get(pk=planned.pk)
    found(planned, office(), "LH1")()
    monkeypatch.setattr(founding, "_held", lambda planned: stale)
    with pytest.raises(Conflict):
        found(planned, second_office(), "LH2")()
    assert Cohort.objects.count() == 1, "the conditional write alone holds it, and takes the second class back"
    Cohort.objects.get().planned.refresh_from_db()
    PlannedClass.objects.update(cohort=None)
    found(planned, second_office(), "LH2")()
    assert Cohort.objects.count() == 2, "without the write that says whose class it is"


# Editing and changing.


def test_two_officers_edit_one_class_and_the_later_is_told() -> None:
    planned = draft(1).classes.get()
    edits = [
        lambda places=places: edit_class(
            actor=office(), planned=PlannedClass.objects.get(pk=planned.pk), version=planned.version, places=places
        )
        for places in (60, 70)
    ]
    results = at_once(*edits)
    assert sum(isinstance(r, Conflict) for r in results) == 1
    winner = next(r for r in results if isinstance(r, PlannedClass))
    assert PlannedClass.objects.get().places == winner.places


def test_control_edits_without_the_version_overwrite(monkeypatch: pytest.MonkeyPatch) -> None:
    planned = draft(1).classes.get()
    careless = lambda now, version, facts: PlannedClass.objects.filter(pk=now.pk).update(**facts)  # noqa: E731
    monkeypatch.setattr(drawing, "write_facts", careless)
    for places in (60, 70):
        edit_class(actor=office(), planned=planned, version=1, places=places)
    assert PlannedClass.objects.get().places == 70, "the first edit is gone and nobody was told"


def test_a_change_is_agreed_to_and_refused_at_once_and_one_decision_stands() -> None:
    planned = approved(1).classes.get()
    change = ask_change(actor=office(), planned=planned, version=planned.version, reason="x", places=60)
    boss, other = leader(), leader()
    results = at_once(
        lambda: decide_change(actor=boss, change=PlanChange.objects.get(pk=change.pk), agree=True),
        lambda: decide_change(actor=other, change=PlanChange.objects.get(pk=change.pk), agree=False, reason="不"),
    )
    assert sum(isinstance(r, Conflict) for r in results) == 1, results
    change.refresh_from_db()
    planned.refresh_from_db()
    assert (change.state, planned.places) in {("approved", 60), ("refused", 50)}


def test_control_without_the_conditional_step_a_refused_change_is_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    planned = approved(1).classes.get()
    change = ask_change(actor=office(), planned=planned, version=planned.version, reason="x", places=60)
    decide_change(actor=leader(), change=change, agree=False, reason="不")
    careless = lambda now, state, **more: PlanChange.objects.filter(pk=now.pk).update(state=state, **more)  # noqa: E731
    monkeypatch.setattr(plan_changes, "_settle", careless)
    decide_change(actor=leader(), change=change, agree=True)
    planned.refresh_from_db()
    assert planned.places == 60


def test_two_requests_for_one_class_at_once() -> None:
    planned = approved(1).classes.get()
    asks = [
        lambda places=places: ask_change(
            actor=office(), planned=planned, version=planned.version, reason="x", places=places
        )
        for places in (60, 70)
    ]
    results = at_once(*asks)
    assert sum(isinstance(r, PlanChange) for r in results) == 1, results
    assert PlanChange.objects.count() == 1


def test_two_officers_copy_a_plan_at_once_and_there_is_one_copy() -> None:
    plan = approved(1)
    results = at_once(
        *[lambda who=who: copy_plan(actor=who, source=plan, year=2027) for who in (office(), second_office())]
    )
    assert all(isinstance(r, TrainingPlan) for r in results), results
    assert TrainingPlan.objects.filter(copied_from=plan).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingPlan.objects.create(
            unit=plan.unit, year=2027, title="x", kind="ad_hoc", copied_from=plan, made_by=office()
        )
