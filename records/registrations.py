"""What this app adds to roles, menus and jobs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import jobs, navigation
from people.models import Role
from people.roles import permit
from people.scopes import has_role
from records import importing
from records.services import outlooks, previewing


def is_trainee(user: Any) -> bool:
    return has_role(user, Role.TRAINEE)


def is_leader(user: Any) -> bool:
    return has_role(user, Role.LEADER)


def register_all() -> None:
    """Called once, when the apps are ready."""
    for job in (importing.JOB, outlooks.JOB, previewing.JOB):
        jobs.register(job)
    permit("training_office", "records.view_hourentry", "records.view_hourclaim", "records.view_hourchange")
    permit("unit_admin", "records.view_hourentry", "records.view_hourclaim")
    navigation.register_user_menu(_("我的学时"), "records_own:hours", order=4, icon="history", visible=is_trainee)
    navigation.register("leaders", _("达标预测"), "records_own:leaders", order=30, icon="chart-bar", visible=is_leader)
