"""Evaluating a course one has finished, and what came of it for its lecturers and the office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Survey
from assessments.reading.survey_results import results
from courses.models import Course, Enrolment
from courses.presenters import evaluations as evaluation_words
from courses.reading.teaching import taught_by
from courses.services.evaluations import ask_to_evaluate, context_of
from people.permissions import requires, requires_sign_in
from people.scopes import has_role

PER_PAGE = 20
OFFICE = "training_office"


@requires_sign_in
@require_POST
def evaluate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """On to the evaluation of a course one has finished."""
    mine = Enrolment.objects.of(request.user).standing().select_related("edition__made_by", "user")
    survey = ask_to_evaluate(enrolment=get_object_or_404(mine, public_id=public_id))
    return redirect("assessments:evaluation", survey.public_id)


def _surveys(user: Any) -> Any:
    """The office's: all of them. A lecturer's: those of the courses they teach, once the half-year is over."""
    office = has_role(user, OFFICE)
    courses = Course.objects.all() if office else Course.objects.filter(pk__in=taught_by(user))
    keys = [context_of(pk) for pk in courses.values_list("pk", flat=True)]
    rows = Survey.objects.filter(context_key__in=keys).counted().select_related("questionnaire")
    return (rows if office else rows.closed()).order_by("-opens_at", "title", "pk")


@requires("lecturer", OFFICE)
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Each evaluation with its rate; figures once it is closed and five answered."""
    page = Paginator(_surveys(request.user), PER_PAGE).get_page(request.GET.get("page"))
    lines = [evaluation_words.about(result) for result in results(page.object_list)]
    context = {"title": _("课程评价结果"), "page": page, "evaluations": lines}
    return render(request, "courses/teach_evaluations.html", context)
