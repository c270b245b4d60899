"""The timetable in the office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms import SessionForm
from cohorts.models import Cohort, Session
from cohorts.presenters import timetable_days
from cohorts.states import OPEN
from cohorts.views.loading import class_to_run, form_page, office, page, tell

FORM = require_http_methods(["GET", "POST"])


@office
@require_safe
def timetable(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    days = timetable_days(cohort.sessions.select_related("lecturer"))
    return page(request, "timetable", cohort, "timetable", days=days, is_open=cohort.state in OPEN)


def _page(request: HttpRequest, cohort: Cohort, form: SessionForm, title: str, act: Any, done: str) -> HttpResponse:
    return form_page(
        request,
        cohort,
        "timetable",
        form=form,
        title=title,
        submit=_("保存"),
        act=act,
        done=done,
        back=reverse("cohorts:timetable", args=[cohort.public_id]),
        intro=_("同一教室、同一教师、本班同一时间只能有一节课；总学时和请假比例随课表重新计算。"),
    )


@office
@FORM
def add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    form = SessionForm(request.POST or None, initial={"day": cohort.starts_on, "room": cohort.place})
    act = lambda f: services.add_session(actor=request.user, cohort=cohort, **f.cleaned_data)  # noqa: E731
    return _page(request, cohort, form, _("排课"), act, _("已排入课表。"))


@office
@FORM
def change(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    session = get_object_or_404(cohort.sessions.select_related("cohort"), pk=pk)
    form = SessionForm(request.POST or None, instance=session)

    def act(bound: SessionForm) -> Session:
        data = {k: v for k, v in bound.cleaned_data.items() if k != "hours" or v is not None}
        return services.change_session(actor=request.user, session=session, **data)

    return _page(request, cohort, form, _("调整：%(title)s") % {"title": session.title}, act, _("课表已调整。"))


@office
@require_POST
def remove(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    session = get_object_or_404(cohort.sessions.select_related("cohort"), pk=pk)
    tell(request, lambda: services.remove_session(actor=request.user, session=session), _("已从课表移除。"))
    return redirect("cohorts:timetable", public_id=public_id)
