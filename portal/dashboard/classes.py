"""Classes on the office's start page, and what waits in them; constant queries."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Exam
from cohorts.models import Cohort, CohortState, Membership, MembershipState
from cohorts.reading.classes import is_decided, last_decisions, missing_today, this_half_day
from cohorts.rules import states
from cohorts.rules.halfdays import HalfDay
from core import clock
from core.models import Job
from core.templatetags.linghang import day
from people.scopes import grant_paths, has_role
from portal.dashboard.registry import Pending
from portal.figures import people_snapshot
from portal.models import UnitFigure
from portal.querysets import managed_under
from records.presenters.hours import SHORT

MOST = 12  # classes shown
STEPS = {
    "nominating": "开始报名",
    "confirmed": "确认学员名单",
    "running": "开班报到",
    "closed": "结班",
    "archived": "归档",
}
KINDS = {
    CohortState.RUNNING: "info",
    CohortState.CLOSED: "done",
    CohortState.CANCELLED: "failed",
}


def works_with_classes(user: Any) -> bool:
    return has_role(user, "training_office", "class_teacher")


def class_rows(user: Any) -> list[dict[str, Any]]:
    """The classes one runs that are not archived, by state and date; one query."""
    if not works_with_classes(user):
        return []
    rows = Cohort.objects.run_by(user).exclude(state__in=(CohortState.ARCHIVED, CohortState.CANCELLED))
    here = Count("memberships", filter=Q(memberships__state__in=("confirmed", *IN_CLASS)))
    rows = rows.annotate(members=here).order_by("-starts_on", "-pk")[:MOST]
    return [_class_row(cohort) for cohort in sorted(rows, key=lambda c: ORDER.index(c.state))]


IN_CLASS = (MembershipState.REGISTERED, MembershipState.GRADUATED, MembershipState.NOT_GRADUATED)
ORDER = ("running", "confirmed", "nominating", "planned", "closed")


def _class_row(cohort: Any) -> dict[str, Any]:
    step = states.next_step(cohort.state)
    return {
        "title": cohort.full_title,
        "url": reverse("cohorts:board", args=[cohort.public_id]),
        "dates": f"{day(cohort.starts_on)}—{day(cohort.ends_on)}",
        "members": cohort.members,
        "kind": KINDS.get(cohort.state, "waiting"),
        "state": str(cohort.get_state_display()),
        "step": _(STEPS[step]) if step else "",
    }


def unfinished_roll_calls(user: Any) -> list[Pending]:
    """Half days of today, begun already, with somebody not recorded whom they call; five queries."""
    now = this_half_day()
    running = Cohort.objects.run_by(user).running()
    missing = {place: n for place, n in missing_today(running.values("pk"), now).items() if n > 0}
    cohorts = running.in_bulk({cohort for cohort, _half in missing}) if missing else {}
    return [_roll_call(cohorts[key], now.day, half, n) for (key, half), n in missing.items()]


def _roll_call(cohort: Cohort, on: Any, half: str, missing: int) -> Pending:
    url = reverse("cohorts:roll-call", kwargs={"public_id": cohort.public_id, "day": on, "half": half})
    word = HalfDay(on, half).label
    return Pending(_("%(when)s点名未完成") % {"when": word}, missing, url, cohort.full_title)


def undecided_leave(user: Any) -> list[Pending]:
    """Members above the limit about whom nobody decided yet; two queries."""
    rows = Membership.objects.flagged().filter(state=MembershipState.REGISTERED, cohort__in=_running(user))
    flagged = list(rows.select_related("cohort"))
    decisions = last_decisions(m.pk for m in flagged) if flagged else {}
    waiting = [m for m in flagged if not is_decided(m, decisions.get(m.pk), m.cohort.total_hours)]
    by_class: dict[Cohort, int] = defaultdict(int)
    for member in waiting:
        by_class[member.cohort] += 1
    return [
        Pending(_("请假超过七分之一，待决定"), n, reverse("cohorts:members", args=[c.public_id]), c.full_title)
        for c, n in by_class.items()
    ]


def _running(user: Any) -> Any:
    return Cohort.objects.run_by(user).running().values("pk")


def exams_to_release(user: Any) -> list[Pending]:
    """Exams of running classes that are over and whose results are not public; two queries."""
    cohorts = {cohort.context_key: cohort for cohort in Cohort.objects.run_by(user).running()}
    over = Exam.objects.filter(context_key__in=cohorts, closes_at__lt=clock.now(), released_at__isnull=True)
    waiting: dict[str, int] = defaultdict(int)
    for key in over.values_list("context_key", flat=True):
        waiting[key] += 1
    return [
        Pending(
            _("考试已结束，成绩待公布"), n, reverse("cohorts:requirements", args=[cohorts[key].public_id]),
            cohorts[key].full_title,
        )
        for key, n in waiting.items()
    ]  # fmt: skip


def pending_in_classes(user: Any) -> list[Pending]:
    if not works_with_classes(user):
        return []
    return [*unfinished_roll_calls(user), *undecided_leave(user), *exams_to_release(user)]


def short_of_hours(user: Any) -> list[Pending]:
    """For a unit's administrator: how often a requirement is not reached in the unit, from the figures."""
    paths = grant_paths(user, ("unit_admin",))
    if not paths:
        return []
    rows = UnitFigure.objects.filter(snapshot=people_snapshot(), measure__startswith="need:", state=SHORT)
    count = sum(rows.filter(managed_under(paths)).values_list("people", flat=True))
    return [Pending(_("应训要求未达标（人项）"), count, f"{reverse('records:compliance')}?state={SHORT}")]


def my_jobs(user: Any) -> list[Pending]:
    """Jobs of one's own that are still going on."""
    going = Job.objects.visible_to(user).filter(state__in=Job.OPEN).count()
    return [Pending(_("正在进行的后台任务"), going, reverse("jobs:list"))]
