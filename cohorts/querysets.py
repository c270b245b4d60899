"""The vocabulary in which classes and members are asked for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from core.fields import keyed_hash
from people.scopes import FILE_ROLES, grant_paths, has_role, subtree_condition

OFFICE_ROLES = ("training_office",)
RUNNING_DUTIES = ("teacher", "organiser")
OVER = ("closed", "archived", "cancelled")
SERVED = ("registered", "graduated", "not_graduated")


def granted_people(user: Any, prefix: str) -> Q:
    """People of the user's grants: unit *and* managing organisation; ``prefix`` is the way to the person."""
    condition = Q(pk__in=[])
    for path in grant_paths(user, FILE_ROLES):
        managed = Q(**{f"{prefix}__managed_by__path__startswith": path})
        condition |= managed & Q(**{f"{prefix}__unit__path__startswith": path})
    return condition


class CohortQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> CohortQuerySet:
        """Classes one is in or works for; the office's by host; those that people of one's grants are in."""
        if not user.is_authenticated:
            return self.none()
        members = self.model._meta.get_field("memberships").related_model.objects
        with_people = members.filter(Q(user=user) | granted_people(user, "user")).values("cohort")
        works = self.model._meta.get_field("staff").related_model.objects.filter(user=user).values("cohort")
        hosted = subtree_condition(user, "host__path", OFFICE_ROLES)
        return self.filter(hosted | Q(pk__in=with_people) | Q(pk__in=works))

    def run_by(self, user: Any) -> CohortQuerySet:
        """Classes the user may change: as their teacher or organiser, or as the office of their host."""
        if not user.is_authenticated:
            return self.none()
        staff = self.model._meta.get_field("staff").related_model.objects
        runs = staff.filter(user=user, duty__in=RUNNING_DUTIES).values("cohort")
        return self.filter(subtree_condition(user, "host__path", OFFICE_ROLES) | Q(pk__in=runs))

    def hosted_by_office_of(self, user: Any) -> CohortQuerySet:
        """Classes whose host lies under a grant of the training office that the user holds."""
        return self.filter(subtree_condition(user, "host__path", OFFICE_ROLES))

    def taught_by(self, user: Any) -> CohortQuerySet:
        """Classes in which the user lectures."""
        staff = self.model._meta.get_field("staff").related_model.objects
        return self.filter(pk__in=staff.filter(user=user, duty="lecturer").values("cohort"))

    def with_space_for(self, user: Any) -> CohortQuerySet:
        """Classes whose space the user may enter: as a member who has not left, or as one who runs or teaches it."""
        members = self.model._meta.get_field("memberships").related_model.objects
        mine = Q(pk__in=members.filter(user=user).expected().values("cohort"))
        works = Q(pk__in=self.model._meta.get_field("staff").related_model.objects.filter(user=user).values("cohort"))
        hosted = subtree_condition(user, "host__path", OFFICE_ROLES)
        return self.exclude(state="cancelled").filter(mine | works | hosted)

    def running(self) -> CohortQuerySet:
        return self.filter(state="running")

    def not_over(self) -> CohortQuerySet:
        return self.exclude(state__in=OVER)


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> MembershipQuerySet:
        """Oneself, the people of one's grants, the members of the classes one runs or lectures in."""
        if not user.is_authenticated:
            return self.none()
        cohorts = self.model._meta.get_field("cohort").related_model.objects
        run = Q(cohort__in=cohorts.run_by(user).values("pk"))
        taught = Q(cohort__in=cohorts.taught_by(user).values("pk"))
        return self.filter(Q(user=user) | granted_people(user, "user") | run | taught)

    def in_class(self) -> MembershipQuerySet:
        """Members who arrived and have not left."""
        return self.filter(state__in=SERVED)

    def expected(self) -> MembershipQuerySet:
        """Members who are to come or came, and have not left."""
        return self.filter(state__in=("confirmed", *SERVED))

    def graduated(self) -> MembershipQuerySet:
        return self.filter(state="graduated")

    def flagged(self) -> MembershipQuerySet:
        """Members whose leave is above the limit, whatever was decided."""
        return self.filter(over_leave_limit=True)


class SessionQuerySet(models.QuerySet):
    def with_groups(self) -> SessionQuerySet:
        """One more query for the groups of them all."""
        return self.prefetch_related("groups")


class FeedQuerySet(models.QuerySet):
    def standing(self) -> FeedQuerySet:
        return self.filter(revoked_at__isnull=True)

    def of_secret(self, secret: str) -> FeedQuerySet:
        """The standing subscription that the secret opens, of who is still in a class that is held."""
        found = self.standing().filter(secret_hash=keyed_hash(secret) or "")
        left = Q(membership__state__in=("withdrawn", "no_show")) | Q(membership__cohort__state="cancelled")
        return found.exclude(left)


class OfficeQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> OfficeQuerySet:
        """What every training office keeps in common: teachers, rooms, classes of fees."""
        return self if has_role(user, *OFFICE_ROLES) else self.none()

    def in_use(self) -> OfficeQuerySet:
        return self.filter(in_use=True)
