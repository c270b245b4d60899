from __future__ import annotations

from django.urls import path

from cohorts import converters  # noqa: F401  days and half days in addresses
from cohorts.views import (
    attendance,
    board,
    class_page,
    graduation,
    leave,
    members,
    requirements,
    roll_call,
    roster,
    teach,
    timetable,
)

app_name = "cohorts"

OFFICE = "office/cohorts/<uuid:public_id>/"
MEMBER = OFFICE + "members/<uuid:member_id>/"
HALF_DAY = "<cohort_day:day>/<cohort_half:half>/"

urlpatterns = [
    # the office
    path(OFFICE, board.board, name="board"),
    path(OFFICE + "advance/", board.step, name="advance"),
    path(OFFICE + "cancel/", board.cancel, name="cancel"),
    path(OFFICE + "staff/", board.add_staff, name="staff-add"),
    path(OFFICE + "staff/<int:pk>/dismiss/", board.dismiss_staff, name="staff-dismiss"),
    path(OFFICE + "history/", board.history, name="history"),
    path(OFFICE + "members/", members.member_list, name="members"),
    path(OFFICE + "members/add/", members.add, name="members-add"),
    path(OFFICE + "members/register/", members.register, name="members-register"),
    path(OFFICE + "members/no-show/", members.no_show, name="members-no-show"),
    path(OFFICE + "members/groups/", members.groups, name="members-groups"),
    path(OFFICE + "members/export/", members.export, name="members-export"),
    path(MEMBER, members.member, name="member"),
    path(MEMBER + "group/", members.move, name="member-group"),
    path(MEMBER + "leave/", leave.record, name="leave-record"),
    path(MEMBER + "leave/<uuid:leave_id>/return/", leave.come_back, name="leave-return"),
    path(MEMBER + "leave-decision/", leave.decide, name="leave-decision"),
    path(OFFICE + "timetable/", timetable.timetable, name="timetable"),
    path(OFFICE + "timetable/add/", timetable.add, name="session-add"),
    path(OFFICE + "timetable/<int:pk>/", timetable.change, name="session-change"),
    path(OFFICE + "timetable/<int:pk>/remove/", timetable.remove, name="session-remove"),
    path(OFFICE + "attendance/", attendance.table, name="attendance"),
    path(OFFICE + "attendance/export/", attendance.export, name="attendance-export"),
    path(OFFICE + "requirements/", requirements.overview, name="requirements"),
    path(OFFICE + "requirements/course/", requirements.add_course, name="requirement-course"),
    path(OFFICE + "requirements/exam/", requirements.add_exam, name="requirement-exam"),
    path(OFFICE + "requirements/task/", requirements.add_task, name="requirement-task"),
    path(OFFICE + "requirements/choice/", requirements.add_choice, name="requirement-choice"),
    path(OFFICE + "requirements/<int:pk>/drop/", requirements.drop, name="requirement-drop"),
    path(OFFICE + "exams/<uuid:exam_id>/release/", requirements.release, name="exam-release"),
    path(OFFICE + "graduation/", graduation.graduation, name="graduation"),
    path(OFFICE + "graduation/export/", graduation.export, name="graduation-export"),
    path(OFFICE + "closing/", graduation.closing, name="closing"),
    path(OFFICE + "closing/papers/", graduation.attach, name="paper-attach"),
    path(OFFICE + "closing/papers/<uuid:paper_id>/", graduation.paper, name="paper"),
    path(OFFICE + "closing/close/", graduation.close, name="close"),
    path(OFFICE + "closing/undo/", graduation.undo, name="undo-close"),
    path(OFFICE + "roster/", roster.upload, name="roster-upload"),
    path(OFFICE + "roster/<uuid:import_id>/columns/", roster.columns, name="roster-columns"),
    path(OFFICE + "roster/<uuid:import_id>/", roster.preview, name="roster-preview"),
    path(OFFICE + "roster/<uuid:import_id>/commit/", roster.commit, name="roster-commit"),
    path(OFFICE + "roster/<uuid:import_id>/refused/", roster.refused, name="roster-refused"),
    path("office/roster-template/", roster.template, name="roster-template"),
    # the class teacher's phone
    path("teach/", teach.home, name="teach"),
    path("teach/roll-call/<uuid:public_id>/" + HALF_DAY, roll_call.roll_call, name="roll-call"),
    # the cadre's class
    path("learn/class/", class_page.mine, name="my-class"),
    path("learn/class/<uuid:public_id>/", class_page.class_page, name="class"),
]
