"""Who may draw up, approve and read a plan."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from people.authority import is_installer, reaches
from people.models import Role, Unit
from planning.models import PlanChange, TrainingPlan

OFFICE = (Role.TRAINING_OFFICE.value,)
LEADER = (Role.LEADER.value,)


def may_plan_for(actor: Any, unit: Unit) -> bool:
    """Whether the actor is the training office of the unit."""
    return reaches(actor, unit, OFFICE)


def require_planner(actor: Any, unit: Unit) -> None:
    if not may_plan_for(actor, unit):
        raise DomainError(_("“%(unit)s”的培训计划不归您编制。") % {"unit": unit.name}, code="forbidden")


def is_leader_of(actor: Any, unit: Unit) -> bool:
    """Whether a grant as leader reaches the unit; the installation account is none."""
    return not is_installer(actor) and reaches(actor, unit, LEADER)


def may_decide(actor: Any, plan: TrainingPlan) -> bool:
    """Whether the actor may approve or return the plan that was handed in: a leader or the office, somebody else."""
    return plan.submitted_by_id != actor.pk and _is_approver(actor, plan.unit)


def may_decide_change(actor: Any, change: PlanChange) -> bool:
    """The same for a change: not by who asked for it."""
    return change.asked_by_id != actor.pk and _is_approver(actor, change.plan.unit)


def _is_approver(actor: Any, unit: Unit) -> bool:
    return is_leader_of(actor, unit) or may_plan_for(actor, unit)


def require_decider(actor: Any, unit: Unit, asked_by: int | None, document_no: str) -> None:
    """DomainError for who asked, for strangers, and for an office that names no document."""
    if asked_by == actor.pk:
        raise DomainError(_("提交的人不能自己审批，请由领导或培训处其他同志办理。"), code="forbidden")
    if is_leader_of(actor, unit):
        return
    if not may_plan_for(actor, unit):
        raise DomainError(_("“%(unit)s”的培训计划不由您审批。") % {"unit": unit.name}, code="forbidden")
    if not document_no.strip():
        raise DomainError(_("由培训处登记审批结果的，请填写批准文号。"), code="no_document")
