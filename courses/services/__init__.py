"""Every change in courses that has a consequence."""

from __future__ import annotations

from courses.services.bulk_enrolling import enrol_planned, plan_bulk
from courses.services.confirming import decide_proof, hand_in_proof, record_live
from courses.services.crediting import credit_completed, credit_online
from courses.services.editions import publish_edition
from courses.services.enrolments import enrol, enrol_many
from courses.services.learning import (
    CheckOutcome,
    Standing,
    answer_lesson_check,
    confirm_lesson,
    note_opened,
    save_progress,
)
from courses.services.lecturers import end_lecturer, give_lecturer
from courses.services.reminding import plan_reminder, remind

__all__ = [
    "CheckOutcome",
    "Standing",
    "answer_lesson_check",
    "confirm_lesson",
    "credit_completed",
    "credit_online",
    "decide_proof",
    "end_lecturer",
    "enrol",
    "enrol_many",
    "enrol_planned",
    "give_lecturer",
    "hand_in_proof",
    "note_opened",
    "plan_bulk",
    "plan_reminder",
    "publish_edition",
    "record_live",
    "remind",
    "save_progress",
]
