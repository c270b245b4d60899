"""What the content area registers with the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from cms import menus
from cms.models import FeedbackMessage
from cms.viewsets import FeedbackViewSet, LawRecordViewSet
from core.policies import ScopedPolicy
from people.scopes import has_role

register_permission_policy(FeedbackMessage, ScopedPolicy(FeedbackMessage))
register_snippet(LawRecordViewSet)


@hooks.register("register_admin_viewset")
def feedback_viewset() -> FeedbackViewSet:
    return FeedbackViewSet()


@hooks.register("construct_homepage_panels")
def start_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = menus.visible_panels(request.user, panels)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action("cms.feedback_sent", _("提交意见反馈"), _("提交了意见反馈"))
    actions.register_action("cms.feedback_answered", _("答复意见反馈"), _("答复了意见反馈"))
    actions.register_action("cms.feedback_closed", _("办结意见反馈"), _("办结了意见反馈"))
    actions.register_action("cms.curriculum_loaded", _("载入课程内容"), _("载入了课程内容"))


@hooks.register("register_office_pending")
def feedback_to_answer(user):
    """What the office start page lists: messages that nobody has answered, for those who answer them."""
    if not has_role(user, "training_office"):
        return []
    waiting = FeedbackMessage.objects.visible_to(user).filter(state=FeedbackMessage.State.NEW).count()
    return [{"label": _("意见反馈待答复"), "count": waiting, "url": reverse("feedbackmessage:index")}]
