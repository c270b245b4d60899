"""Every change in courses that has a consequence."""

from __future__ import annotations

from courses.services.auditing import Opinion, give_opinion, hand_in
from courses.services.editions import publish_edition
from courses.services.enrolments import enrol, enrol_many
from courses.services.learning import CheckOutcome, Standing, answer_lesson_check, save_progress
from courses.services.moving import Move, Plan, move_learners, plan_move

__all__ = [
    "CheckOutcome",
    "Move",
    "Opinion",
    "Plan",
    "Standing",
    "answer_lesson_check",
    "enrol",
    "enrol_many",
    "give_opinion",
    "hand_in",
    "move_learners",
    "plan_move",
    "publish_edition",
    "save_progress",
]
