"""Handing in, approving, giving back: by whom, how often, and the trail that stays."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.errors import Conflict, DomainError
from core.models import Notice
from people.models import Role
from planning.models import PlanDecision, TrainingPlan
from planning.services.plan_approval import approve_plan, check_submit, return_plan, submit_plan
from planning.services.plans import edit_class
from tests.factories.cohorts import host, office
from tests.factories.people import UnitFactory, UserFactory, grant
from tests.factories.planning_plans import draft, leader, put, second_office, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def refusal(act) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.message


# Handing in.


def test_an_empty_plan_is_not_handed_in():
    plan = draft(0)
    assert check_submit(plan) == ["计划里还没有班次，请先添加。"]
    assert "还没有班次" in refusal(lambda: submit_plan(actor=office(), plan=plan, version=plan.version))


def test_a_class_over_the_standard_needs_its_reason_first():
    plan = draft(1)
    planned = put(plan, 1, budget=Decimal(200_000))
    plan.refresh_from_db()
    (said,) = check_submit(plan)
    assert planned.full_title in said and "超标准的理由" in said
    edit_class(actor=office(), planned=planned, version=1, over_reason="异地办学，含交通")
    plan.refresh_from_db()
    assert check_submit(plan) == []


def test_a_plan_that_changed_since_it_was_read_is_not_handed_in():
    plan = draft(1)
    put(plan, 1)
    with pytest.raises(Conflict):
        submit_plan(actor=office(), plan=plan, version=plan.version)


def test_the_leaders_of_the_unit_are_told_and_others_are_not():
    here, elsewhere = leader(), leader(UnitFactory())
    submitted(1)
    told = set(Notice.objects.filter(title="有培训计划待您审批").values_list("recipient", flat=True))
    assert here.pk in told and elsewhere.pk not in told


# Approving.


def test_a_leader_approves_and_once_more_changes_nothing():
    plan, boss = submitted(2), leader()
    version = plan.version
    for _click in (1, 2):
        approve_plan(actor=boss, plan=plan, version=version, reason="同意")
    plan.refresh_from_db()
    assert (plan.state, plan.approved_by) == ("approved", boss)
    assert [row.what for row in plan.decisions.all()] == ["submitted", "approved"]


def test_another_leader_is_told_who_was_first():
    plan = submitted(1)
    approve_plan(actor=leader(), plan=plan, version=plan.version)
    said = refusal(lambda: approve_plan(actor=leader(), plan=plan, version=plan.version))
    assert said == "计划已由曾书记于2026年9月14日办理：批准。"


def test_nobody_approves_what_they_handed_in_not_even_as_a_leader():
    plan = submitted(1)
    grant(office(), Role.LEADER, host())
    both = type(office()).objects.get(pk=office().pk)
    said = refusal(lambda: approve_plan(actor=both, plan=plan, version=plan.version, document_no="1号"))
    assert "不能自己审批" in said
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingPlan.objects.update(state="approved", approved_by=plan.submitted_by, approved_at=plan.submitted_at)


def test_the_office_approves_by_a_document_only():
    plan, other = submitted(1), second_office()
    assert "批准文号" in refusal(lambda: approve_plan(actor=other, plan=plan, version=plan.version))
    approve_plan(actor=other, plan=plan, version=plan.version, document_no="云组发〔2026〕3号")
    assert PlanDecision.objects.get(what="approved").document_no == "云组发〔2026〕3号"


@pytest.mark.parametrize("role", [Role.LEADER, Role.TRAINING_OFFICE, Role.UNIT_ADMIN])
def test_strangers_decide_nothing(role):
    plan, stranger = submitted(1), UserFactory(role=role, unit=UnitFactory())
    assert "不由您审批" in refusal(
        lambda: approve_plan(actor=stranger, plan=plan, version=plan.version, document_no="1号")
    )


def test_what_was_read_is_what_is_approved():
    plan, boss = submitted(1), leader()
    before = plan.version
    return_plan(actor=boss, plan=plan, reason="人数太多")
    edit_class(actor=office(), planned=plan.classes.get(), version=1, places=60)
    plan.refresh_from_db()
    submit_plan(actor=office(), plan=plan, version=plan.version)
    with pytest.raises(Conflict):
        approve_plan(actor=boss, plan=plan, version=before)


def test_giving_back_needs_a_reason_and_opens_the_plan_again():
    plan, boss = submitted(1), leader()
    assert "须写明意见" in refusal(lambda: return_plan(actor=boss, plan=plan, reason=" "))
    return_plan(actor=boss, plan=plan, reason="第二季度太满")
    plan.refresh_from_db()
    assert plan.state == "draft" and put(plan, 3)
    assert "已由曾书记" in refusal(lambda: approve_plan(actor=boss, plan=plan, version=plan.version))


def test_the_trail_keeps_the_classes_as_they_stood_and_cannot_be_changed():
    plan = submitted(1)
    return_plan(actor=leader(), plan=plan, reason="改")
    edit_class(actor=office(), planned=plan.classes.get(), version=1, places=60)
    first = plan.decisions.first()
    assert first.content[0]["places"] == 50
    for act in (lambda: PlanDecision.objects.update(reason="x"), lambda: first.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
