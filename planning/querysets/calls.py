"""The vocabulary in which call-ups, places and nominations are asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from cohorts.querysets import OVER
from core import clock
from people.querysets import on_day
from people.scopes import grant_paths, subtree_condition

OFFICE = ("training_office",)
UNITS = ("unit_admin",)
UNDER_WAY = ("reviewing", "at_office")
OPEN = (*UNDER_WAY, "waiting")
STANDING = (*OPEN, "confirmed")


def paths_above(path: str, steplen: int = 4) -> list[str]:
    """The paths of a unit and of every unit above it."""
    return [path[:length] for length in range(steplen, len(path) + 1, steplen)]


def related(queryset: models.QuerySet, name: str) -> Any:
    """The default manager of the model behind a relation."""
    return queryset.model._meta.get_field(name).related_model._default_manager


class CallUpQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> CallUpQuerySet:
        """The office's by host; to unit administrators those in which a unit of theirs has places, or one above it.

        An open class, which has no places per unit, is seen by the administrators below its host.
        """
        if not user.is_authenticated:
            return self.none()
        quotas = related(self, "quotas").visible_to(user)
        hosts = [path for own in grant_paths(user, UNITS) for path in paths_above(own)]
        open_class = Q(basis="open", opened_at__isnull=False, cohort__host__path__in=hosts)
        hosted = subtree_condition(user, "cohort__host__path", OFFICE)
        return self.filter(hosted | Q(pk__in=quotas.values("call_up")) | open_class)

    def run_by(self, user: Any) -> CallUpQuerySet:
        """Those of classes whose host lies under a grant of the user as training office."""
        return self.filter(subtree_condition(user, "cohort__host__path", OFFICE))

    def opened(self) -> CallUpQuerySet:
        return self.filter(opened_at__isnull=False)

    def naming(self) -> CallUpQuerySet:
        """Opened, of a class for which people may still be named."""
        return self.opened().filter(cohort__state="nominating")

    def offered_to(self, user: Any) -> CallUpQuerySet:
        """Open classes of the units above one's own."""
        if user.unit is None:
            return self.none()
        return self.naming().filter(basis="open", cohort__host__path__in=paths_above(user.unit.path))


class QuotaQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> QuotaQuerySet:
        """The office's by host; a unit administrator sees those of the own units, of units below and of units above."""
        if not user.is_authenticated:
            return self.none()
        above = [path for own in grant_paths(user, UNITS) for path in paths_above(own)]
        mine = subtree_condition(user, "unit__path", UNITS) | Q(unit__path__in=above)
        opened = Q(call_up__opened_at__isnull=False)
        return self.filter(subtree_condition(user, "call_up__cohort__host__path", OFFICE) | mine & opened)


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> NominationQuerySet:
        """One's own; the office's by the class's host; those of units of one's grants, or of whom one stands in for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(seen_nominations(user))

    def run_by(self, user: Any) -> NominationQuerySet:
        """Those for classes whose host lies under a grant of the user as training office."""
        return self.filter(subtree_condition(user, "call_up__cohort__host__path", OFFICE))

    def sent_by(self, user: Any) -> NominationQuerySet:
        """Those that units of the user's grants sent."""
        return self.filter(subtree_condition(user, "unit__path", UNITS))

    def under_way(self) -> NominationQuerySet:
        return self.filter(state__in=UNDER_WAY)

    def not_over(self) -> NominationQuerySet:
        """Of classes that are still held."""
        return self.exclude(call_up__cohort__state__in=OVER)

    def standing(self) -> NominationQuerySet:
        """Neither refused nor withdrawn."""
        return self.filter(state__in=STANDING)

    def waiting(self) -> NominationQuerySet:
        """The waiting list in its order."""
        return self.filter(state="waiting").order_by("queue_no")

    def with_people(self) -> NominationQuerySet:
        return self.select_related("user", "unit", "posting", "quota__unit", "call_up__cohort__host")


class NominationStepQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> NominationStepQuerySet:
        """Steps of the nominations that the user sees."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(seen_nominations(user, "nomination__"))

    def run_by(self, user: Any) -> NominationStepQuerySet:
        """Steps of nominations for classes whose host lies under a grant of the user as training office."""
        return self.filter(subtree_condition(user, "nomination__call_up__cohort__host__path", OFFICE))

    def with_people(self) -> NominationStepQuerySet:
        return self.select_related("unit", "nomination__user", "nomination__unit", "nomination__call_up__cohort__host")

    def current(self) -> NominationStepQuerySet:
        """Where nominations under way wait today."""
        return self.filter(
            decision="", position=F("nomination__step"), nomination__state__in=UNDER_WAY
        ).exclude(nomination__call_up__cohort__state__in=OVER)  # fmt: skip

    def late(self, today: date | None = None) -> NominationStepQuerySet:
        return self.current().filter(due_on__lt=today or clock.today())


class StandInQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> StandInQuerySet:
        """Those in which the user is one of the two."""
        return self.filter(Q(holder=user.pk) | Q(delegate=user.pk))

    def on(self, day: date) -> StandInQuerySet:
        return self.filter(on_day(day))


def paths_stood_in_for(user: Any) -> list[str]:
    """The units whose administrators the user stands in for today; read once per request's user."""
    if not hasattr(user, "_paths_stood_in_for"):
        today = on_day(clock.today())
        holders = user.nomination_stand_ins.filter(today).values("holder")
        grants = user.grants.model.objects.open().filter(role__in=UNITS, user__in=holders)
        user._paths_stood_in_for = sorted(set(grants.values_list("unit__path", flat=True)))
    return list(user._paths_stood_in_for)


def seen_nominations(user: Any, prefix: str = "") -> Q:
    """The condition under which a person sees a nomination; ``prefix`` leads to it."""
    seen = Q(**{f"{prefix}user": user.pk}) | subtree_condition(user, f"{prefix}call_up__cohort__host__path", OFFICE)
    seen |= subtree_condition(user, f"{prefix}unit__path", UNITS)
    for path in paths_stood_in_for(user):
        seen |= Q(**{f"{prefix}unit__path__startswith": path})
    return seen
