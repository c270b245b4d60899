"""The history of the bank, of exams and of tasks: each kind of act with its words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry

ACTIONS = {
    "assessments.save_question": _("保存试题"),
    "assessments.activate_question": _("停用或启用试题"),
    "assessments.save_check": _("保存课时测验"),
    "assessments.create_exam": _("创建考试"),
    "assessments.seat": _("安排考位"),
    "assessments.release_results": _("公布成绩"),
    "assessments.submit_attempt": _("交卷"),
    "assessments.create_task": _("布置任务"),
    "assessments.rearrange_task": _("调整任务"),
    "assessments.hand_in": _("提交作业"),
    "assessments.extend": _("作业延期"),
    "assessments.mark": _("评分"),
    "assessments.close_marking": _("结束评分"),
    "assessments.reopen_marking": _("重新开放评分"),
    "assessments.void": _("取消成绩"),
    "assessments.lift_voiding": _("撤销取消成绩"),
    "assessments.reply_voiding": _("提交申述"),
    "assessments.open_survey": _("发起教学评估"),
    "assessments.remind": _("提醒填写教学评估"),
}


def register(actions: LogActionRegistry) -> None:
    for name, words in ACTIONS.items():
        actions.register_action(name, words, words)
