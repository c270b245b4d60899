"""What plans add to roles, menus and kinds of jobs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import jobs, navigation
from people.models import Role
from people.roles import permit
from people.scopes import has_role
from planning.services import needs

READ = ("planning.view_trainingplan", "planning.view_plannedclass", "planning.view_coststandard")


def leads(user: Any) -> bool:
    return has_role(user, Role.LEADER)


def register_all() -> None:
    """Called once, when the apps are ready."""
    jobs.register(needs.JOB)
    permit(Role.TRAINING_OFFICE, *READ, "planning.add_trainingplan", "planning.add_coststandard")
    navigation.register(
        "leaders", _("培训计划"), "planning:leaders-plans", order=40, icon="calendar", visible=leads,
        active_prefix="/leaders/plans/",
    )  # fmt: skip
