"""Who may do what in a class."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cohorts.models import Cohort
from core.errors import DomainError
from people.authority import is_installer, reaches
from people.models import Role, Unit
from people.scopes import has_role

OFFICE = (Role.TRAINING_OFFICE.value,)


def may_plan_for(actor: Any, host: Unit) -> bool:
    """Whether the actor is the training office of the unit."""
    return reaches(actor, host, OFFICE)


def is_office_of(actor: Any, cohort: Cohort) -> bool:
    """Whether the actor is the training office of the class's host."""
    return is_installer(actor) or Cohort.objects.hosted_by_office_of(actor).filter(pk=cohort.pk).exists()


def runs(actor: Any, cohort: Cohort) -> bool:
    """Whether the actor runs the class: its teacher, its organiser or the office of its host."""
    return is_installer(actor) or Cohort.objects.run_by(actor).filter(pk=cohort.pk).exists()


def works_in_classes(actor: Any) -> bool:
    """Whether the menus of classes concern this person at all."""
    return has_role(actor, Role.TRAINING_OFFICE, Role.CLASS_TEACHER)


def require_runs(actor: Any, cohort: Cohort) -> None:
    if not runs(actor, cohort):
        raise DomainError(_("只有本班班主任、组织员或主办单位培训处可以办理。"), code="forbidden")


def require_office(actor: Any, cohort: Cohort) -> None:
    if not is_office_of(actor, cohort):
        raise DomainError(_("这件事须由主办单位培训处办理。"), code="forbidden")
