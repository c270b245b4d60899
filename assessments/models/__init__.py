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
from assessments.models.tasks import Grade, HandIn, Mark, Rubric, RubricCriterion, Submission, Task

__all__ = [
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
]
