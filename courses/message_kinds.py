"""Kinds of messages of courses: what they say outside is the same for everybody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.messaging.kinds import MAIL, WECOM, register

register("course.reminder", _("学习提醒"))
register("course.enrolled", _("您有新的课程"), channels=(MAIL, WECOM))
register("course.edition", _("在学的课程有更新"), channels=(MAIL, WECOM))
register("course.live", _("直播安排有变动"))
register("course.proof", _("您提交的学习证明有了结果"), channels=(MAIL, WECOM))
register("course.question", _("课程提问有新的消息"), channels=(MAIL, WECOM))
register("course.record", _("学习记录有答复"), channels=(MAIL, WECOM))
register("course.audit", _("课程审核有一项事务"), channels=(MAIL, WECOM))
register("course.rights", _("教学资源的版权期限提醒"), channels=(MAIL, WECOM))
