"""What courses register with the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, SubmenuMenuItem
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from core.policies import ScopedPolicy
from courses import media_access
from courses.models import Enrolment
from courses.panels import check_chooser
from courses.services.deletion import why_not_deletable
from courses.views import office
from courses.viewsets import CourseViewSet, EnrolmentViewSet, LessonViewSet

register_permission_policy(Enrolment, ScopedPolicy(Enrolment))

course_viewset, lesson_viewset, enrolment_viewset = CourseViewSet(), LessonViewSet(), EnrolmentViewSet()
register_snippet(course_viewset)
register_snippet(lesson_viewset)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[Any]:
    return [check_chooser, enrolment_viewset]


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    address = "courses/courses/<int:pk>/publish-edition/"
    return [path(address, office.publish_edition_page, name="course_publish_edition")]


@hooks.register("register_admin_menu_item")
def register_menu() -> SubmenuMenuItem:
    viewsets = (course_viewset, lesson_viewset, enrolment_viewset)
    items = [viewset.get_menu_item(order) for order, viewset in enumerate(viewsets, start=1)]
    return SubmenuMenuItem(_("课程"), Menu(items=items), name="courses", icon_name="folder-open-inverse", order=400)


@hooks.register("before_delete_snippet")
def keep_what_was_taught(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    reason = why_not_deletable(instances)
    if not reason:
        return None
    messages.error(request, reason)
    return redirect(instances[0].snippet_viewset.get_url_name("list"))


@hooks.register("before_serve_document")
def lesson_media_for_learners(document: Any, request: HttpRequest) -> None:
    if not media_access.may_open(request.user, document):
        raise Http404


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    words = {
        "courses.publish_edition": _("发布课程版次"),
        "courses.enrol": _("选课"),
        "courses.enrol_many": _("批量选课"),
        "courses.answer": _("回复提问"),
        "courses.hide_question": _("隐藏提问"),
        "courses.show_question": _("恢复提问"),
    }
    for name, label in words.items():
        actions.register_action(name, label, label)
