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
from assessments.services.questions import save_question, set_question_active
from assessments.services.tasks import (
    assign,
    close_marking,
    create_task,
    hand_in,
    mark_submission,
    reopen_marking,
)

__all__ = [
    "Choice",
    "Saved",
    "answer_check",
    "assign",
    "close_marking",
    "create_exam",
    "create_task",
    "finish_overdue",
    "freeze_check",
    "hand_in",
    "mark_submission",
    "release_results",
    "reopen_marking",
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
]
