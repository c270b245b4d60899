"""What classes hear from courses and assessments; each receiver calls one service."""

from __future__ import annotations

from typing import Any

from assessments.signals import result_released, task_marked
from cohorts.services.requirements import hear_course, hear_exam, hear_mark
from courses.models import Enrolment
from courses.signals import course_completed


def on_result_released(sender: Any, exam_id: int, **kwargs: Any) -> None:
    hear_exam(exam_id=exam_id)


def on_task_marked(sender: Any, submission_id: int, **kwargs: Any) -> None:
    hear_mark(submission_id=submission_id)


def on_course_completed(sender: Any, enrolment_id: int, **kwargs: Any) -> None:
    row = Enrolment.objects.get(pk=enrolment_id)
    hear_course(user_id=row.user_id, edition_id=row.edition_id, context_key=row.context_key)


def connect() -> None:
    """Called once, when the apps are ready."""
    result_released.connect(on_result_released, dispatch_uid="cohorts.result_released")
    task_marked.connect(on_task_marked, dispatch_uid="cohorts.task_marked")
    course_completed.connect(on_course_completed, dispatch_uid="cohorts.course_completed")
