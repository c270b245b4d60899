"""What this app adds to menus, faces and start pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import navigation
from courses.links import register_evidence_page
from people import start
from people.models import Role
from people.registrations import OFFICE_ROLES
from people.scopes import has_role
from portal import dashboard
from portal.dashboard import classes


def is_trainee(user: Any) -> bool:
    return has_role(user, Role.TRAINEE)


def is_leader(user: Any) -> bool:
    return has_role(user, Role.LEADER)


def works_in_office(user: Any) -> bool:
    return has_role(user, *OFFICE_ROLES)


def register_all() -> None:
    """Called once, when the apps are ready."""
    register_evidence_page("portal:archive")
    navigation.register("cadre", _("首页"), "portal:desk", order=10, icon="home", visible=is_trainee)
    navigation.register(
        "cadre", _("我的"), "portal:archive", order=40, icon="user", active_prefix="/learn/archive/", visible=is_trainee
    )
    navigation.register("leaders", _("总览"), "portal:leaders", order=10, icon="home", visible=is_leader)
    navigation.register("leaders", _("干部名单"), "portal:leaders-people", order=20, icon="users", visible=is_leader)
    navigation.register_face("cadre", _("学员桌面"), "portal:desk", order=10, icon="school", visible=is_trainee)
    navigation.register_face(
        "office", _("培训管理"), "wagtailadmin_home", order=20, icon="layout-dashboard", visible=works_in_office
    )
    navigation.register_face("leaders", _("领导视图"), "portal:leaders", order=30, icon="chart-bar", visible=is_leader)
    dashboard.register("classes", classes.pending_in_classes, order=10)
    dashboard.register("hours", classes.short_of_hours, order=20)
    dashboard.register("jobs", classes.my_jobs, order=30)
    start.register(Role.LEADER, "portal:leaders", 10)
    start.register(Role.TRAINEE, "portal:desk", 950)  # who holds another role begins there
