"""The vocabulary in which plans, their classes and changes are asked for."""

from __future__ import annotations

from typing import Any

from django.db import models

from people.scopes import has_role, subtree_condition

PLANNERS = ("training_office",)
APPROVERS = ("training_office", "leader")


class TrainingPlanQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> TrainingPlanQuerySet:
        """Plans of units below a grant as training office or leader; leaders see none that is still being drawn up."""
        if not user.is_authenticated:
            return self.none()
        handed_in = subtree_condition(user, "unit__path", ("leader",)) & ~models.Q(state="draft")
        return self.filter(subtree_condition(user, "unit__path", PLANNERS) | handed_in)

    def approved(self) -> TrainingPlanQuerySet:
        return self.filter(state="approved")


class PlannedClassQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> PlannedClassQuerySet:
        """Classes of the plans that the user sees."""
        plans = self.model._meta.get_field("plan").related_model.objects.visible_to(user)
        return self.filter(plan__in=plans.values("pk"))

    def standing(self) -> PlannedClassQuerySet:
        """Classes that were not cancelled."""
        return self.filter(cancelled_at__isnull=True)


class PlanChangeQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> PlanChangeQuerySet:
        """Changes to the plans that the user sees."""
        plans = self.model._meta.get_field("plan").related_model.objects.visible_to(user)
        return self.filter(plan__in=plans.values("pk"))

    def pending(self) -> PlanChangeQuerySet:
        return self.filter(state="pending")


class CostStandardQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> CostStandardQuerySet:
        """What every training office keeps in common."""
        return self if has_role(user, *PLANNERS) else self.none()


class NeedSurveyQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> NeedSurveyQuerySet:
        """Surveys of units below a grant as training office."""
        return self.filter(subtree_condition(user, "unit__path", PLANNERS))


class NeedPersonQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> NeedPersonQuerySet:
        """People of visible surveys whose personal file the office may still open."""
        surveys = self.model._meta.get_field("survey").related_model.objects.visible_to(user)
        people = self.model._meta.get_field("user").related_model.objects.managed_by_grants(user, PLANNERS)
        return self.filter(survey__in=surveys.values("pk"), user__in=people.values("pk"))
