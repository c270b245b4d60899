"""What this app adds to menus, start pages and roles."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import navigation
from people import start
from people.roles import permit
from people.scopes import has_role

BANK = ("question", "blueprint", "rubric")


def register_all() -> None:
    """Called once, when the apps are ready."""
    _register_permissions()
    navigation.register(
        "cadre", _("考试"), "assessments:exams", order=45, icon="clipboard-check", visible=_is_trainee,
        active_prefix="/learn/exams/",
    )  # fmt: skip
    navigation.register(
        "cadre", _("评分"), "assessments:marking", order=5, icon="writing", visible=_is_lecturer,
        active_prefix="/teach/marking/",
    )  # fmt: skip
    navigation.register_user_menu(
        _("教学评估"), "assessments:evaluations", order=8, icon="clipboard-check", visible=_is_trainee
    )
    start.register("lecturer", "assessments:marking", 40)


def _is_trainee(user: Any) -> bool:
    return has_role(user, "trainee")


def _is_lecturer(user: Any) -> bool:
    return has_role(user, "lecturer")


def _register_permissions() -> None:
    """The bank for the office and the editors, exams and seats to look at for those who run classes."""
    for model in BANK:
        permit("training_office", *(f"assessments.{act}_{model}" for act in ("view", "add", "change")))
    permit("content_editor", *(f"assessments.{act}_question" for act in ("view", "add", "change")))
    for role in ("training_office", "class_teacher"):
        permit(role, "assessments.view_exam", "assessments.view_seat", "assessments.view_submission")
    permit("training_office", "assessments.change_seat", "assessments.change_submission")
