"""Courses and lessons as edited, editions as taught, and what each learner has done."""

from __future__ import annotations

from courses.models.curriculum import (
    RECORDINGS,
    Course,
    CourseOutcome,
    Lesson,
    LessonCue,
    LessonKind,
    Module,
    ModuleItem,
    Track,
)
from courses.models.editions import CourseEdition, EditionAsset, EditionLesson
from courses.models.learning import Enrolment, LessonProgress
from courses.models.playback import CueAnswer, PlaybackAnomaly, PlaybackLease

__all__ = [
    "RECORDINGS",
    "Course",
    "CourseEdition",
    "CourseOutcome",
    "CueAnswer",
    "EditionAsset",
    "EditionLesson",
    "Enrolment",
    "Lesson",
    "LessonCue",
    "LessonKind",
    "LessonProgress",
    "Module",
    "ModuleItem",
    "PlaybackAnomaly",
    "PlaybackLease",
    "Track",
]
