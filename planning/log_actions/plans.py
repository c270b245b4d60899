"""The history of plans: each kind of act with its sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry

from core import log_sentences

# action → label, sentence with the keys of the entry's data
ACTIONS: dict[str, tuple[Any, Any]] = {
    "planning.plan.create": (gettext_lazy("新建培训计划"), gettext_lazy("新建了培训计划")),
    "planning.plan.rename": (gettext_lazy("计划改名"), gettext_lazy("计划改名为“%(title)s”")),
    "planning.plan.discard": (gettext_lazy("删除培训计划"), gettext_lazy("删除了未提交的计划“%(title)s”")),
    "planning.plan.copy": (gettext_lazy("复制培训计划"), gettext_lazy("由“%(source)s”复制，%(classes)s 个班次")),
    "planning.plan.submit": (gettext_lazy("提交培训计划"), gettext_lazy("提交了培训计划")),
    "planning.plan.return": (gettext_lazy("退回培训计划"), gettext_lazy("退回修改：%(reason)s")),
    "planning.plan.approve": (gettext_lazy("批准培训计划"), gettext_lazy("批准了培训计划%(document_no)s")),
    "planning.plan.read": (gettext_lazy("查看培训计划"), gettext_lazy("查看了培训计划")),
    "planning.class.add": (gettext_lazy("增加计划班次"), gettext_lazy("增加了“%(title)s”")),
    "planning.class.edit": (gettext_lazy("修改计划班次"), gettext_lazy("修改了“%(title)s”的%(fields)s")),
    "planning.class.remove": (gettext_lazy("移除计划班次"), gettext_lazy("移除了“%(title)s”")),
    "planning.class.found": (gettext_lazy("设立班次"), gettext_lazy("“%(title)s”设立为班次%(code)s")),
    "planning.class.carry": (gettext_lazy("按计划更新班次"), gettext_lazy("“%(title)s”的班次按计划更新了%(fields)s")),
    "planning.change.ask": (gettext_lazy("申请计划变更"), gettext_lazy("申请%(kind)s：“%(title)s”")),
    "planning.change.withdraw": (gettext_lazy("撤回计划变更"), gettext_lazy("撤回“%(title)s”的变更申请")),
    "planning.change.decide": (gettext_lazy("审批计划变更"), gettext_lazy("“%(title)s”的变更：%(outcome)s")),
    "planning.standard.put": (gettext_lazy("培训费标准"), gettext_lazy("登记第%(version)s版培训费标准")),
    "planning.needs.survey": (gettext_lazy("测算培训需求"), gettext_lazy("测算%(unit)s%(year)s年的培训需求")),
    "planning.needs.draft": (gettext_lazy("按需求生成班次"), gettext_lazy("按%(year)s年需求生成 %(count)s 个计划班次")),
    "planning.needs.people": (gettext_lazy("查看需求名单"), gettext_lazy("查看了未达标干部名单")),
}


def register(actions: LogActionRegistry) -> None:
    log_sentences.register(ACTIONS, actions)
