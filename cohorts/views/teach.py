"""The home of those who teach: today's half days, what has to be done, the classes."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import Submission
from cohorts.board import STATE_KINDS
from cohorts.models import Cohort, CohortState, Membership, Session
from cohorts.presenters.members import session_row
from cohorts.reading import classes as reading
from cohorts.reading.approvals import waiting_for
from cohorts.rules.halfdays import HalfDay
from cohorts.services.arrival import ARRIVING, is_arrival_over
from core import clock
from people.permissions import requires
from people.scopes import has_role


@requires("class_teacher", "lecturer", "training_office")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One sentence first: which half day is now, and where."""
    running = _classes(request.user)
    mine = set(Cohort.objects.run_by(request.user).filter(pk__in=[c.pk for c in running]).values_list("pk", flat=True))
    here = has_role(request.user, "class_teacher", "training_office")
    roll_calls = _half_days(running, mine) if here else []
    context = {
        "classes": [_class_row(c, here and c.pk in mine) for c in running],
        "roll_calls": roll_calls,
        "todo": [
            *(_arrivals(running, mine) if here else []),
            *_roll_calls_due(roll_calls),
            *_leave(request.user),
            *_marking(request.user),
            *(_flags(mine) if here else []),
        ],
        "lessons": _lessons(request.user),
        "today": clock.today(),
        "sentence": _sentence(roll_calls),
    }
    return render(request, "cohorts/teach.html", context)


def _classes(user: Any) -> list[Cohort]:
    """The classes one works in, and the office's that are about to begin or running."""
    hosted = Cohort.objects.hosted_by_office_of(user).filter(state__in=("confirmed", "running"))
    mine = Cohort.objects.filter(staff__user=user).exclude(state__in=("archived", "cancelled"))
    rows = Cohort.objects.filter(Q(pk__in=hosted.values("pk")) | Q(pk__in=mine.values("pk")))
    return list(rows.select_related("host").order_by("starts_on", "pk"))


def _class_row(cohort: Cohort, runs: bool) -> dict[str, Any]:
    return {
        "cohort": cohort,
        "kind": STATE_KINDS[cohort.state],
        "url": reverse("cohorts:board" if runs else "cohorts:space-notices", args=[cohort.public_id]),
    }


def _half_days(cohorts: list[Cohort], mine: set[int]) -> list[dict[str, Any]]:
    """Today's half days of the classes one runs, with how many are recorded."""
    now, found = reading.this_half_day(), []
    for cohort in cohorts:
        if cohort.pk not in mine or cohort.state != CohortState.RUNNING:
            continue
        table = reading.timetable_of(cohort, now.day)
        counts = reading.recorded_by_half_day(cohort, table)
        for place in table:
            found.append(
                {
                    "cohort": cohort,
                    "place": place,
                    "recorded": counts[place][0],
                    "all": counts[place][1],
                    "is_now": place == now,
                    "is_open": place <= now,
                    "url": _address(cohort, place),
                    "check_in": reverse("cohorts:check-in-screen", args=[cohort.public_id, place.day, place.half]),
                }
            )
    return found


def _address(cohort: Cohort, place: HalfDay) -> str:
    return reverse("cohorts:roll-call", args=[cohort.public_id, place.day, place.half])


def _sentence(roll_calls: list[dict[str, Any]]) -> str:
    now = next((r for r in roll_calls if r["is_now"]), None)
    if now is None:
        return _("今天这个时段没有需要点名的课。")
    words = {"title": now["cohort"].full_title, "recorded": now["recorded"], "all": now["all"]}
    return _("“%(title)s”正在上课，已登记 %(recorded)s / %(all)s 人。") % words


def _roll_calls_due(roll_calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "title": _("%(when)s点名") % {"when": r["place"].label},
            "sub": r["cohort"].full_title,
            "state": "risk",
            "state_word": _("未登记 %(n)s 人") % {"n": r["all"] - r["recorded"]},
            "action_url": r["url"],
            "action_label": _("去点名"),
        }
        for r in roll_calls
        if r["is_open"] and r["recorded"] < r["all"]
    ]


def _arrivals(cohorts: list[Cohort], mine: set[int]) -> list[dict[str, Any]]:
    """Classes whose members are on their way: how many are awaited, and whether the days of arrival are over."""
    near = [c for c in cohorts if c.pk in mine and c.state in ARRIVING and c.starts_on <= clock.today()]
    rows = Membership.objects.filter(cohort__in=near, state="confirmed").values("cohort").annotate(n=Count("pk"))
    waiting = {row["cohort"]: row["n"] for row in rows}
    return [
        {
            "title": _("登记报到"),
            "sub": cohort.full_title,
            "state": "risk" if is_arrival_over(cohort) else "waiting",
            "state_word": _("未报到 %(n)s 人") % {"n": waiting[cohort.pk]},
            "action_url": reverse("cohorts:arrival-desk", args=[cohort.public_id]),
            "action_label": _("去报到台"),
        }
        for cohort in near
        if cohort.pk in waiting
    ]


def _marking(user: Any) -> list[dict[str, Any]]:
    waiting = Submission.objects.to_mark_by(user).filter(handed_in_at__isnull=False).count()
    if not waiting:
        return []
    words = _("有 %(n)s 份作业待评分") % {"n": waiting}
    url = reverse("assessments:marking")
    return [
        {"title": words, "state": "waiting", "state_word": _("待评分"), "action_url": url, "action_label": _("去评分")}
    ]


def _leave(user: Any) -> list[dict[str, Any]]:
    waiting = len(waiting_for(user))
    if not waiting:
        return []
    words, url = _("有 %(n)s 份请假申请待您审批") % {"n": waiting}, reverse("cohorts:leave-waiting")
    return [
        {"title": words, "state": "waiting", "state_word": _("待审批"), "action_url": url, "action_label": _("去审批")}
    ]


def _flags(mine: set[int]) -> list[dict[str, Any]]:
    flagged = Membership.objects.filter(cohort__in=mine, cohort__state="running", state="registered")
    rows = flagged.flagged().select_related("user", "cohort")
    return [
        {
            "title": _("%(name)s请假超过七分之一") % {"name": m.user.name},
            "sub": m.cohort.full_title,
            "state": "risk",
            "state_word": _("请培训处决定"),
            "url": reverse("cohorts:member", args=[m.cohort.public_id, m.public_id]),
        }
        for m in rows
    ]


def _lessons(user: Any) -> list[dict[str, Any]]:
    """The next lessons that the person teaches."""
    rows = Session.objects.filter(lecturer=user, day__gte=clock.today()).exclude(cohort__state="cancelled")
    return [session_row(s) for s in rows.select_related("cohort", "lecturer").order_by("day", "starts_at")[:10]]
