"""Courses and lessons as edited, editions as taught, and what each learner has done."""

from __future__ import annotations

from courses.models.around import AdviceDeclined, LessonNote
from courses.models.curriculum import Course, CourseOutcome, Lesson, LessonKind, Module, ModuleItem, Track
from courses.models.editions import CourseEdition, EditionAsset, EditionLesson
from courses.models.learning import Enrolment, LessonProgress
from courses.models.materials import CourseMaterial, EditionMaterial
from courses.models.questions import LessonAnswer, LessonQuestion

__all__ = [
    "AdviceDeclined",
    "Course",
    "CourseEdition",
    "CourseMaterial",
    "CourseOutcome",
    "EditionAsset",
    "EditionLesson",
    "EditionMaterial",
    "Enrolment",
    "Lesson",
    "LessonAnswer",
    "LessonKind",
    "LessonNote",
    "LessonProgress",
    "LessonQuestion",
    "Module",
    "ModuleItem",
    "Track",
]
