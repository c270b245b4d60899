"""A class from its forming to its closing: members, timetable, attendance, leave, requirements, graduation."""

from __future__ import annotations

from cohorts.models.attendance import (
    Attendance,
    AttendanceEvent,
    AttendanceStatus,
    LeaveDecision,
    LeaveRecord,
)
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
from cohorts.models.timetable import Half, Session

__all__ = [
    "Attendance",
    "AttendanceEvent",
    "AttendanceStatus",
    "Closing",
    "ClosingPaper",
    "Cohort",
    "CohortStaff",
    "CohortState",
    "GraduationDecision",
    "Group",
    "Half",
    "LeaveDecision",
    "LeaveRecord",
    "Membership",
    "MembershipState",
    "Requirement",
    "RequirementResult",
    "Session",
]
