"""The timetable in the office: a week of half days, all days, what members know of it, and the shares of its hours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.timetable import MoveForm, SessionForm
from cohorts.models import Cohort, Session
from cohorts.presenters.timetable import (
    calendar_of_week,
    chosen_monday,
    entry_days,
    publication_item,
    publishing_state,
    ratio_tables,
    week_of,
    weeks_around,
)
from cohorts.reading.published import pending
from cohorts.rules.states import OPEN
from cohorts.views.loading import class_to_run, form_page, office, page, tell
from core import clock

FORM = require_http_methods(["GET", "POST"])


@office
@require_safe
def timetable(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort, today = class_to_run(request, public_id), clock.today()
    news = pending(cohort)
    monday = chosen_monday(cohort, request.GET.get("week", ""), today)
    told = cohort.publications.defer("rows").select_related("by").order_by("-number")
    return page(
        request,
        "timetable",
        cohort,
        "timetable",
        is_open=cohort.state in OPEN,
        news=publishing_state(news),
        publications=[publication_item(row) for row in told],
        weeks=weeks_around(cohort, monday),
        week=week_of(cohort, news.entries, monday, calendar_of_week(monday), today),
        days=entry_days(news.entries),
        count=len(news.entries),
        ratios=ratio_tables(news.entries, today),
    )


def _page(request: HttpRequest, cohort: Cohort, form: SessionForm, title: str, act: Any, done: str) -> HttpResponse:
    """The form of an entry; a room that is too small is told, not refused."""
    back = reverse("cohorts:timetable", args=[cohort.public_id])
    if form.is_bound and form.is_valid():
        back = f"{back}?week={form.cleaned_data['day'].isoformat()}"

    def act_and_warn(bound: SessionForm) -> None:
        if warning := services.seats_warning(act(bound)):
            messages.warning(request, warning)

    return form_page(
        request,
        cohort,
        "timetable",
        form=form,
        title=title,
        submit=_("保存"),
        act=act_and_warn,
        done=done,
        back=back,
        intro=_("同一教室、同一教师、同一小组在同一时间只能有一节课；总学时和请假比例随课表重新计算。"),
    )


@office
@FORM
def add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    first = {"day": cohort.starts_on, "room": cohort.place, **MoveForm(request.GET).given()}
    form = SessionForm(request.POST or None, initial=first, cohort=cohort)
    act = lambda f: services.add_session(actor=request.user, cohort=cohort, **f.cleaned_data)  # noqa: E731
    return _page(request, cohort, form, _("排课"), act, _("已排入课表。"))


@office
@FORM
def change(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    session = get_object_or_404(cohort.sessions.select_related("cohort"), pk=pk)
    form = SessionForm(request.POST or None, instance=session, cohort=cohort)

    def act(bound: SessionForm) -> Session:
        data = {k: v for k, v in bound.cleaned_data.items() if k != "hours" or v is not None}
        return services.change_session(actor=request.user, session=session, **data)

    return _page(request, cohort, form, _("调整：%(title)s") % {"title": session.title}, act, _("课表已调整。"))


@office
@require_POST
def move(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """A card was put into another half day."""
    cohort = class_to_run(request, public_id)
    session = get_object_or_404(cohort.sessions.select_related("cohort"), pk=pk)
    form, shown = MoveForm(request.POST), session.day
    if form.is_valid():
        to = form.cleaned_data
        act = lambda: services.move_session(actor=request.user, session=session, **to)  # noqa: E731
        if tell(request, act, _("《%(title)s》已移动。") % {"title": session.title}):
            shown = to["day"]
    else:
        messages.error(request, _("没有认出要移到哪个半天，请刷新页面后重试。"))
    return redirect(f"{reverse('cohorts:timetable', args=[public_id])}?week={shown.isoformat()}")


@office
@require_POST
def remove(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    session = get_object_or_404(cohort.sessions.select_related("cohort"), pk=pk)
    day = session.day
    tell(request, lambda: services.remove_session(actor=request.user, session=session), _("已从课表移除。"))
    return redirect(f"{reverse('cohorts:timetable', args=[public_id])}?week={day.isoformat()}")
