"""What this app registers with the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from cohorts import log_actions
from cohorts.models import Cohort, FacultyMember, FeeClass, Room
from cohorts.teaching_viewsets import TeachingGroup
from cohorts.viewsets import CohortViewSet
from core.models import CalendarDay
from core.policies import ScopedPolicy
from people.models import Role
from people.scopes import has_role

for model in (Cohort, FacultyMember, Room, FeeClass, CalendarDay):
    register_permission_policy(model, ScopedPolicy(model))


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[CohortViewSet | TeachingGroup]:
    return [CohortViewSet(), TeachingGroup()]


class LeaveSettingsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, Role.TRAINING_OFFICE)


@hooks.register("register_admin_menu_item")
def leave_settings_item() -> MenuItem:
    url = reverse("cohorts:leave-settings")
    return LeaveSettingsItem(_("请假审批"), url, name="leave-settings", icon_name="tasks", order=210)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    log_actions.register(actions)
