"""Who may write progress on what."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from courses.models import EditionLesson, Enrolment


def refuse_stranger(user: Any, enrolment: Enrolment, lesson: EditionLesson) -> None:
    """DomainError unless the person takes this lesson's edition under this enrolment and has not left it."""
    if enrolment.user_id != user.pk or lesson.edition_id != enrolment.edition_id:
        raise DomainError(_("这不是您的选课，请从“我的课程”进入学习。"))
    if enrolment.state == Enrolment.State.WITHDRAWN:
        raise DomainError(_("您已退出这门课程，学习进度不再更新。"))


def refuse_moved(state: str) -> None:
    """DomainError where the learner goes on in another edition of the course."""
    if state == Enrolment.State.MOVED:
        raise DomainError(_("您的学习已转到这门课程的另一版次，请从“我的课程”进入后继续。"), code="moved")
