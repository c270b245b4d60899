"""The history of a class: each kind of act with its sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

# action → label, sentence with the keys of the entry's data
ACTIONS: dict[str, tuple[Any, Any]] = {
    "cohorts.create": (gettext_lazy("创建班次"), gettext_lazy("创建了班次")),
    "cohorts.edit": (gettext_lazy("修改班次"), gettext_lazy("修改了%(fields)s")),
    "cohorts.advance": (gettext_lazy("班次状态"), gettext_lazy("状态由“%(before)s”变为“%(after)s”")),
    "cohorts.appoint": (gettext_lazy("指定办班人员"), gettext_lazy("指定%(who)s为%(duty)s")),
    "cohorts.dismiss": (gettext_lazy("免去办班人员"), gettext_lazy("%(who)s不再担任%(duty)s")),
    "cohorts.members.add": (gettext_lazy("添加学员"), gettext_lazy("添加了 %(count)s 名学员")),
    "cohorts.members.register": (gettext_lazy("报到"), gettext_lazy("登记 %(count)s 名学员报到")),
    "cohorts.members.no_show": (gettext_lazy("未报到"), gettext_lazy("%(count)s 名学员未报到：%(reason)s")),
    "cohorts.groups.form": (gettext_lazy("分组"), gettext_lazy("%(members)s 名学员分为 %(groups)s 组")),
    "cohorts.groups.move": (gettext_lazy("调整小组"), gettext_lazy("%(who)s调到第%(group)s组")),
    "cohorts.timetable.add": (gettext_lazy("排课"), gettext_lazy("%(when)s排入《%(title)s》")),
    "cohorts.timetable.change": (gettext_lazy("调课"), gettext_lazy("《%(title)s》改为%(when)s，内容或安排有调整")),
    "cohorts.timetable.remove": (gettext_lazy("停课"), gettext_lazy("取消%(when)s的《%(title)s》")),
    "cohorts.attendance.record": (gettext_lazy("考勤"), gettext_lazy("登记%(when)s考勤，%(count)s 人有变化")),
    "cohorts.leave.record": (gettext_lazy("请假"), gettext_lazy("登记%(who)s请假%(span)s，%(hours)s 学时")),
    "cohorts.leave.cancel": (gettext_lazy("销假"), gettext_lazy("%(who)s%(span)s的请假已销假")),
    "cohorts.leave.early": (
        gettext_lazy("提前销假"),
        gettext_lazy("%(who)s提前销假，实际请假%(span)s，%(hours)s 学时"),
    ),
    "cohorts.leave.decide": (
        gettext_lazy("请假超限决定"),
        gettext_lazy("%(who)s请假超过七分之一：%(outcome)s（%(document_no)s）"),
    ),
    "cohorts.requirements.add": (gettext_lazy("增加结业条件"), gettext_lazy("结业条件增加%(what)s")),
    "cohorts.requirements.drop": (gettext_lazy("移除结业条件"), gettext_lazy("结业条件移除%(what)s")),
    "cohorts.papers.attach": (gettext_lazy("结班材料"), gettext_lazy("上传%(what)s（%(name)s）")),
    "cohorts.close": (gettext_lazy("结班"), gettext_lazy("结班：%(members)s 名学员中 %(graduated)s 人结业")),
    "cohorts.undo_close": (gettext_lazy("取消结班"), gettext_lazy("取消结班，原因：%(reason)s")),
}


def sentence(action: str, data: dict[str, Any]) -> str:
    """What happened, in words; an entry that lacks a value shows its label alone."""
    label, words = ACTIONS[action]
    values = {k: "、".join(v) if isinstance(v, list) else v for k, v in data.items()}
    try:
        return str(words) % values or str(label)
    except KeyError:
        return str(label)


def register(actions: LogActionRegistry) -> None:
    for name, (text, _words) in ACTIONS.items():
        actions.register_action(name)(_formatter(name, text))


def _formatter(name: str, text: Any) -> type[LogFormatter]:
    def format_message(self: LogFormatter, log_entry: Any) -> str:
        return sentence(name, log_entry.data or {})

    return type("ClassLog", (LogFormatter,), {"label": text, "format_message": format_message, "message": text})
