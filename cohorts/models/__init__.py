"""A class from its forming to its closing: members, timetable, attendance, leave, requirements, graduation."""

from __future__ import annotations

from cohorts.models.arrival import Duty, Lodging, MemberPhoto, PhotoBatch
from cohorts.models.attendance import (
    Attendance,
    AttendanceEvent,
    AttendanceHow,
    AttendanceStatus,
    LeaveDecision,
    LeaveRecord,
)
from cohorts.models.check_in import CheckIn, Scan, ScanOutcome
from cohorts.models.closing import (
    Closing,
    ClosingPaper,
    GraduationDecision,
    Requirement,
    RequirementResult,
)
from cohorts.models.cohort import (
    Cohort,
    CohortStaff,
    CohortState,
    Group,
    Membership,
    MembershipState,
)
from cohorts.models.discipline import DisciplineEvent, DisciplineRecord
from cohorts.models.evaluation import Evaluation
from cohorts.models.faculty import FacultyAbsence, FacultyMember, FacultyTopic, FeeClass, Room
from cohorts.models.graduation import Appraisal, ConditionWaiver, Honour, HonourQuota
from cohorts.models.leave import (
    Approver,
    LadderStep,
    LeaveLadder,
    LeaveReminder,
    LeaveRequest,
    LeaveStepDecision,
    StepKey,
)
from cohorts.models.space import (
    ClassNotice,
    Material,
    MaterialFile,
    NoticeGroup,
    NoticeOpening,
    PhoneConsent,
    Post,
    PostReport,
    Topic,
)
from cohorts.models.timetable import CalendarFeed, Half, Session, SessionGroup, TimetablePublication

__all__ = [
    "Appraisal",
    "Approver",
    "Attendance",
    "AttendanceEvent",
    "AttendanceHow",
    "AttendanceStatus",
    "CalendarFeed",
    "CheckIn",
    "ClassNotice",
    "Closing",
    "ClosingPaper",
    "Cohort",
    "CohortStaff",
    "CohortState",
    "ConditionWaiver",
    "DisciplineEvent",
    "DisciplineRecord",
    "Duty",
    "Evaluation",
    "FacultyAbsence",
    "FacultyMember",
    "FacultyTopic",
    "FeeClass",
    "GraduationDecision",
    "Group",
    "Half",
    "Honour",
    "HonourQuota",
    "LadderStep",
    "LeaveDecision",
    "LeaveLadder",
    "LeaveRecord",
    "LeaveReminder",
    "LeaveRequest",
    "LeaveStepDecision",
    "Lodging",
    "Material",
    "MaterialFile",
    "MemberPhoto",
    "Membership",
    "MembershipState",
    "NoticeGroup",
    "NoticeOpening",
    "PhoneConsent",
    "PhotoBatch",
    "Post",
    "PostReport",
    "Requirement",
    "RequirementResult",
    "Room",
    "Scan",
    "ScanOutcome",
    "Session",
    "SessionGroup",
    "StepKey",
    "TimetablePublication",
    "Topic",
]
