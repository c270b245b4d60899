"""Requests for leave and matters of discipline as ready words, states and addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import DisciplineRecord, LeaveRequest
from cohorts.presenters.figures import day_words, plain
from cohorts.reading.asking import Cost
from cohorts.rules import leave
from cohorts.rules.halfdays import HalfDay, span_label
from cohorts.rules.ladder import Step, is_overdue
from cohorts.services.requests import span_of
from core import clock

REQUEST_KINDS = {
    "submitted": "waiting",
    "approved": "done",
    "refused": "failed",
    "withdrawn": "info",
    "cancelled": "info",
}
DISCIPLINE_KINDS = {"draft": "todo", "confirmed": "risk", "closed": "done", "dropped": "info", "withdrawn": "info"}
EVENT_KINDS = {
    "drafted": "todo", "confirmed": "risk", "replied": "info", "closed": "done", "dropped": "info",
    "corrected": "risk", "restored": "info", "upheld": "risk", "withdrawn": "info",
}  # fmt: skip


def request_state(request: LeaveRequest) -> dict[str, str]:
    """待教务处审批, 已批准, …; an overdue step says so."""
    word = str(request.get_state_display())
    if request.state != LeaveRequest.State.SUBMITTED:
        return {"state": REQUEST_KINDS[request.state], "state_word": word}
    if is_overdue(request.due_on, clock.today()):
        return {"state": "risk", "state_word": _("%(step)s逾期未批") % {"step": request.step_title}}
    return {"state": "waiting", "state_word": _("待%(step)s审批") % {"step": request.step_title}}


def request_facts(request: LeaveRequest, hours: Any) -> list[tuple[str, str]]:
    """Label and words of each fact."""
    length = _("%(n)s 个半天，%(hours)s 学时") % {"n": request.half_days, "hours": plain(hours)}
    facts = [
        (_("时间"), span_label(*span_of(request))),
        (_("时长"), length),
        (_("类别"), str(request.get_category_display()) + (_("（事后补假）") if request.is_late else "")),
        (_("事由"), request.reason),
    ]
    if request.due_on:
        facts.append(
            (
                _("办理期限"),
                _("%(step)s，%(day)s下班前") % {"step": request.step_title, "day": day_words(request.due_on)},
            )
        )
    return facts


def request_item(request: LeaveRequest, url: str, *, name: bool, cohort: bool = False) -> dict[str, Any]:
    """A line of a list; with the member's name and the class where that is not plain."""
    span = span_label(*span_of(request))
    title = f"{request.membership.user.name} · {span}" if name else span
    sub = [str(request.get_category_display()), _("%(n)s 个半天") % {"n": request.half_days}]
    if request.is_late:
        sub.append(_("事后补假"))
    if cohort:
        sub.append(request.membership.cohort.full_title)
    if request.due_on:
        sub.append(_("%(day)s前办理") % {"day": f"{request.due_on.month}月{request.due_on.day}日"})
    return {"title": title, "url": url, "sub": " · ".join(sub), **request_state(request)}


def history(request: LeaveRequest) -> list[dict[str, Any]]:
    """What happened so far, and the steps that are still to come."""
    decisions = list(request.decisions.select_related("decided_by", "stands_in_for"))
    items = [{"when": request.submitted_at, "title": _("提交申请"), "text": "", "kind": "done"}]
    for d in decisions:
        who = d.decided_by.name
        if d.stands_in_for:
            who = _("%(who)s（代%(other)s办理）") % {"who": who, "other": d.stands_in_for.name}
        items.append(
            {
                "when": d.at,
                "title": f"{d.title}：{d.get_outcome_display()}",
                "text": f"{who}{'：' + d.comment if d.comment else ''}",
                "kind": "done" if d.outcome == "approve" else "failed",
            }
        )
    return items + _what_follows(request)


def _what_follows(request: LeaveRequest) -> list[dict[str, Any]]:
    if request.state == LeaveRequest.State.SUBMITTED:
        ahead = request.plan[request.step :]
        return [
            {
                "when_words": _("正在办理") if n == 0 else _("其后"),
                "title": step["title"],
                "kind": "waiting" if n == 0 else "todo",
            }
            for n, step in enumerate(ahead)
        ]
    items: list[dict[str, Any]] = []
    if request.state in (LeaveRequest.State.WITHDRAWN, LeaveRequest.State.CANCELLED):
        items.append(
            {"when_words": "", "title": str(request.get_state_display()), "text": request.end_reason, "kind": "info"}
        )
    return items + _return_items(request)


def _return_items(request: LeaveRequest) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if request.reported_at:
        back = HalfDay(request.back_day, request.back_half).label if request.back_day else ""
        items.append(
            {
                "when": request.reported_at,
                "title": _("报告返校"),
                "text": _("%(back)s起到课") % {"back": back},
                "kind": "info",
            }
        )
    if request.back_confirmed_at:
        items.append({"when": request.back_confirmed_at, "title": _("销假"), "kind": "done"})
    return items


def planned_end_words(request: LeaveRequest) -> str:
    """Not reporting back counts to the planned end."""
    return _("没有报告返校的，请假计至原定的%(last)s。") % {"last": span_of(request)[1].label}


def proof_words(request: LeaveRequest) -> str:
    """What became of the proof."""
    if request.proof_deleted_at:
        return _("证明材料已按规定于%(day)s删除。") % {"day": day_words(timezone.localdate(request.proof_deleted_at))}
    if request.proof:
        return _("证明材料在结班后保留 %(n)s 天，到期自动删除。") % {"n": request.keep_proof_days}
    return ""


def cost_words(cost: Cost) -> list[str]:
    """The sentences of the preview: what it costs, what is left."""
    words = [
        _("本次请假 %(n)s 个半天，%(hours)s 学时。") % {"n": cost.half_days, "hours": plain(cost.hours)},
        _("已请假 %(before)s 学时，批准后累计 %(after)s 学时。")
        % {"before": plain(cost.before), "after": plain(cost.after)},
    ]
    if not cost.is_over:
        words.append(cost.arithmetic + _("。"))
        words.append(_("此后还可请假 %(left)s 学时。") % {"left": plain(leave.left(cost.after, cost.total))})
    return words


def plan_words(plan: Iterable[Step], people: dict[str, list[str]]) -> list[str]:
    """班主任（李静，1 个工作日内）."""
    return [
        _("%(step)s（%(who)s），%(n)s 个工作日内")
        % {"step": step.title, "who": "、".join(people[step.key]), "n": step.days}
        for step in plan
    ]


def discipline_item(record: DisciplineRecord) -> dict[str, Any]:
    """One matter as it stands: what, state, level, the words of both sides, what happened."""
    place = HalfDay(record.day, record.half)
    return {
        "record": record,
        "title": _("%(when)s旷课") % {"when": place.long_label},
        "state": "risk" if record.corrected_at else DISCIPLINE_KINDS[record.state],
        "state_word": _("依据已更正，请复核") if record.corrected_at else record.get_state_display(),
        "level": record.get_level_display() if record.level else "",
        "events": [
            {
                "when": event.at,
                "title": event.get_what_display() + (f"：{event.get_level_display()}" if event.level else ""),
                "text": event.by.name,
                "kind": EVENT_KINDS[event.what],
            }
            for event in record.events.all()
        ],
    }


def request_url(request: LeaveRequest) -> str:
    return reverse("cohorts:leave-request", args=[request.membership.cohort.public_id, request.public_id])
