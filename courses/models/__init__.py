"""Courses and lessons as edited, editions as taught, and what each learner has done."""

from __future__ import annotations

from courses.models.audits import (
    AuditAssignment,
    AuditChecklist,
    AuditOpinion,
    AuditOutcome,
    AuditTask,
    CourseAudit,
    Stage,
)
from courses.models.confirming import ATTENDED, LessonProof, LiveAttendance
from courses.models.curriculum import Course, CourseOutcome, Lesson, LessonKind, Module, ModuleItem, Track
from courses.models.editions import CourseEdition, EditionAsset, EditionLesson
from courses.models.learning import Enrolment, LessonProgress
from courses.models.looking_after import CourseLecturer, Reminder, ReminderRound

__all__ = [
    "ATTENDED",
    "AuditAssignment",
    "AuditChecklist",
    "AuditOpinion",
    "AuditOutcome",
    "AuditTask",
    "Course",
    "CourseAudit",
    "CourseEdition",
    "CourseLecturer",
    "CourseOutcome",
    "EditionAsset",
    "EditionLesson",
    "Enrolment",
    "Lesson",
    "LessonKind",
    "LessonProgress",
    "LessonProof",
    "LiveAttendance",
    "Module",
    "ModuleItem",
    "Reminder",
    "ReminderRound",
    "Stage",
    "Track",
]
