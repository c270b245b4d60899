"""Evaluations of a class in the office, and a lecturer's own results once the class is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Survey
from assessments.reading.survey_results import Result, results
from cohorts import services
from cohorts.forms.evaluations import OpenForm
from cohorts.models import Cohort, CohortState, Evaluation, Session
from cohorts.presenters import evaluations
from cohorts.services.evaluations import end_of
from cohorts.views.loading import class_to_run, office, page, tell
from core import clock
from core.spreadsheets.writer import download_response, write_xlsx
from people.permissions import requires

ENDED = (CohortState.CLOSED, CohortState.ARCHIVED)
WEEK = timedelta(days=7)


def _results(surveys: Any) -> list[Result]:
    return results(surveys.counted().select_related("questionnaire").order_by("-opens_at", "pk"))


def _of_class(cohort: Cohort) -> list[Result]:
    return _results(Survey.objects.of(cohort.context_key))


def _waiting(cohort: Cohort) -> list[Session]:
    """Sessions with a lecturer up to today that are not evaluated yet, the newest first."""
    rows = cohort.sessions.filter(lecturer__isnull=False, evaluation__isnull=True, day__lte=clock.today())
    return list(rows.select_related("lecturer").order_by("-day", "-starts_at"))


@office
@require_safe
def overview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What can be opened, and each evaluation with its rate and score."""
    cohort = class_to_run(request, public_id)
    waiting = _waiting(cohort) if cohort.state == CohortState.RUNNING else []
    found = _of_class(cohort)
    return page(
        request,
        "evaluations",
        cohort,
        "evaluations",
        columns=evaluations.columns(),
        rows=[evaluations.row(r, _address(cohort, r.survey)) for r in found],
        form=OpenForm(sessions=waiting, recent=_recent(waiting)) if waiting else None,
        is_running=cohort.state == CohortState.RUNNING,
    )


def _recent(sessions: list[Session]) -> list[int]:
    """Those that ended within the last week: ticked to begin with."""
    now = clock.now()
    return [s.pk for s in sessions if now - WEEK <= end_of(s) <= now]


def _address(cohort: Cohort, survey: Survey) -> str:
    return reverse("cohorts:evaluation", args=[cohort.public_id, survey.public_id])


@office
@require_POST
def open_selected(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    waiting = _waiting(cohort)
    form = OpenForm(request.POST, sessions=waiting, recent=[])
    if not form.is_valid():
        tell(request, form.refuse, "")
        return redirect("cohorts:evaluations", public_id=public_id)
    act = lambda: services.open_evaluations(actor=request.user, cohort=cohort, **form.chosen())  # noqa: E731
    tell(request, act, lambda new: _("已发起 %(n)s 项教学评估，并通知学员。") % {"n": len(new)})
    return redirect("cohorts:evaluations", public_id=public_id)


def _evaluation(cohort: Cohort, survey_id: UUID) -> Evaluation:
    found = cohort.evaluations.select_related("survey", "cohort")
    evaluation: Evaluation = get_object_or_404(found, survey__public_id=survey_id)
    return evaluation


@office
@require_safe
def detail(request: HttpRequest, public_id: UUID, survey_id: UUID) -> HttpResponse:
    """The rate, the means by indicator, the answers by grade, and what was written."""
    cohort = class_to_run(request, public_id)
    evaluation = _evaluation(cohort, survey_id)
    (found,) = _results(Survey.objects.filter(pk=evaluation.survey_id))
    may_remind = not found.is_closed and not found.is_upcoming and found.answered < found.invited
    return page(
        request, "evaluation", cohort, "evaluations", may_remind=may_remind, one=evaluations.about(found)
    )  # fmt: skip


@office
@require_POST
def remind(request: HttpRequest, public_id: UUID, survey_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    evaluation = _evaluation(cohort, survey_id)
    words = _("已由系统提醒受邀而尚未填写的学员；每天只提醒一次，不显示名单。")
    tell(request, lambda: services.remind_of_evaluation(actor=request.user, evaluation=evaluation), words)
    return redirect(_address(cohort, evaluation.survey))


@office
@require_safe
def export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    name = _("%(title)s教学评估.xlsx") % {"title": cohort.full_title}
    return download_response(name, write_xlsx(evaluations.sheets(_of_class(cohort))))


# The lecturer's own.


def _own(user: Any) -> Any:
    return Evaluation.objects.filter(lecturer=user)


@requires("lecturer")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Evaluations of one's own sessions in classes that were closed, and how many are still to come."""
    own = _own(request.user).filter(cohort__state__in=ENDED)
    found = _results(Survey.objects.filter(pk__in=own.values("survey")))
    rows = [evaluations.row(r, reverse("cohorts:teach-evaluation", args=[r.survey.public_id])) for r in found]
    waiting = _own(request.user).exclude(cohort__state__in=ENDED).count()
    context = {"rows": rows, "columns": evaluations.columns(), "waiting": waiting}
    return render(request, "cohorts/teach_evaluations.html", context)


@requires("lecturer")
@require_safe
def of_mine(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    own = _own(request.user).filter(cohort__state__in=ENDED).select_related("cohort")
    evaluation = get_object_or_404(own, survey__public_id=survey_id)
    (found,) = _results(Survey.objects.filter(pk=evaluation.survey_id))
    context = {"one": evaluations.about(found), "cohort": evaluation.cohort}
    return render(request, "cohorts/teach_evaluation.html", context)
