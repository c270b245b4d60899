"""The engine of tests and tasks. It knows seats and people, never a class: who uses it stands above it."""

from __future__ import annotations

from assessments.models.bank import (
    Blueprint,
    BlueprintLine,
    Check,
    CheckAttempt,
    CheckPaper,
    CheckQuestion,
    Question,
    QuestionKind,
    QuestionVersion,
)
from assessments.models.exams import Answer, Attempt, AttemptItem, AttemptState, Exam, Seat
from assessments.models.surveys import Questionnaire, Survey, SurveyAnswer, SurveyInvitation
from assessments.models.tasks import (
    FINAL_KINDS,
    Grade,
    HandIn,
    Mark,
    MarkKind,
    Rubric,
    RubricCriterion,
    Submission,
    Task,
)
from assessments.models.voidings import Voiding, VoidingCause

__all__ = [
    "FINAL_KINDS",
    "Answer",
    "Attempt",
    "AttemptItem",
    "AttemptState",
    "Blueprint",
    "BlueprintLine",
    "Check",
    "CheckAttempt",
    "CheckPaper",
    "CheckQuestion",
    "Exam",
    "Grade",
    "HandIn",
    "Mark",
    "MarkKind",
    "Question",
    "QuestionKind",
    "QuestionVersion",
    "Questionnaire",
    "Rubric",
    "RubricCriterion",
    "Seat",
    "Submission",
    "Survey",
    "SurveyAnswer",
    "SurveyInvitation",
    "Task",
    "Voiding",
    "VoidingCause",
]
