"""Courses and lessons as edited, editions as taught, and what each learner has done."""

from __future__ import annotations

from courses.models.around import (
    AdviceDeclined,
    LessonNote,
)
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
    LiveArrangement,
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
from courses.models.materials import (
    CourseMaterial,
    EditionMaterial,
)
from courses.models.playback import (
    CueAnswer,
    PlaybackAnomaly,
    PlaybackLease,
)
from courses.models.questions import (
    LessonAnswer,
    LessonQuestion,
)

__all__ = [
    "ATTENDED",
    "RECORDINGS",
    "AdviceDeclined",
    "AuditAssignment",
    "AuditChecklist",
    "AuditOpinion",
    "AuditOutcome",
    "AuditTask",
    "Course",
    "CourseAudit",
    "CourseEdition",
    "CourseLecturer",
    "CourseMaterial",
    "CourseOutcome",
    "CueAnswer",
    "EditionAsset",
    "EditionLesson",
    "EditionMaterial",
    "Enrolment",
    "Lesson",
    "LessonAnswer",
    "LessonCue",
    "LessonKind",
    "LessonNote",
    "LessonProgress",
    "LessonProof",
    "LessonQuestion",
    "LiveArrangement",
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
