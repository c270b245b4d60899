"""Every change in courses that has a consequence."""

from __future__ import annotations

from courses.services.auditing import Opinion, give_opinion, hand_in
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
from courses.services.moving import Move, Plan, move_learners, plan_move
from courses.services.reminding import plan_reminder, remind

__all__ = [
    "CheckOutcome",
    "Move",
    "Opinion",
    "Plan",
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
    "give_opinion",
    "hand_in",
    "hand_in_proof",
    "move_learners",
    "note_opened",
    "plan_bulk",
    "plan_move",
    "plan_reminder",
    "publish_edition",
    "record_live",
    "remind",
    "save_progress",
]
