"""Courses and lessons as edited, editions as taught, and what each learner has done."""

from __future__ import annotations

from courses.models.around import AdviceDeclined
from courses.models.curriculum import Course, CourseOutcome, Lesson, LessonKind, Module, ModuleItem, Track
from courses.models.editions import CourseEdition, EditionAsset, EditionLesson
from courses.models.learning import Enrolment, LessonProgress

__all__ = [
    "AdviceDeclined",
    "Course",
    "CourseEdition",
    "CourseOutcome",
    "EditionAsset",
    "EditionLesson",
    "Enrolment",
    "Lesson",
    "LessonKind",
    "LessonProgress",
    "Module",
    "ModuleItem",
    "Track",
]
