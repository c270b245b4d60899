"""Kinds of messages of classes: what they say outside is the same for everybody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.messaging.kinds import MAIL, WECOM, register

register("leave.waiting", _("有一份请假申请待您审批"))
register("leave.overdue", _("有请假审批超过期限"))
register("leave.decided", _("您的请假申请有新的办理情况"))
register("leave.back", _("有返校报告请您确认"), channels=(MAIL, WECOM))
register("class.place", _("您的班次名额有变动"), mandatory=True)
register("class.notice", _("班级通知"))
register("class.reminder", _("班级提醒"))
register("class.timetable", _("课表已发布或有调整"))
register("class.member", _("有一项与您有关的班级事项"), channels=(MAIL, WECOM))
register("class.staff", _("有一项班级管理事项请您办理"), channels=(MAIL, WECOM))
