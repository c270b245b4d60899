"""A cadre's evaluations: the list, and the page to answer on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import services
from assessments.forms.surveys import AnswerForm
from assessments.models import SurveyInvitation
from assessments.presenters import surveys as survey_cards
from assessments.views.arrival import noting_arrival
from core.errors import Conflict, DomainError
from people.permissions import requires_sign_in

MOST = 100


@noting_arrival
@requires_sign_in
@never_cache
@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    """Open ones first, the earliest to close on top; then those to come, then the past."""
    rows = SurveyInvitation.objects.of(request.user).select_related("survey").order_by("-survey__closes_at")[:MOST]
    cards = [survey_cards.card(row, request.arrived_at) for row in rows]
    open_ones = [card for card in reversed(cards) if card["is_open"]]
    rest = [card for card in cards if not card["is_open"]]
    return render(request, "assessments/evaluations.html", {"open_ones": open_ones, "rest": rest})


@noting_arrival
@requires_sign_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET shows what is asked or that it is answered, POST answers; others' evaluations are not there."""
    mine = SurveyInvitation.objects.of(request.user).select_related("survey__questionnaire")
    invitation = get_object_or_404(mine, survey__public_id=public_id)
    form = AnswerForm(request.POST or None, questionnaire=invitation.survey.questionnaire)
    if request.method == "POST" and form.is_valid() and _answered(request, invitation, form):
        return redirect("assessments:evaluation", public_id)
    card = survey_cards.card(invitation, request.arrived_at)
    context = {"survey": invitation.survey, "card": card, "form": form if card["is_open"] else None}
    return render(request, "assessments/evaluation.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, invitation: SurveyInvitation, form: AnswerForm) -> bool:
    """Kept, or known to be kept already; the page then says thanks either way."""
    said = {"points": form.points(), "comment": form.cleaned_data["comment"]}
    try:
        services.answer_survey(
            user=request.user, survey=invitation.survey, arrived_at=request.arrived_at, **said
        )  # fmt: skip
    except Conflict:
        return True
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True
