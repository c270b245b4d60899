"""Every change of a class that has a consequence."""

from __future__ import annotations

from cohorts.services.attendance import record_attendance
from cohorts.services.checklist import checklist
from cohorts.services.closing import attach_paper, close, outcomes, register_blocker, undo_close
from cohorts.services.forming import advance, appoint, check_advance, create_cohort, dismiss, edit_cohort
from cohorts.services.leave import cancel_leave, decide_on_leave, record_leave, return_early
from cohorts.services.members import (
    add_members,
    form_groups,
    mark_no_show,
    move_to_group,
    register_members,
)
from cohorts.services.requirements import (
    drop_requirement,
    hold_exam,
    refresh_all,
    require_course,
    require_exam,
    require_some,
    require_task,
    set_task,
)
from cohorts.services.rosters import enter_roster, enter_staged, keep_unread
from cohorts.services.timetable import add_session, change_session, remove_session

__all__ = [
    "add_members",
    "add_session",
    "advance",
    "appoint",
    "attach_paper",
    "cancel_leave",
    "change_session",
    "check_advance",
    "checklist",
    "close",
    "create_cohort",
    "decide_on_leave",
    "dismiss",
    "drop_requirement",
    "edit_cohort",
    "enter_roster",
    "enter_staged",
    "form_groups",
    "hold_exam",
    "keep_unread",
    "mark_no_show",
    "move_to_group",
    "outcomes",
    "record_attendance",
    "record_leave",
    "refresh_all",
    "register_blocker",
    "register_members",
    "remove_session",
    "require_course",
    "require_exam",
    "require_some",
    "require_task",
    "return_early",
    "set_task",
    "undo_close",
]
