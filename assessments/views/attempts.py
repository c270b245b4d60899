"""The paper itself: reading it, saving answers one by one or as a form, checking, handing in, the result."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import services
from assessments.forms.answers import MalformedAnswer, answers_of_form, parse_answer
from assessments.models import Attempt, AttemptState
from assessments.presenters import seats as presenters
from assessments.reading import seats as reading
from assessments.rules.timing import seconds_left
from assessments.views.arrival import noting_arrival
from core.errors import DomainError
from people.permissions import requires_sign_in


@noting_arrival
@requires_sign_in
@never_cache
@require_safe
def attempt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The questions with what is saved so far; a paper that is over leads to its result."""
    held = settled(request, public_id)
    if held.state != AttemptState.RUNNING:
        return redirect("assessments:result", held.public_id)
    questions = reading.asked(held)
    context = {
        "attempt": held,
        "exam": held.seat.exam,
        "questions": questions,
        "answered": sum(question.answered for question in questions),
        "seconds_left": seconds_left(request.arrived_at, held.deadline_at),
        "summary": presenters.paper_summary(len(questions), held.full_score),
    }
    return render(request, "assessments/attempt.html", context)


@noting_arrival
@requires_sign_in
@never_cache
@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """For the page's script: POST keeps one answer, GET tells the time that is left and whether the paper is open."""
    if request.method == "GET":
        held = own_attempt(request.user, public_id)
        left = seconds_left(request.arrived_at, held.deadline_at)
        return JsonResponse({"open": held.state == AttemptState.RUNNING, "seconds_left": left})
    try:
        said = parse_answer(json.loads(request.body))
        saved = services.save_shown(user=request.user, public_id=public_id, arrived_at=request.arrived_at, **said)
    except (ValueError, RecursionError, MalformedAnswer):
        return JsonResponse({"message": _("答案格式不对，请刷新页面后重新选择。"), "code": "malformed"}, status=400)
    except DomainError as refusal:
        return JsonResponse({"message": refusal.message, "code": refusal.code}, status=409)
    if saved is None:
        own_attempt(request.user, public_id)
        raise Http404
    return JsonResponse(
        {
            "applied": saved.applied,
            "shown": saved.choice,
            "flagged": saved.flagged,
            "sequence": saved.sequence,
            "seconds_left": saved.seconds_left,
        }
    )


@noting_arrival
@requires_sign_in
@require_POST
def save(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole paper as a form, for pages without scripts."""
    held = own_attempt(request.user, public_id)
    try:
        choices = answers_of_form(request.POST, held)
        services.save_answers(user=request.user, attempt=held, choices=choices, arrived_at=request.arrived_at)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("assessments:attempt", held.public_id)
    if "check" in request.POST:
        return redirect("assessments:check-paper", held.public_id)
    messages.success(request, _("答案已保存。"))
    return redirect("assessments:attempt", held.public_id)


@noting_arrival
@requires_sign_in
@never_cache
@require_safe
def check_paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is unanswered or flagged, by what the server holds, before handing in."""
    held = settled(request, public_id)
    if held.state != AttemptState.RUNNING:
        return redirect("assessments:result", held.public_id)
    questions = reading.asked(held)
    context = {
        "attempt": held,
        "exam": held.seat.exam,
        "total": len(questions),
        "answered": sum(question.answered for question in questions),
        "unanswered": [question.position for question in questions if not question.answered],
        "flagged": [question.position for question in questions if question.flagged],
        "seconds_left": seconds_left(request.arrived_at, held.deadline_at),
    }
    return render(request, "assessments/check_paper.html", context)


@noting_arrival
@requires_sign_in
@require_POST
def submit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand in; a repeat leads to the same result."""
    held = own_attempt(request.user, public_id)
    held = services.submit(user=request.user, attempt=held, arrived_at=request.arrived_at)
    return redirect("assessments:result", held.public_id)


@noting_arrival
@requires_sign_in
@never_cache
@require_safe
def result(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """After handing in: that it arrived; after the release: the score and each question with its explanation."""
    held = settled(request, public_id)
    if held.state == AttemptState.RUNNING:
        return redirect("assessments:attempt", held.public_id)
    seat = held.seat
    voided = held.state == AttemptState.VOIDED
    released = seat.exam.released_at is not None and not voided
    context = {
        "attempt": held,
        "seat": seat,
        "exam": seat.exam,
        "voided": voided,
        "released": released,
        "shows_score": not voided and (released or seat.exam.attempts_allowed > 1),
        "figures": presenters.score_words(held, seat),
        "passed": presenters.attempt_passed(held, seat),
        "review": reading.reviewed(held) if released else [],
    }
    return render(request, "assessments/result.html", context)


def own_attempt(user: Any, public_id: UUID) -> Attempt:
    """The person's own paper; 404 for a stranger's, 403 for one that they only oversee."""
    found = Attempt.objects.of(user).select_related("seat__exam").filter(public_id=public_id).first()
    if found is None:
        get_object_or_404(Attempt.objects.visible_to(user), public_id=public_id)
        raise PermissionDenied
    return found


def settled(request: HttpRequest, public_id: UUID) -> Attempt:
    """The same, ended if its time is over."""
    return services.settle(own_attempt(request.user, public_id), now=request.arrived_at)
