"""Kinds of messages of exams, tasks and surveys: what they say outside is the same for everybody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.messaging.kinds import MAIL, WECOM, register

register("survey.invited", _("请参加教学评估"))
register("task.extended", _("一项任务的期限有变动"))
register("marking.dispute", _("有作业需要您裁定"), channels=(MAIL, WECOM))
register("result.released", _("有一场考试的成绩已经公布"))
register("result.changed", _("您的一项成绩有新的情况"), channels=(MAIL, WECOM))
register("result.appeal", _("有一份申述请您查看"), channels=(MAIL, WECOM))
