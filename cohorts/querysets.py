"""The vocabulary in which classes and members are asked for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from people.scopes import people_condition, subtree_condition

OFFICE_ROLES = ("training_office",)


class CohortQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> CohortQuerySet:
        """Classes one is in or works for; the office's by host; leaders and unit administrators where their people are."""
        if not user.is_authenticated:
            return self.none()
        people = type(user)._default_manager.filter(people_condition(user)).values("pk")
        mine = Q(memberships__user=user) | Q(staff__user=user) | subtree_condition(user, "host__path", OFFICE_ROLES)
        return self.filter(mine | Q(memberships__user__in=people)).distinct()

    def run_by(self, user: Any) -> CohortQuerySet:
        """Classes the user may change: as their teacher or as the office of their host."""
        teaches = Q(staff__user=user, staff__duty__in=["teacher", "organiser"])
        return self.filter(teaches | subtree_condition(user, "host__path", OFFICE_ROLES)).distinct()

    def running(self) -> CohortQuerySet:
        return self.filter(state="running")


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> MembershipQuerySet:
        """Oneself, the people of one's scope, the classes one teaches."""
        if not user.is_authenticated:
            return self.none()
        people = type(user)._default_manager.filter(people_condition(user)).values("pk")
        return self.filter(Q(user__in=people) | Q(cohort__in=self._classes(user).values("pk")))

    def _classes(self, user: Any) -> CohortQuerySet:
        cohorts = self.model._meta.get_field("cohort").related_model.objects
        run: CohortQuerySet = cohorts.run_by(user)
        return run

    def in_class(self) -> MembershipQuerySet:
        """Members who arrived and have not left."""
        return self.filter(state__in=["registered", "graduated", "not_graduated"])

    def graduated(self) -> MembershipQuerySet:
        return self.filter(state="graduated")
