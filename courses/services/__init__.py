"""Every change in courses that has a consequence."""

from __future__ import annotations

from courses.services.editions import publish_edition
from courses.services.enrolments import enrol, enrol_many
from courses.services.learning import CheckOutcome, Standing, answer_lesson_check, save_progress

__all__ = [
    "CheckOutcome",
    "Standing",
    "answer_lesson_check",
    "enrol",
    "enrol_many",
    "publish_edition",
    "save_progress",
]
