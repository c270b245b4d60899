"""The head of a class's office pages: its facts, its next step with what blocks it, and the tabs, which apps add to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Cohort, CohortStaff, CohortState
from cohorts.rules import states
from cohorts.services import check_advance, checklist

STATE_KINDS = {
    "planned": "todo",
    "nominating": "waiting",
    "confirmed": "waiting",
    "running": "info",
    "closed": "done",
    "archived": "done",
    "cancelled": "failed",
}
STEP_WORDS = {
    "nominating": gettext_lazy("开始报名"),
    "confirmed": gettext_lazy("确认班次"),
    "running": gettext_lazy("开班"),
    "archived": gettext_lazy("归档"),
}


@dataclass(frozen=True)
class Tab:
    key: str
    label: Any
    url_name: str
    order: int


_tabs: dict[str, Tab] = {}


def register_tab(key: str, label: Any, url_name: str, *, order: int) -> None:
    """Add a tab to every class's pages; ``url_name`` takes the class's ``public_id``."""
    _tabs[key] = Tab(key, label, url_name, order)


for _key, _label, _order in (
    ("board", gettext_lazy("概况"), 0),
    ("members", gettext_lazy("学员"), 10),
    ("arrival", gettext_lazy("报到"), 15),
    ("timetable", gettext_lazy("课表"), 20),
    ("attendance", gettext_lazy("考勤"), 30),
    ("leave-requests", gettext_lazy("请假"), 34),
    ("discipline", gettext_lazy("纪律"), 36),
    ("requirements", gettext_lazy("任务与考试"), 40),
    ("learning", gettext_lazy("在线学习"), 45),
    ("evaluations", gettext_lazy("评估"), 50),
    ("graduation", gettext_lazy("结业"), 60),
    ("papers", gettext_lazy("材料"), 70),
    ("space", gettext_lazy("班级空间"), 80),
    ("history", gettext_lazy("动态"), 90),
):
    register_tab(_key, _label, f"cohorts:{_key}", order=_order)


def tabs(cohort: Cohort, active: str) -> list[dict[str, Any]]:
    """The tabs in their order with the present one marked; a name that does not resolve is left out."""
    found = []
    for tab in sorted(_tabs.values(), key=lambda t: t.order):
        try:
            url = reverse(tab.url_name, args=[cohort.public_id])
        except NoReverseMatch:
            continue
        found.append({"label": tab.label, "url": url, "active": tab.key == active})
    return found


@dataclass(frozen=True)
class Step:
    """The way forward: what it is called, where it is taken, what stands in its way."""

    words: str
    to: str
    url: str
    is_post: bool
    blocked_by: list[str]


def next_step(cohort: Cohort) -> Step | None:
    """The ordinary next step of a class, or None at the end of its way."""
    to = states.next_step(cohort.state)
    if to is None:
        return None
    if to == CohortState.CLOSED:
        url = reverse("cohorts:closing", args=[cohort.public_id])
        return Step(_("结班"), to, url, False, [i.sentence for i in checklist(cohort) if not i.ok])
    url = reverse("cohorts:advance", args=[cohort.public_id])
    return Step(str(STEP_WORDS[to]), to, url, True, check_advance(cohort, to))


def head(cohort: Cohort, active: str) -> dict[str, Any]:
    """What every office page of the class shows above its own part; one query."""
    teachers = cohort.staff.filter(duty=CohortStaff.Duty.TEACHER).values_list("user__name", flat=True)
    return {
        "cohort": cohort,
        "tabs": tabs(cohort, active),
        "state_kind": STATE_KINDS[cohort.state],
        "teachers": "、".join(teachers) or _("未指定"),
    }
