"""Every change of questions, checks, exams, attempts and tasks; the only place that writes them."""

from __future__ import annotations

from assessments.services.attempts import (
    Choice,
    Saved,
    finish_overdue,
    save_answer,
    save_answers,
    save_shown,
    settle,
    start_attempt,
    submit,
)
from assessments.services.checks import answer_check, freeze_check, save_check
from assessments.services.exams import create_exam, release_results, seat
from assessments.services.handing_in import extend, hand_in
from assessments.services.questions import save_question, set_question_active
from assessments.services.rating import decide_grade, mark_submission
from assessments.services.surveys import answer_survey, current_questionnaire, invite, open_survey, remind
from assessments.services.tasks import (
    TOLERANCE,
    assign,
    close_marking,
    create_task,
    rearrange_task,
    reopen_marking,
)
from assessments.services.voiding import (
    lift_voiding,
    register_objection,
    reply_to_voiding,
    void_attempt,
    void_work,
)

__all__ = [
    "TOLERANCE",
    "Choice",
    "Saved",
    "answer_check",
    "answer_survey",
    "assign",
    "close_marking",
    "create_exam",
    "create_task",
    "current_questionnaire",
    "decide_grade",
    "extend",
    "finish_overdue",
    "freeze_check",
    "hand_in",
    "invite",
    "lift_voiding",
    "mark_submission",
    "open_survey",
    "rearrange_task",
    "register_objection",
    "release_results",
    "remind",
    "reopen_marking",
    "reply_to_voiding",
    "save_answer",
    "save_answers",
    "save_check",
    "save_question",
    "save_shown",
    "seat",
    "set_question_active",
    "settle",
    "start_attempt",
    "submit",
    "void_attempt",
    "void_work",
]
