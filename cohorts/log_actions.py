"""The history of a class: each kind of act with its sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry

from core import log_sentences

# action → label, sentence with the keys of the entry's data
ACTIONS: dict[str, tuple[Any, Any]] = {
    "cohorts.create": (gettext_lazy("创建班次"), gettext_lazy("创建了班次")),
    "cohorts.edit": (gettext_lazy("修改班次"), gettext_lazy("修改了%(fields)s")),
    "cohorts.advance": (gettext_lazy("班次状态"), gettext_lazy("状态由“%(before)s”变为“%(after)s”")),
    "cohorts.appoint": (gettext_lazy("指定办班人员"), gettext_lazy("指定%(who)s为%(duty)s")),
    "cohorts.dismiss": (gettext_lazy("免去办班人员"), gettext_lazy("%(who)s不再担任%(duty)s")),
    "cohorts.members.add": (gettext_lazy("添加学员"), gettext_lazy("添加了 %(count)s 名学员")),
    "cohorts.members.release": (gettext_lazy("退出名单"), gettext_lazy("%(who)s在报到前退出：%(reason)s")),
    "cohorts.members.register": (gettext_lazy("报到"), gettext_lazy("登记 %(count)s 名学员报到")),
    "cohorts.members.no_show": (gettext_lazy("未报到"), gettext_lazy("%(count)s 名学员未报到：%(reason)s")),
    "cohorts.members.undo_arrival": (gettext_lazy("撤销报到"), gettext_lazy("撤销%(who)s的报到")),
    "cohorts.members.cancel": (
        gettext_lazy("取消名额"),
        gettext_lazy("取消 %(count)s 名逾期未报到学员的名额：%(reason)s"),
    ),
    "cohorts.members.replace": (gettext_lazy("换人"), gettext_lazy("%(by)s替换%(who)s：%(reason)s")),
    "cohorts.photos.put": (gettext_lazy("学员照片"), gettext_lazy("收入 %(count)s 张学员照片")),
    "cohorts.photos.remove": (gettext_lazy("删除照片"), gettext_lazy("删除%(who)s的照片")),
    "cohorts.lodging.note": (gettext_lazy("食宿安排"), gettext_lazy("更新 %(count)s 名学员的食宿安排")),
    "cohorts.lodging.erase": (gettext_lazy("清除食宿"), gettext_lazy("清除 %(count)s 名学员的食宿信息")),
    "cohorts.duties.give": (gettext_lazy("班级职务"), gettext_lazy("%(who)s任%(title)s")),
    "cohorts.duties.end": (gettext_lazy("免去班级职务"), gettext_lazy("%(who)s不再担任%(title)s")),
    "cohorts.clone": (gettext_lazy("复制班次"), gettext_lazy("由“%(source)s”复制为新一期")),
    "cohorts.clone.open": (
        gettext_lazy("复制排课"),
        gettext_lazy("%(when)s《%(title)s》的教室和教师未复制：%(why)s"),
    ),
    "cohorts.members.remind": (gettext_lazy("提醒学员"), gettext_lazy("提醒了 %(count)s 名学员：%(text)s")),
    "cohorts.groups.form": (gettext_lazy("分组"), gettext_lazy("%(members)s 名学员分为 %(groups)s 组")),
    "cohorts.groups.move": (gettext_lazy("调整小组"), gettext_lazy("%(who)s调到第%(group)s组")),
    "cohorts.timetable.add": (gettext_lazy("排课"), gettext_lazy("%(when)s排入《%(title)s》")),
    "cohorts.timetable.change": (gettext_lazy("调课"), gettext_lazy("《%(title)s》改为%(when)s，内容或安排有调整")),
    "cohorts.timetable.remove": (gettext_lazy("停课"), gettext_lazy("取消%(when)s的《%(title)s》")),
    "cohorts.timetable.publish": (
        gettext_lazy("发布课表"),
        gettext_lazy("第 %(number)s 次发布课表，较上次有 %(changes)s 处调整"),
    ),
    "cohorts.calendar.open": (gettext_lazy("订阅课表"), gettext_lazy("%(who)s开通了课表的日历订阅")),
    "cohorts.calendar.revoke": (gettext_lazy("停止订阅课表"), gettext_lazy("%(who)s停止了课表的日历订阅")),
    "cohorts.faculty.add": (gettext_lazy("录入师资"), gettext_lazy("录入师资库")),
    "cohorts.faculty.change": (gettext_lazy("修改师资"), gettext_lazy("修改了师资信息")),
    "cohorts.faculty.away": (gettext_lazy("不可排课时间"), gettext_lazy("登记%(span)s不能授课")),
    "cohorts.faculty.back": (gettext_lazy("取消不可排课时间"), gettext_lazy("取消%(span)s不能授课的登记")),
    "cohorts.room.put": (gettext_lazy("登记教室"), gettext_lazy("登记或修改教室“%(name)s”")),
    "cohorts.fee_class.put": (gettext_lazy("讲课费类别"), gettext_lazy("登记或修改讲课费类别“%(name)s”")),
    "cohorts.attendance.record": (gettext_lazy("考勤"), gettext_lazy("登记%(when)s考勤，%(count)s 人有变化")),
    "cohorts.check_in.open": (gettext_lazy("扫码签到"), gettext_lazy("打开%(when)s的扫码签到")),
    "cohorts.check_in.close": (gettext_lazy("扫码签到"), gettext_lazy("结束%(when)s的扫码签到")),
    "cohorts.leave.record": (gettext_lazy("请假"), gettext_lazy("登记%(who)s请假%(span)s，%(hours)s 学时")),
    "cohorts.leave.cancel": (gettext_lazy("销假"), gettext_lazy("%(who)s%(span)s的请假已销假")),
    "cohorts.leave.overdue": (
        gettext_lazy("请假审批逾期"),
        gettext_lazy("“%(step)s”逾期未办，提醒了 %(count)s 人"),
    ),
    "cohorts.leave.early": (
        gettext_lazy("提前销假"),
        gettext_lazy("%(who)s提前销假，实际请假%(span)s，%(hours)s 学时"),
    ),
    "cohorts.leave.decide": (
        gettext_lazy("请假超限决定"),
        gettext_lazy("%(who)s请假超过七分之一：%(outcome)s（%(document_no)s）"),
    ),
    "cohorts.leave.ask": (gettext_lazy("申请请假"), gettext_lazy("%(who)s申请请假%(span)s")),
    "cohorts.leave.step": (
        gettext_lazy("审批请假"),
        gettext_lazy("%(step)s对%(who)s%(span)s的请假申请：%(outcome)s"),
    ),
    "cohorts.leave.withdraw": (gettext_lazy("撤回请假申请"), gettext_lazy("%(who)s撤回%(span)s的请假申请")),
    "cohorts.leave.void": (gettext_lazy("取消请假申请"), gettext_lazy("%(who)s%(span)s的请假申请已取消")),
    "cohorts.leave.back": (gettext_lazy("报告返校"), gettext_lazy("%(who)s报告返校（请假%(span)s）")),
    "cohorts.discipline.confirm": (
        gettext_lazy("纪律处理"),
        gettext_lazy("%(who)s%(when)s旷课：%(level)s%(document_no)s"),
    ),
    "cohorts.discipline.drop": (gettext_lazy("不予纪律处理"), gettext_lazy("%(who)s%(when)s旷课不予处理")),
    "cohorts.discipline.review": (
        gettext_lazy("复核纪律处理"),
        gettext_lazy("%(who)s%(when)s的考勤已更正，%(outcome)s"),
    ),
    "cohorts.discipline.close": (gettext_lazy("纪律处理办结"), gettext_lazy("%(who)s%(when)s旷课的处理已办结")),
    "cohorts.ladder.save": (gettext_lazy("请假审批规则"), gettext_lazy("%(unit)s的请假审批规则改为第 %(version)s 版")),
    "cohorts.ladder.seat": (gettext_lazy("指定请假审批人"), gettext_lazy("%(who)s审批“%(step)s”环节的请假")),
    "cohorts.ladder.unseat": (gettext_lazy("免去请假审批人"), gettext_lazy("%(who)s不再审批“%(step)s”环节的请假")),
    "cohorts.ladder.delegate": (gettext_lazy("请假审批代办"), gettext_lazy("%(who)s的代办人：%(delegate)s")),
    "cohorts.requirements.add": (gettext_lazy("增加结业条件"), gettext_lazy("结业条件增加%(what)s")),
    "cohorts.requirements.move_edition": (gettext_lazy("课程换版次"), gettext_lazy("结业条件改为%(what)s")),
    "cohorts.requirements.drop": (gettext_lazy("移除结业条件"), gettext_lazy("结业条件移除%(what)s")),
    "cohorts.evaluations.open": (gettext_lazy("发起教学评估"), gettext_lazy("发起 %(count)s 项教学评估：%(titles)s")),
    "cohorts.evaluations.remind": (gettext_lazy("提醒填写评估"), gettext_lazy("提醒填写《%(title)s》的教学评估")),
    "cohorts.waivers.grant": (
        gettext_lazy("豁免结业条件"),
        gettext_lazy("%(who)s的结业条件“%(what)s”予以豁免（%(document_no)s）"),
    ),
    "cohorts.waivers.revoke": (
        gettext_lazy("撤销豁免"),
        gettext_lazy("撤销%(who)s的结业条件“%(what)s”的豁免，原因：%(reason)s"),
    ),
    "cohorts.appraisals.sign": (gettext_lazy("签署鉴定"), gettext_lazy("签署了%(who)s的结业鉴定")),
    "cohorts.appraisals.unsign": (
        gettext_lazy("撤回鉴定签名"),
        gettext_lazy("撤回%(who)s结业鉴定的签名，原因：%(reason)s"),
    ),
    "cohorts.appraisals.required": (gettext_lazy("结班与鉴定"), gettext_lazy("结班%(what)s")),
    "cohorts.honours.quota": (gettext_lazy("评优名额"), gettext_lazy("“%(title)s”：%(sum)s")),
    "cohorts.honours.give": (gettext_lazy("评优"), gettext_lazy("%(who)s评为“%(title)s”")),
    "cohorts.honours.withdraw": (
        gettext_lazy("撤销评优"),
        gettext_lazy("撤销%(who)s的“%(title)s”，原因：%(reason)s"),
    ),
    "cohorts.papers.attach": (gettext_lazy("结班材料"), gettext_lazy("上传%(what)s（%(name)s）")),
    "cohorts.papers.print": (
        gettext_lazy("打印材料"),
        gettext_lazy("打印%(what)s（%(format)s），涉及 %(count)s 名学员"),
    ),
    "cohorts.space.notice.write": (gettext_lazy("班级通知"), gettext_lazy("写了班级通知《%(title)s》")),
    "cohorts.space.notice.edit": (gettext_lazy("修改班级通知"), gettext_lazy("修改了班级通知《%(title)s》")),
    "cohorts.space.notice.withdraw": (
        gettext_lazy("撤回班级通知"),
        gettext_lazy("撤回班级通知《%(title)s》，原因：%(reason)s"),
    ),
    "cohorts.space.material.upload": (gettext_lazy("课程资料"), gettext_lazy("上传课程资料《%(title)s》")),
    "cohorts.space.material.change": (gettext_lazy("修改课程资料"), gettext_lazy("修改或更换课程资料《%(title)s》")),
    "cohorts.space.material.withdraw": (
        gettext_lazy("撤下课程资料"),
        gettext_lazy("撤下课程资料《%(title)s》，原因：%(reason)s"),
    ),
    "cohorts.space.post.hide": (
        gettext_lazy("隐藏讨论内容"),
        gettext_lazy("隐藏话题“%(topic)s”中的一条内容，原因：%(reason)s"),
    ),
    "cohorts.space.post.show": (gettext_lazy("恢复讨论内容"), gettext_lazy("恢复话题“%(topic)s”中的一条内容")),
    "cohorts.space.post.keep": (gettext_lazy("处理举报"), gettext_lazy("话题“%(topic)s”中被举报的内容予以保留")),
    "cohorts.space.phone": (gettext_lazy("通讯录"), gettext_lazy("%(who)s选择在通讯录中%(choice)s")),
    "cohorts.close": (gettext_lazy("结班"), gettext_lazy("结班：%(members)s 名学员中 %(graduated)s 人结业")),
    "cohorts.undo_close": (gettext_lazy("取消结班"), gettext_lazy("取消结班，原因：%(reason)s")),
}


def sentence(action: str, data: dict[str, Any]) -> str:
    """What happened, in words; an entry that lacks a value shows its label alone."""
    return log_sentences.sentence(ACTIONS, action, data)


def register(actions: LogActionRegistry) -> None:
    log_sentences.register(ACTIONS, actions)
