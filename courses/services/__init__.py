"""Every change in courses that has a consequence."""

from __future__ import annotations

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

__all__ = [
    "CheckOutcome",
    "Standing",
    "answer_lesson_check",
    "confirm_lesson",
    "credit_completed",
    "credit_online",
    "decide_proof",
    "enrol",
    "enrol_many",
    "hand_in_proof",
    "note_opened",
    "publish_edition",
    "record_live",
    "save_progress",
]
