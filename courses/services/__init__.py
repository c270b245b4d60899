"""Every change in courses that has a consequence."""

from __future__ import annotations

from courses.services.appeals import (
    appeal_anomaly,
    decide_anomaly,
)
from courses.services.arranging import arrange_live
from courses.services.auditing import (
    Opinion,
    give_opinion,
    hand_in,
)
from courses.services.bulk_enrolling import (
    enrol_planned,
    plan_bulk,
)
from courses.services.confirming import (
    decide_proof,
    hand_in_proof,
    record_live,
)
from courses.services.crediting import (
    credit_completed,
    credit_online,
)
from courses.services.cues import (
    CueOutcome,
    answer_cue,
    question_due,
)
from courses.services.editions import publish_edition
from courses.services.enrolments import (
    enrol,
    enrol_many,
)
from courses.services.learning import (
    CheckOutcome,
    Standing,
    answer_lesson_check,
    confirm_lesson,
    note_opened,
    save_progress,
)
from courses.services.lecturers import (
    end_lecturer,
    give_lecturer,
)
from courses.services.moving import (
    Move,
    Plan,
    move_learners,
    plan_move,
)
from courses.services.playing import (
    Opened,
    PlayingElsewhere,
    open_session,
)
from courses.services.reminding import (
    plan_reminder,
    remind,
)

__all__ = [
    "CheckOutcome",
    "CueOutcome",
    "Move",
    "Opened",
    "Opinion",
    "Plan",
    "PlayingElsewhere",
    "Standing",
    "answer_cue",
    "answer_lesson_check",
    "appeal_anomaly",
    "arrange_live",
    "confirm_lesson",
    "credit_completed",
    "credit_online",
    "decide_anomaly",
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
    "open_session",
    "plan_bulk",
    "plan_move",
    "plan_reminder",
    "publish_edition",
    "question_due",
    "record_live",
    "remind",
    "save_progress",
]
