"""Every change of a class that has a consequence."""

from __future__ import annotations

from cohorts.services.admission import admit_members, release_member
from cohorts.services.appraisals import (
    ask_for_appraisals,
    sign_appraisal,
    unsign_appraisal,
    write_appraisal,
    write_summary,
)
from cohorts.services.arrival import (
    cancel_places,
    check_replacement,
    find_substitute,
    is_arrival_over,
    last_day_of_arrival,
    replace_member,
    undo_arrival,
)
from cohorts.services.attendance import Overtaken, record_attendance
from cohorts.services.bookings import absence_words, seats_warning
from cohorts.services.check_in import close_check_in, open_check_in, scan
from cohorts.services.checklist import checklist
from cohorts.services.cloning import clone_cohort, plan_of_clone
from cohorts.services.closing import attach_paper, close, outcomes, register_blocker, undo_close
from cohorts.services.discipline import (
    close_discipline,
    confirm_discipline,
    drop_discipline,
    reply_to_discipline,
    review_discipline,
)
from cohorts.services.duties import end_duty, give_duty, may_hold
from cohorts.services.evaluations import open_evaluations, remind_of_evaluation, require_surveys
from cohorts.services.faculty import add_absence, drop_absence, put_faculty, put_fee_class, put_room
from cohorts.services.feeds import open_feed, revoke_feed
from cohorts.services.forming import (
    advance,
    appoint,
    check_advance,
    create_cohort,
    dismiss,
    edit_cohort,
    register_check,
)
from cohorts.services.groups import form_groups, move_members, move_to_group
from cohorts.services.honours import honour, set_quota, withdraw_honour
from cohorts.services.ladders import delegate_seat, save_ladder, seat_approver, unseat_approver
from cohorts.services.leave import cancel_leave, decide_on_leave, record_leave, return_early
from cohorts.services.lodging import erase_lodging, import_lodging, lodge
from cohorts.services.members import add_members, mark_no_show, register_members
from cohorts.services.papers import print_paper
from cohorts.services.photos import order_batch, put_photo, remove_photo, stage_batch
from cohorts.services.proofs import delete_expired_proofs
from cohorts.services.publishing import publish_timetable
from cohorts.services.reminders import remind_members
from cohorts.services.requests import (
    attach_proof,
    cancel_request,
    confirm_return,
    decide_request,
    preview,
    report_back,
    submit_request,
    withdraw_request,
)
from cohorts.services.requirements import (
    hold_exam,
    rearrange_task,
    refresh_all,
    require_course,
    require_exam,
    require_task,
    set_task,
)
from cohorts.services.rosters import enter_roster, enter_staged, keep_unread
from cohorts.services.timetable import add_session, change_session, move_session, remove_session
from cohorts.services.tree import drop_requirement, move_requirement, require_attendance, require_some
from cohorts.services.waivers import revoke_waiver, waive

__all__ = [
    "Overtaken",
    "absence_words",
    "add_absence",
    "add_members",
    "add_session",
    "admit_members",
    "advance",
    "appoint",
    "ask_for_appraisals",
    "attach_paper",
    "attach_proof",
    "cancel_leave",
    "cancel_places",
    "cancel_request",
    "change_session",
    "check_advance",
    "check_replacement",
    "checklist",
    "clone_cohort",
    "close",
    "close_check_in",
    "close_discipline",
    "confirm_discipline",
    "confirm_return",
    "create_cohort",
    "decide_on_leave",
    "decide_request",
    "delegate_seat",
    "delete_expired_proofs",
    "dismiss",
    "drop_absence",
    "drop_discipline",
    "drop_requirement",
    "edit_cohort",
    "end_duty",
    "enter_roster",
    "enter_staged",
    "erase_lodging",
    "find_substitute",
    "form_groups",
    "give_duty",
    "hold_exam",
    "honour",
    "import_lodging",
    "is_arrival_over",
    "keep_unread",
    "last_day_of_arrival",
    "lodge",
    "mark_no_show",
    "may_hold",
    "move_members",
    "move_requirement",
    "move_session",
    "move_to_group",
    "open_check_in",
    "open_evaluations",
    "open_feed",
    "order_batch",
    "outcomes",
    "plan_of_clone",
    "preview",
    "print_paper",
    "publish_timetable",
    "put_faculty",
    "put_fee_class",
    "put_photo",
    "put_room",
    "rearrange_task",
    "record_attendance",
    "record_leave",
    "refresh_all",
    "register_blocker",
    "register_check",
    "register_members",
    "release_member",
    "remind_members",
    "remind_of_evaluation",
    "remove_photo",
    "remove_session",
    "replace_member",
    "reply_to_discipline",
    "report_back",
    "require_attendance",
    "require_course",
    "require_exam",
    "require_some",
    "require_surveys",
    "require_task",
    "return_early",
    "review_discipline",
    "revoke_feed",
    "revoke_waiver",
    "save_ladder",
    "scan",
    "seat_approver",
    "seats_warning",
    "set_quota",
    "set_task",
    "sign_appraisal",
    "stage_batch",
    "submit_request",
    "undo_arrival",
    "undo_close",
    "unseat_approver",
    "unsign_appraisal",
    "waive",
    "withdraw_honour",
    "withdraw_request",
    "write_appraisal",
    "write_summary",
]
