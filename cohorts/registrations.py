"""What this app adds to scopes, roles, menus and start pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Membership
from core import navigation
from people import scopes, start
from people.models import Role
from people.roles import permit

OFFICE_CODENAMES = ("cohorts.view_cohort", "cohorts.change_cohort")


def people_of_classes(user: Any) -> QuerySet[Any]:
    """Members of the classes, not yet archived, that the user runs or lectures in, by person."""
    current = Cohort.objects.exclude(state__in=("archived", "cancelled"))
    mine = current.filter(staff__user=user).values("pk")
    return Membership.objects.filter(cohort__in=mine).values("user")


def teaches(user: Any) -> bool:
    return scopes.has_role(user, Role.CLASS_TEACHER, Role.LECTURER)


def register_all() -> None:
    """Called once, when the apps are ready."""
    scopes.register("cohorts.classes", people_of_classes)
    permit(Role.TRAINING_OFFICE, *OFFICE_CODENAMES, "cohorts.add_cohort")
    permit(Role.CLASS_TEACHER, *OFFICE_CODENAMES)
    start.register(Role.CLASS_TEACHER, "cohorts:teach", 30)
    start.register(Role.LECTURER, "cohorts:teach", 40)
    navigation.register(
        "cadre", _("班级"), "cohorts:my-class", order=30, icon="users", visible=navigation.signed_in,
        active_prefix="/learn/class/",
    )  # fmt: skip
    navigation.register_user_menu(_("办班工作"), "cohorts:teach", order=5, icon="school", visible=teaches)
