"""What courses register with the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from core import clock
from core.policies import ScopedPolicy
from courses import media_access
from courses.anomaly_viewset import AnomalyViewSet
from courses.models import Course, CourseAudit, Enrolment, PlaybackAnomaly
from courses.panels import check_chooser, question_chooser
from courses.querysets import CURRICULUM_ROLES
from courses.services.auditing import may_publish
from courses.services.deletion import why_not_deletable
from courses.services.rights import ending
from courses.views import audits, editions, office, rights
from courses.viewsets import CourseViewSet, EnrolmentViewSet, LessonViewSet
from people.scopes import has_role

register_permission_policy(Enrolment, ScopedPolicy(Enrolment))
register_permission_policy(PlaybackAnomaly, ScopedPolicy(PlaybackAnomaly))

course_viewset, lesson_viewset, enrolment_viewset = CourseViewSet(), LessonViewSet(), EnrolmentViewSet()
anomaly_viewset = AnomalyViewSet()
register_snippet(course_viewset)
register_snippet(lesson_viewset)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[Any]:
    return [check_chooser, question_chooser, enrolment_viewset, anomaly_viewset]


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    course = "courses/courses/<int:pk>/"
    return [
        path(course + "publish-edition/", office.publish_edition_page, name="course_publish_edition"),
        path("courses/rights/", rights.rights_page, name="course_rights"),
        path("courses/audits/", audits.office_list, name="course_audits"),
        path(course + "editions/", editions.editions_page, name="course_editions"),
        path(course + "move/", editions.move_page, name="course_move"),
    ]


class CurriculumItem(MenuItem):
    """For those who keep the curriculum."""

    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, *CURRICULUM_ROLES)


@hooks.register("construct_snippet_action_menu")
def offer_what_may_be_done(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """A course is published only where its draft has passed the audit; else it can be handed in."""
    if context.get("model") is Course and not may_publish(context.get("instance")):
        items[:] = [item for item in items if item.name != "action-publish"]


@hooks.register("register_office_pending")
def pending_in_courses(user: Any) -> list[dict[str, Any]]:
    """On the office's start page: what waits for this person's opinion, and rights of use that end."""
    found = []
    if has_role(user, "training_office", "lecturer"):
        count = CourseAudit.objects.open().waiting_for(user).count()
        found.append({"label": _("课程等待审核"), "count": count, "url": reverse("courses:audits"), "sub": ""})
    if has_role(user, *CURRICULUM_ROLES):
        ends, url = len(ending(clock.today())), reverse("course_rights")
        found.append({"label": _("版权将到期或已到期"), "count": ends, "url": url, "sub": _("60 天内")})
    return found


@hooks.register("register_admin_menu_item")
def register_menu() -> SubmenuMenuItem:
    viewsets = (course_viewset, lesson_viewset, enrolment_viewset, anomaly_viewset)
    items = [viewset.get_menu_item(order) for order, viewset in enumerate(viewsets, start=1)]
    items.append(CurriculumItem(_("课程审核"), reverse_lazy("course_audits"), icon_name="tasks", order=4))
    items.append(CurriculumItem(_("版权期限"), reverse_lazy("course_rights"), icon_name="calendar-alt", order=5))
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
        "courses.proof_hand_in": _("提交学习证明"),
        "courses.proof_confirm": _("确认学习证明"),
        "courses.proof_refuse": _("学习证明未通过"),
        "courses.live_record": _("登记直播出席情况"),
        "courses.live_arrange": _("调整直播安排"),
        "courses.lecturer_give": _("指定授课教师"),
        "courses.lecturer_end": _("取消授课教师"),
        "courses.remind": _("提醒学习"),
        "courses.move_learners": _("转换版次"),
        "courses.audit_opinion": _("提交审核意见"),
        "courses.appeal_anomaly": _("学员说明播放异常"),
        "courses.decide_anomaly": _("处理播放异常"),
        "courses.answer": _("回复提问"),
        "courses.hide_question": _("隐藏提问"),
        "courses.show_question": _("恢复提问"),
    }
    for name, label in words.items():
        actions.register_action(name, label, label)
