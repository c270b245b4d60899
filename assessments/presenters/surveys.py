"""A person's evaluations as ready words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import SurveyInvitation
from core.templatetags.linghang import moment


def card(invitation: SurveyInvitation, now: datetime) -> dict[str, Any]:
    """One line of 教学评估: what, whose, until when, and whether it is done."""
    survey = invitation.survey
    is_open = not invitation.answered and survey.opens_at <= now < survey.closes_at
    state, word = _state(invitation, now)
    url = reverse("assessments:evaluation", args=[survey.public_id])
    return {
        "title": survey.title,
        "url": url,
        "sub": f"{survey.subject} · {_window(invitation, now)}",
        "state": state,
        "state_word": word,
        "action_label": _("去填写") if is_open else "",
        "action_url": url if is_open else "",
        "is_open": is_open,
    }


def _state(invitation: SurveyInvitation, now: datetime) -> tuple[str, str]:
    if invitation.answered:
        return "done", _("已提交")
    if now < invitation.survey.opens_at:
        return "waiting", _("未开始")
    return ("todo", _("待填写")) if now < invitation.survey.closes_at else ("info", _("已截止"))


def _window(invitation: SurveyInvitation, now: datetime) -> str:
    survey = invitation.survey
    if now < survey.opens_at:
        return _("%(when)s开始") % {"when": moment(survey.opens_at)}
    return _("%(when)s截止") % {"when": moment(survey.closes_at)}
