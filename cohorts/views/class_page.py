"""The cadre's class: the timetable, the own attendance and leave, what is still asked for, the group."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import SurveyInvitation
from cohorts.board import STATE_KINDS
from cohorts.models import Cohort, CohortState, Duty, GraduationDecision, Membership, MembershipState
from cohorts.permissions import has_left
from cohorts.presenters.members import attendance_words, condition_cell, mark, member_state, records
from cohorts.presenters.space import space_tabs
from cohorts.presenters.timetable import entry_days
from cohorts.reading import classes as reading
from cohorts.reading.published import Told, told_to
from cohorts.rules import leave
from cohorts.rules.graduation import Condition, decide
from cohorts.rules.halfdays import HalfDay, Timetable, timetable_hours
from cohorts.rules.schedule import Entry
from core import clock
from courses.models import Enrolment
from people.permissions import requires_sign_in

CURRENT = (CohortState.RUNNING, CohortState.CONFIRMED, CohortState.NOMINATING, CohortState.PLANNED)

ENDED = (
    MembershipState.GRADUATED, MembershipState.NOT_GRADUATED, MembershipState.WITHDRAWN, MembershipState.ABSENT,
)  # fmt: skip


@requires_sign_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The class one is in; of several the running one, then the nearest; all of them below."""
    rows = list(
        Membership.objects.filter(user=request.user)
        .exclude(cohort__state=CohortState.CANCELLED)
        .select_related("cohort")
        .order_by("-cohort__starts_on")
    )
    current = sorted(
        (m for m in rows if m.cohort.state in CURRENT), key=lambda m: CURRENT.index(CohortState(m.cohort.state))
    )
    if len(rows) == 1 or current:
        chosen = current[0] if current else rows[0]
        return redirect("cohorts:class", public_id=chosen.cohort.public_id)
    items = [
        {
            "title": m.cohort.full_title,
            "url": reverse("cohorts:class", args=[m.cohort.public_id]),
            "state": member_state(m)["state"],
            "state_word": m.get_state_display(),
        }
        for m in rows
    ]
    return render(request, "cohorts/my_classes.html", {"items": items})


@requires_sign_in
@require_safe
def class_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One's own class; others' classes are not there."""
    return render(request, "cohorts/class.html", _about(own_place(request, public_id)))


def own_place(request: HttpRequest, public_id: UUID) -> Membership:
    """The person's own membership of the class; 404 for everybody else."""
    found = Membership.objects.filter(user=request.user).exclude(cohort__state=CohortState.CANCELLED)
    one: Membership = get_object_or_404(found.select_related("cohort__host", "group"), cohort__public_id=public_id)
    return one


def _about(one: Membership) -> dict[str, Any]:
    cohort, now = one.cohort, reading.this_half_day()
    told, statuses = told_to(one), reading.statuses_of([one.pk])[one.pk]
    entries = told.entries if told else []
    table, how = _half_days(entries, statuses), records(one.attendance.all())
    is_over = cohort.state in (CohortState.CLOSED, CohortState.ARCHIVED)
    clock_now = timezone.localtime(clock.now())
    coming = [e for e in entries if (e.day, e.ends_at) > (clock_now.date(), clock_now.time())]
    return {
        "one": one,
        "cohort": cohort,
        "kind": STATE_KINDS[cohort.state],
        "is_over": is_over,
        "told": told,
        "sentence": _sentence(one, told, coming),
        "past_days": [d for d in entry_days(entries) if d["day"] < now.day],
        "days": [d for d in entry_days(entries) if d["day"] >= now.day],
        "today": clock.today(),
        "half_days": [{"place": place, "how": how.get(place, ""), **mark(statuses, place)} for place in table],
        "attendance": attendance_words(statuses, reading.due(table, one, now)),
        "arithmetic": leave.arithmetic(one.leave_hours, cohort.total_hours),
        "left": leave.left(one.leave_hours, cohort.total_hours),
        "requirements": _requirements(one, is_over),
        "has_discipline": one.discipline.exists(),
        "mates": [] if is_over else _mates(one),
        "officers": [] if is_over else _officers(cohort),
        "feed": None if is_over else one.calendar_feeds.standing().first(),
        "tabs": [] if has_left(one) else space_tabs(cohort, "class", member=one, runs=False),
    }


