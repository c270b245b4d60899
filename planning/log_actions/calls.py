"""The history of call-ups and nominations: each kind of act with its sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter

# action → label, sentence with the keys of the entry's data
ACTIONS: dict[str, tuple[Any, Any]] = {
    "planning.call_up.make": (_("调训安排"), _("安排调训：%(places)s 人")),
    "planning.call_up.change": (_("调整调训安排"), _("调整了%(fields)s")),
    "planning.call_up.open": (_("开放报名"), _("开放报名，%(units)s 家单位共 %(places)s 个名额")),
    "planning.quota.set": (_("调整名额"), _("调整名额：%(changes)s")),
    "planning.nomination.make": (_("提名"), _("%(unit)s提名%(names)s")),
    "planning.nomination.apply": (_("报名"), _("%(who)s报名")),
    "planning.nomination.review": (_("审核提名"), _("%(step)s对%(who)s的提名：%(outcome)s")),
    "planning.nomination.withdraw": (_("撤回提名"), _("撤回%(who)s的提名：%(reason)s")),
    "planning.nomination.reply": (_("回复未通过的提名"), _("%(unit)s就%(who)s的提名作了回复")),
    "planning.nomination.take_up": (_("重新办理"), _("重新办理%(who)s的提名")),
    "planning.nomination.queue": (_("列入候补"), _("%(names)s列入候补")),
    "planning.nomination.confirm": (_("确认人选"), _("确认 %(count)s 人：%(names)s")),
    "planning.nomination.give_up": (_("退出名额"), _("%(who)s退出名额：%(reason)s")),
    "planning.nomination.settle": (_("名额变动"), _("%(who)s的名额随班级名单变动：%(reason)s")),
    "planning.nomination.overdue": (_("提名审核逾期"), _("“%(step)s”逾期未办，提醒了 %(count)s 人")),
    "planning.stand_in.arrange": (_("代办安排"), _("%(who)s由%(delegate)s代办，%(span)s")),
    "planning.stand_in.end": (_("结束代办"), _("结束由%(delegate)s代办%(who)s的审核")),
}


def sentence(action: str, data: dict[str, Any]) -> str:
    """What happened, in words; an entry that lacks a value shows its label alone."""
    label, words = ACTIONS[action]
    try:
        return str(words) % data or str(label)
    except KeyError:
        return str(label)


def register(actions: LogActionRegistry) -> None:
    for name, (label, _words) in ACTIONS.items():
        actions.register_action(name)(_formatter(name, label))


def _formatter(name: str, label: Any) -> type[LogFormatter]:
    def format_message(self: LogFormatter, log_entry: Any) -> str:
        return sentence(name, log_entry.data or {})

    return type("CallLog", (LogFormatter,), {"label": label, "format_message": format_message, "message": label})
