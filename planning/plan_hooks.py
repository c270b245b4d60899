"""What plans register with the Wagtail admin."""

from __future__ import annotations

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from core.policies import ScopedPolicy
from planning.log_actions import plans as plan_log_actions
from planning.models import CostStandard, PlannedClass, TrainingPlan
from planning.viewsets.plans import PlanGroup

for model in (TrainingPlan, PlannedClass, CostStandard):
    register_permission_policy(model, ScopedPolicy(model))


@hooks.register("register_admin_viewset")
def plan_viewsets() -> PlanGroup:
    return PlanGroup()


@hooks.register("register_log_actions")
def register_plan_actions(actions: LogActionRegistry) -> None:
    plan_log_actions.register(actions)