def _half_days(entries: list[Entry], statuses: reading.Statuses) -> reading.Table:
    """The half days that were published, and those in which something was recorded."""
    table = timetable_hours(entries)
    extra: dict[HalfDay, Decimal] = {place: Decimal(0) for place in statuses if place not in table}
    return Timetable(dict(sorted({**table, **extra}.items())))


def _sentence(one: Membership, told: Told | None, coming: list[Entry]) -> str:
    """What is next, or how it ended."""
    if one.state in ENDED:
        return _("您在本班的状态：%(state)s。") % {"state": one.get_state_display()}
    if told is None:
        return _("课表尚未发布，发布后会在“通知”里告诉您。")
    if not coming:
        return _("课表上的课程已经全部结束，等待结班。")
    first = coming[0]
    words = {
        "day": _("今天") if first.day == clock.today() else f"{first.day.month}月{first.day.day}日",
        "time": f"{first.starts_at:%H:%M}",
        "room": first.room or one.cohort.place,
        "title": first.title,
    }
    return _("%(day)s %(time)s，%(room)s：《%(title)s》") % words


def _conditions(one: Membership) -> list[Condition]:
    decision = GraduationDecision.objects.filter(membership=one, closing__undone_at=None).first()
    if decision:
        return [Condition(**c) for c in decision.conditions]
    return decide(reading.standings(one.cohort, [one], reading.this_half_day())[one.pk])


def _requirements(one: Membership, is_over: bool) -> list[dict[str, Any]]:
    """Each condition with its sentence, and the way to the course, exam or task while the class is on."""
    urls = {} if is_over else _addresses(one.cohort, one.user_id)
    return [
        {
            "title": c.label,
            "sub": c.detail,
            "state": condition_cell(c)["state"] if c.met or is_over else "todo",
            "state_word": condition_cell(c)["state_word"],
            "url": urls.get(c.key, ""),
        }
        for c in _conditions(one)
    ]


def _addresses(cohort: Cohort, user: int) -> dict[str, str]:
    current = Enrolment.objects.current().filter(user=user, context_key=cohort.context_key)
    enrolments = dict(current.values_list("edition", "public_id"))
    asked = set(SurveyInvitation.objects.filter(user=user).values_list("survey", flat=True))
    found = {}
    for r in reading.tree_of(cohort):
        if r.edition_id in enrolments:
            found[f"requirement:{r.pk}"] = reverse("courses:learn", args=[enrolments[r.edition_id]])
        elif r.exam:
            found[f"requirement:{r.pk}"] = reverse("assessments:exam", args=[r.exam.public_id])
        elif r.task:
            found[f"requirement:{r.pk}"] = reverse("assessments:task", args=[r.task.public_id])
        elif r.survey_id in asked:
            found[f"requirement:{r.pk}"] = reverse("assessments:evaluation", args=[r.survey.public_id])
    return found


def _officers(cohort: Cohort) -> list[dict[str, str]]:
    """Who holds an office in the class, while it is on."""
    order = {office.value: n for n, office in enumerate(Duty.Office)}
    rows = cohort.duties.filter(to_day__isnull=True).select_related("membership__user")
    standing = sorted(rows, key=lambda duty: (order[duty.office], duty.group_number or 0))
    return [{"title": duty.title, "name": duty.membership.user.name} for duty in standing]


def _mates(one: Membership) -> list[dict[str, str]]:
    """The people of the own group by name and unit, while the class is on; nothing to reach them by."""
    if one.group_id is None:
        return []
    rows = Membership.objects.filter(group=one.group_id).expected().exclude(pk=one.pk)
    return [{"name": m.user.name, "unit": m.unit.name} for m in rows.select_related("user", "unit")]
