"""What this app registers with the Wagtail admin."""

from __future__ import annotations

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from cohorts import log_actions
from cohorts.models import Cohort
from cohorts.viewsets import CohortViewSet
from core.policies import ScopedPolicy

register_permission_policy(Cohort, ScopedPolicy(Cohort))


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[CohortViewSet]:
    return [CohortViewSet()]


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    log_actions.register(actions)
