"""A candidate's exams: the list, the page before the start, and the start itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import services
from assessments.models import Exam, Seat, Submission, Voiding
from assessments.presenters import seats as presenters
from assessments.presenters.voiding import learner_cards
from assessments.views.arrival import noting_arrival
from people.permissions import requires_sign_in


@noting_arrival
@requires_sign_in
@never_cache
@require_safe
def exam_list(request: HttpRequest) -> HttpResponse:
    """What is open, what comes, what is done; and one's tasks."""
    now = request.arrived_at
    seats = Seat.objects.of(request.user).select_related("exam").prefetch_related("attempts")
    cards = [presenters.seat_card(seat, now) for seat in seats.order_by("exam__opens_at", "exam")]
    tasks = Submission.objects.filter(user=request.user).select_related("task").order_by("task__due_at", "task")
    done = [c for c in cards if c.stage not in (*presenters.LIVE, presenters.UPCOMING)]
    context = {
        "live": [c for c in cards if c.stage in presenters.LIVE],
        "upcoming": [c for c in cards if c.stage == presenters.UPCOMING],
        "done": list(reversed(done)),
        "tasks": [presenters.task_card(submission, now) for submission in tasks],
    }
    return render(request, "assessments/exam_list.html", context)


@noting_arrival
@requires_sign_in
@never_cache
@require_safe
def exam(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The rules before the start; afterwards the way to the paper or the result."""
    seat = own_seat(request.user, public_id)
    attempts = [services.settle(a, now=request.arrived_at) for a in seat.attempts.order_by("number").all()]
    seat = own_seat(request.user, public_id) if attempts else seat
    stage = presenters.stage_of(seat, attempts, request.arrived_at)
    state, word = presenters.STATES[stage]
    context = {
        "seat": seat,
        "exam": seat.exam,
        "stage": stage,
        "state": state,
        "state_word": _(word),
        "card": presenters.seat_card(seat, request.arrived_at),
        "rules": presenters.exam_rules(seat, len(attempts), request.arrived_at),
        "finished": [attempt for attempt in attempts if attempt.submitted_at],
        "voidings": learner_cards(Voiding.objects.filter(attempt__seat=seat)) if attempts else [],
        "used": len(attempts),
    }
    return render(request, "assessments/exam.html", context)


@noting_arrival
@requires_sign_in
@require_POST
def start(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Begin, or go on with what was begun."""
    seat = own_seat(request.user, public_id)
    attempt = services.start_attempt(user=request.user, exam=seat.exam, arrived_at=request.arrived_at)
    return redirect("assessments:attempt", attempt.public_id)


def own_seat(user: Any, public_id: UUID) -> Seat:
    """The person's seat; 404 for an exam that is not theirs to see, 403 for one that they only oversee."""
    seat = Seat.objects.of(user).select_related("exam").filter(exam__public_id=public_id).first()
    if seat is None:
        get_object_or_404(Exam.objects.visible_to(user), public_id=public_id)
        raise PermissionDenied
    return seat
