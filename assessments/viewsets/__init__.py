"""What the office keeps and reads about tests: the bank, the plans of papers and rubrics, exams and results."""

from __future__ import annotations

from assessments.viewsets.bank import QuestionViewSet
from assessments.viewsets.plans import BlueprintViewSet, RubricViewSet
from assessments.viewsets.results import ExamViewSet, SeatViewSet
from assessments.viewsets.works import SubmissionViewSet

__all__ = ["BlueprintViewSet", "ExamViewSet", "QuestionViewSet", "RubricViewSet", "SeatViewSet", "SubmissionViewSet"]
