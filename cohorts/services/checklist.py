"""What has to be in order before a class is closed, each point as a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Submission
from cohorts.models import (
    Appraisal,
    ClosingPaper,
    Cohort,
    Honour,
    LeaveRequest,
    Membership,
    MembershipState,
    Requirement,
)
from cohorts.presenters.figures import listed
from cohorts.reading.classes import (
    discipline_of,
    due,
    is_decided,
    last_decisions,
    statuses_of,
    this_half_day,
    timetable_of,
    tree_of,
)
from cohorts.reading.tally import tally
from cohorts.rules.halfdays import HalfDay
from cohorts.rules.honours import Places, over_quota
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
        _surveys(tree),
        _leave(cohort, members),
        _requests(cohort),
        _discipline(members),
        *_appraisals(cohort, members),
        *_honours(cohort),
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
    works = Submission.objects.filter(task__in=tasks, user__in=here, grade="", voided_at__isnull=True)
    for work in works.select_related("task"):
        if work.handed_in_at or work.due_at > clock.now():
            unmarked[work.task_id] = unmarked.get(work.task_id, 0) + 1
    parts = [
        _("《%(title)s》还有 %(n)s 份未评分") % {"title": tasks[task].title, "n": n}
        for task, n in sorted(unmarked.items())
    ]
    problem = _("任务%(parts)s。") % {"parts": "，".join(parts)} if parts else ""
    return _item("tasks", _("任务评分"), problem, _("已提交的任务都已评分。"))


def _surveys(tree: list[Requirement]) -> Item:
    open_ones = [r.survey.title for r in tree if r.survey and r.survey.closes_at > clock.now()]
    problem = _("教学评估《%(names)s》尚未截止。") % {"names": "》《".join(open_ones)} if open_ones else ""
    return _item("surveys", _("教学评估"), problem, _("作为结业条件的教学评估都已截止。"))


def _leave(cohort: Cohort, members: list[Membership]) -> Item:
    flagged = [m for m in members if m.over_leave_limit and m.state == MembershipState.REGISTERED]
    decisions = last_decisions(m.pk for m in flagged)
    waiting = [m.user.name for m in flagged if not is_decided(m, decisions.get(m.pk), cohort.total_hours)]
    problem = _("%(names)s请假超过七分之一，还没有决定退学或豁免。") % {"names": listed(waiting)} if waiting else ""
    return _item("leave", _("请假超限"), problem, _("请假超过七分之一的学员都已作出决定。"))


def _requests(cohort: Cohort) -> Item:
    rows = LeaveRequest.objects.open().filter(membership__cohort=cohort).select_related("membership__user")
    waiting = [row.membership.user.name for row in rows]
    problem = _("%(names)s的请假申请还在审批。") % {"names": listed(waiting)} if waiting else ""
    return _item("leave_requests", _("请假审批"), problem, _("请假申请都已办结。"))


def _discipline(members: list[Membership]) -> Item:
    here = {m.pk: m for m in members if m.state == MembershipState.REGISTERED}
    matters = discipline_of(here)
    parts = [f"{here[key].user.name}：{'；'.join(words)}" for key, words in matters.items()]
    problem = _("以下纪律事项未办结——%(parts)s。") % {"parts": listed(parts)} if parts else ""
    return _item("discipline", _("纪律"), problem, _("没有未办结的纪律事项。"))


def _appraisals(cohort: Cohort, members: list[Membership]) -> list[Item]:
    """A point of its own where the class asks for it: everybody in class has a signed appraisal."""
    if not cohort.appraisal_required:
        return []
    signed = set(Appraisal.objects.filter(membership__cohort=cohort, signed_at__isnull=False).values_list("membership"))
    here = [m for m in members if m.state in (MembershipState.REGISTERED, *ENDED)]
    waiting = [m.user.name for m in here if (m.pk,) not in signed]
    problem = _("%(names)s的结业鉴定还没有签署。") % {"names": listed(waiting)} if waiting else ""
    return [_item("appraisals", _("结业鉴定"), problem, _("在班学员的结业鉴定都已签署。"))]


ENDED = (MembershipState.GRADUATED, MembershipState.NOT_GRADUATED)


def _honours(cohort: Cohort) -> list[Item]:
    """Where titles were given: whoever holds one can graduate, and there are no more than places."""
    rows = Honour.objects.filter(quota__cohort=cohort, withdrawn_at__isnull=True)
    given = list(rows.select_related("quota", "membership__user"))
    if not given:
        return []
    verdicts = tally(cohort).verdicts
    cannot = [h.membership.user.name for h in given if not verdicts[h.membership_id].granted]
    problem = (
        _("%(names)s目前不能结业，请先撤销评优。") % {"names": listed(cannot)} if cannot else _too_many(cohort, given)
    )
    return [_item("honours", _("评优"), problem, _("评优人选都可以结业，没有超过名额。"))]


def _too_many(cohort: Cohort, given: list[Honour]) -> str:
    in_class = cohort.memberships.in_class().count()
    quotas = {h.quota_id: h.quota for h in given}
    taken = {key: sum(h.quota_id == key for h in given) for key in quotas}
    places = {key: Places(q.title, in_class, q.number, q.share) for key, q in quotas.items()}
    return "".join(
        _("“%(title)s”%(sum)s，已评 %(taken)s 名，请先撤销多出的人选。")
        % {"title": places[key].title, "sum": places[key].sum_words, "taken": taken[key]}
        for key in quotas
        if over_quota(places[key], taken[key], 0)
    )
