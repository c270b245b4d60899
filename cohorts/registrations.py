"""What this app adds to scopes, roles, menus and start pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.services import register_objection
from cohorts.models import Cohort, Membership
from cohorts.reading.affected_classes import classes_from
from cohorts.reading.hours_to_come import hours_to_come
from cohorts.services import course_moves, papers, photos
from core import jobs, navigation
from courses import contexts
from courses import scopes as learning
from people import scopes, start
from people.models import Role
from people.roles import permit
from records import affected, expected

OFFICE_CODENAMES = ("cohorts.view_cohort", "cohorts.change_cohort")
RESOURCES = ("cohorts.{}_facultymember", "cohorts.{}_room", "cohorts.{}_feeclass", "core.{}_calendarday")


def people_of_classes(user: Any) -> QuerySet[Any]:
    """Members of the classes, not yet archived, that the user runs or lectures in, by person."""
    current = Cohort.objects.exclude(state__in=("archived", "cancelled"))
    mine = current.filter(staff__user=user).values("pk")
    return Membership.objects.filter(cohort__in=mine).values("user")


def contexts_run_by(user: Any) -> dict[str, str]:
    """The contexts of the classes, not yet archived, that the user runs, with the classes' titles."""
    current = Cohort.objects.run_by(user).exclude(state__in=("archived", "cancelled"))
    return {cohort.context_key: cohort.full_title for cohort in current}


def closed_class(context_key: str, user: int) -> list[str]:
    """Results in a closed class stay as they were when it was closed."""
    kind, _sep, public_id = context_key.partition(":")
    if kind != "cohort" or not public_id:
        return []
    closed = Cohort.objects.filter(public_id=public_id, state__in=("closed", "archived")).exists()
    return [gettext("本班已经结班，成绩不能再改变；确需处理的，请先取消结班。")] if closed else []


def teaches(user: Any) -> bool:
    return scopes.has_role(user, Role.CLASS_TEACHER, Role.LECTURER)


def lectures(user: Any) -> bool:
    return scopes.has_role(user, Role.LECTURER)


def may_hold_a_seat(user: Any) -> bool:
    """Who approves leave as a rule; others come by the notice."""
    return scopes.has_role(user, Role.CLASS_TEACHER, Role.TRAINING_OFFICE, Role.LEADER)


def register_all() -> None:
    """Called once, when the apps are ready."""
    jobs.register(papers.JOB)
    jobs.register(photos.JOB)
    scopes.register("cohorts.classes", people_of_classes)
    contexts.register("cohort", course_moves.CONTEXT)
    learning.register_contexts("cohorts.classes", contexts_run_by)
    register_objection("cohorts", closed_class)
    expected.register("cohorts.classes", hours_to_come)
    affected.register("cohorts.classes", classes_from)
    permit(Role.TRAINING_OFFICE, *OFFICE_CODENAMES, "cohorts.add_cohort")
    permit(Role.TRAINING_OFFICE, *(name.format(act) for name in RESOURCES for act in ("view", "add", "change")))
    permit(Role.TRAINING_OFFICE, "core.delete_calendarday")
    permit(Role.CLASS_TEACHER, *OFFICE_CODENAMES)
    start.register(Role.CLASS_TEACHER, "cohorts:teach", 30)
    start.register(Role.LECTURER, "cohorts:teach", 40)
    navigation.register(
        "cadre", _("班级"), "cohorts:my-class", order=30, icon="users", visible=navigation.signed_in,
        active_prefix="/learn/class/",
    )  # fmt: skip
    navigation.register_user_menu(
        _("待我批的请假"), "cohorts:leave-waiting", order=6, icon="calendar", visible=may_hold_a_seat
    )
    navigation.register_user_menu(_("办班工作"), "cohorts:teach", order=5, icon="school", visible=teaches)
    navigation.register_user_menu(
        _("教学评估结果"), "cohorts:teach-evaluations", order=6, icon="clipboard-check", visible=lectures
    )
