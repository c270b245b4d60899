"""The acts that this app writes to the log, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter

ACTIONS = {
    "people.created": (_("建立人员"), _("建立人员，工号 %(work_number)s")),
    "people.changed": (_("修改人员信息"), _("修改了%(fields)s")),
    "people.imported": (_("名单导入"), _("由名单《%(file)s》%(what)s")),
    "people.roster_committed": (_("导入名单"), _("导入名单《%(file)s》：新增 %(created)s 人，更新 %(updated)s 人")),
    "people.exported": (_("导出人员名单"), _("导出人员名单 %(n)s 人，证件号和手机号已遮盖")),
    "people.posting_added": (_("登记任职"), _("登记任职：%(posting)s，自%(from)s起")),
    "people.role_granted": (_("授予角色"), _("授予角色：%(role)s %(unit)s")),
    "people.role_ended": (_("收回角色"), _("收回角色：%(role)s %(unit)s")),
    "people.code_issued": (_("发放激活码"), _("发放激活码，有效期至%(until)s")),
    "people.activated": (_("首次登录"), _("用激活码设置了密码")),
    "people.access_reset": (_("重置账号"), _("重置账号，原密码失效")),
    "people.password_changed": (_("修改密码"), _("本人修改了密码")),
    "people.own_email": (_("登记自己的邮箱"), _("本人%(what)s邮箱")),
    "people.notice_accepted": (_("阅读告知书"), _("阅读个人信息处理告知书，版本 %(version)s")),
    "people.unit_created": (_("设立单位"), _("设立单位，代码 %(code)s")),
    "people.unit_corrected": (_("更正单位信息"), _("更正了%(fields)s")),
    "people.unit_ended": (_("单位变更"), _("单位撤销，由%(successor)s承接")),
}


class _Blanks(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def _formatter(label: Any, message: Any) -> type[LogFormatter]:
    class Act(LogFormatter):
        def format_message(self, log_entry: Any) -> str:
            data = {k: "、".join(v) if isinstance(v, list) else v for k, v in (log_entry.data or {}).items()}
            return (str(message) % _Blanks(data)).strip()

    Act.label = label
    return Act


def register(actions: LogActionRegistry) -> None:
    """Make every act of this app known to Wagtail's log."""
    for name, (label, message) in ACTIONS.items():
        actions.register_action(name)(_formatter(label, message))
