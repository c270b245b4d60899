"""Kinds of messages of plans and nominations: what they say outside is the same for everybody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.messaging.kinds import MAIL, WECOM, register

register("call.opened", _("有一个班次请您单位选派学员"), mandatory=True)
register("call.desk", _("有提名待您审核"))
register("call.stuck", _("有提名审核超过期限"), channels=(MAIL, WECOM))
register("call.own", _("您的调训报名有新的办理情况"), mandatory=True)
register("call.unit", _("您单位的提名有新的办理情况"), channels=(MAIL, WECOM))
register("call.office", _("有一项调训事项请您办理"), channels=(MAIL, WECOM))
register("plan.decision", _("有一项培训计划事项请您查看"), channels=(MAIL, WECOM))
