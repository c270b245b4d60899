"""From the plan of the year to full classes: plans, places per unit, nominations."""

from __future__ import annotations

from planning.models.calls import CallUp, Nomination, NominationStep, Quota, StandIn, StepReminder
from planning.models.needs import NeedLine, NeedPerson, NeedSurvey
from planning.models.plans import (
    CostLine,
    CostStandard,
    FeeClass,
    PlanChange,
    PlanDecision,
    PlannedClass,
    TrainingPlan,
)

__all__ = [
    "CallUp",
    "CostLine",
    "CostStandard",
    "FeeClass",
    "NeedLine",
    "NeedPerson",
    "NeedSurvey",
    "Nomination",
    "NominationStep",
    "PlanChange",
    "PlanDecision",
    "PlannedClass",
    "Quota",
    "StandIn",
    "StepReminder",
    "TrainingPlan",
]
