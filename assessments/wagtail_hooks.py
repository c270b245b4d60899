"""What assessments register with the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, SubmenuMenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from assessments import log_actions
from assessments.models import Exam, Question, Seat, Submission
from assessments.views import office
from assessments.viewsets import (
    BlueprintViewSet,
    ExamViewSet,
    QuestionViewSet,
    RubricViewSet,
    SeatViewSet,
    SubmissionViewSet,
)
from core.policies import ScopedPolicy

for model in (Question, Exam, Seat, Submission):
    register_permission_policy(model, ScopedPolicy(model))

viewsets = [ExamViewSet(), SeatViewSet(), SubmissionViewSet(), QuestionViewSet(), BlueprintViewSet(), RubricViewSet()]


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[Any]:
    return viewsets


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [
        path("exams/<int:pk>/release/", office.release, name="assessments_release"),
        path("questions/<int:pk>/activate/", office.activate_question, name="assessments_activate_question"),
    ]


@hooks.register("register_admin_menu_item")
def register_menu() -> SubmenuMenuItem:
    items = [viewset.get_menu_item(order) for order, viewset in enumerate(viewsets, start=1)]
    return SubmenuMenuItem(_("考试"), Menu(items=items), name="exams", icon_name="form", order=500)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    log_actions.register(actions)
