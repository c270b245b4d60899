"""What has to be in order before a class is closed, each point as a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Submission
from cohorts.figures import listed
from cohorts.halfdays import HalfDay
from cohorts.models import ClosingPaper, Cohort, Membership, MembershipState, Requirement
from cohorts.reading import due, is_decided, last_decisions, statuses_of, this_half_day, timetable_of, tree_of
from core import clock


@dataclass(frozen=True)
class Item:
    """One point of the check list."""

    key: str
    label: str
    ok: bool
    sentence: str


def checklist(cohort: Cohort) -> list[Item]:
    """Every point, in the order of work; in a number of queries that does not grow with the members."""
    members = list(cohort.memberships.select_related("user").order_by("user__sort_key"))
    tree = tree_of(cohort)
    return [
        _papers(cohort),
        _lessons(cohort),
        _registered(members),
        _attendance(cohort, members),
        _exams(tree),
        _tasks(tree, members),
        _leave(cohort, members),
    ]


def _item(key: str, label: str, problem: str, fine: str) -> Item:
    return Item(key, label, not problem, problem or fine)


def _papers(cohort: Cohort) -> Item:
    there = set(cohort.closing_papers.values_list("kind", flat=True))
    absent = [str(kind.label) for kind in ClosingPaper.Kind if kind not in there]
    problem = _("缺少结班材料：%(names)s。") % {"names": "、".join(absent)} if absent else ""
    return _item("papers", _("结班材料"), problem, _("培训方案、最终课表和签到表均已上传。"))


def _lessons(cohort: Cohort) -> Item:
    table, now = timetable_of(cohort), this_half_day()
    ahead = [place for place in table if place > now]
    problem = ""
    if not table:
        problem = _("课表还是空的。")
    elif ahead:
        problem = _("还有 %(n)s 个半天没有上课，最后一个是%(last)s。") % {"n": len(ahead), "last": ahead[-1].label}
    return _item("lessons", _("课程"), problem, _("课表上的课程已经全部结束。"))


def _registered(members: list[Membership]) -> Item:
    waiting = [m.user.name for m in members if m.state == MembershipState.CONFIRMED]
    problem = _("%(names)s既没有报到，也没有记为未报到。") % {"names": listed(waiting)} if waiting else ""
    return _item("registered", _("报到"), problem, _("每名学员都已报到或记为未报到。"))


def not_recorded(cohort: Cohort, members: list[Membership]) -> dict[HalfDay, list[Membership]]:
    """Half days that have begun, with the members whose attendance nobody recorded."""
    table, statuses, now = timetable_of(cohort), statuses_of(m.pk for m in members), this_half_day()
    found: dict[HalfDay, list[Membership]] = {}
    for member in members:
        for place in due(table, member, now):
            if place not in statuses[member.pk]:
                found.setdefault(place, []).append(member)
    return dict(sorted(found.items()))


def _attendance(cohort: Cohort, members: list[Membership]) -> Item:
    gaps = not_recorded(cohort, members)
    parts = [
        _("%(when)s：%(names)s") % {"when": place.label, "names": listed([m.user.name for m in who], most=3)}
        for place, who in gaps.items()
    ]
    more = _("；另有 %(n)s 个半天") % {"n": len(parts) - 4} if len(parts) > 4 else ""
    problem = _("以下考勤尚未登记——%(parts)s%(more)s。") % {"parts": "；".join(parts[:4]), "more": more}
    return _item("attendance", _("考勤"), problem if gaps else "", _("每名学员每个半天的考勤都已登记。"))


def _exams(tree: list[Requirement]) -> Item:
    open_ones = [r.exam.title for r in tree if r.exam and r.exam.released_at is None]
    problem = _("考试《%(names)s》的成绩尚未公布。") % {"names": "》《".join(open_ones)} if open_ones else ""
    return _item("exams", _("考试成绩"), problem, _("作为结业条件的考试都已公布成绩。"))


def _tasks(tree: list[Requirement], members: list[Membership]) -> Item:
    tasks = {r.task_id: r.task for r in tree if r.task}
    here = [m.user_id for m in members if m.state == MembershipState.REGISTERED]
    unmarked: dict[int, int] = {}
    for task, handed_in in Submission.objects.filter(task__in=tasks, user__in=here, grade="").values_list(
        "task", "handed_in_at"
    ):
        if handed_in or tasks[task].due_at > clock.now():
            unmarked[task] = unmarked.get(task, 0) + 1
    parts = [
        _("《%(title)s》还有 %(n)s 份未评分") % {"title": tasks[task].title, "n": n}
        for task, n in sorted(unmarked.items())
    ]
    problem = _("任务%(parts)s。") % {"parts": "，".join(parts)} if parts else ""
    return _item("tasks", _("任务评分"), problem, _("已提交的任务都已评分。"))


def _leave(cohort: Cohort, members: list[Membership]) -> Item:
    flagged = [m for m in members if m.over_leave_limit and m.state == MembershipState.REGISTERED]
    decisions = last_decisions(m.pk for m in flagged)
    waiting = [m.user.name for m in flagged if not is_decided(m, decisions.get(m.pk), cohort.total_hours)]
    problem = _("%(names)s请假超过七分之一，还没有决定退学或豁免。") % {"names": listed(waiting)} if waiting else ""
    return _item("leave", _("请假超限"), problem, _("请假超过七分之一的学员都已作出决定。"))
