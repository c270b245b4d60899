"""Every change in courses that has a consequence."""

from __future__ import annotations

from courses.services.anomalies import appeal_anomaly, decide_anomaly
from courses.services.cues import CueOutcome, answer_cue, question_due
from courses.services.editions import publish_edition
from courses.services.enrolments import enrol, enrol_many
from courses.services.learning import CheckOutcome, Standing, answer_lesson_check, save_progress
from courses.services.playing import Opened, PlayingElsewhere, open_session

__all__ = [
    "CheckOutcome",
    "CueOutcome",
    "Opened",
    "PlayingElsewhere",
    "Standing",
    "answer_cue",
    "answer_lesson_check",
    "appeal_anomaly",
    "decide_anomaly",
    "enrol",
    "enrol_many",
    "open_session",
    "publish_edition",
    "question_due",
    "save_progress",
]
