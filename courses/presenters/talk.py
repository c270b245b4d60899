"""Questions and answers in words, for learners and for those who answer."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.linghang import moment_full
from courses.models import LessonQuestion


def for_learner(question: LessonQuestion, user: Any) -> dict[str, Any]:
    """A question as a learner of the course reads it: no name that its owner did not allow."""
    mine = question.asker_id == user.pk
    name = question.asker.name if question.name_shown else _("学员")
    return {
        **_shared(question),
        "who": _("我的提问") if mine else name,
        "mine": mine,
        "state": _state(question) if mine else None,
    }


def for_staff(question: LessonQuestion) -> dict[str, Any]:
    """A question as its lecturers and the office read it."""
    return {
        **_shared(question),
        "who": question.asker.name,
        "unit": str(question.asker.unit),
        "course": question.course.title,
        "name_shown": question.name_shown,
        "state": _state(question),
        "url": reverse("courses:teach-question", args=[question.public_id]),
    }


def _shared(question: LessonQuestion) -> dict[str, Any]:
    return {
        "id": question.public_id,
        "text": question.text,
        "lesson": question.lesson.title,
        "when": moment_full(question.asked_at),
        "hidden_reason": question.hidden_reason if question.hidden_at else "",
        "answers": [{"text": a.text, "by": a.by.name, "when": moment_full(a.at)} for a in question.answers.all()],
    }


def _state(question: LessonQuestion) -> tuple[str, str]:
    if question.hidden_at:
        return "failed", _("已隐藏")
    return ("done", _("已回复")) if question.answered_at else ("waiting", _("等待回复"))
