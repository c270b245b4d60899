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
from courses.models.confirming import (
    ATTENDED,
    LessonProof,
    LiveAttendance,
)
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
from courses.models.editions import (
    CourseEdition,
    EditionAsset,
    EditionLesson,
)
from courses.models.learning import (
    Enrolment,
    LessonProgress,
)
from courses.models.looking_after import (
    CourseLecturer,
    Reminder,
    ReminderRound,
)
from courses.models.playback import (
    CueAnswer,
    PlaybackAnomaly,
    PlaybackLease,
)

__all__ = [
    "ATTENDED",
    "RECORDINGS",
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
    "CueAnswer",
    "EditionAsset",
    "EditionLesson",
    "Enrolment",
    "Lesson",
    "LessonCue",
    "LessonKind",
    "LessonProgress",
    "LessonProof",
    "LiveAttendance",
    "Module",
    "ModuleItem",
    "PlaybackAnomaly",
    "PlaybackLease",
    "Reminder",
    "ReminderRound",
    "Stage",
    "Track",
]
