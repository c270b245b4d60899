"""What a player asks of the server: to be the page that counts, the questions on the way, and to be heard."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from courses.forms.learning import appeal_from, choice_from, client_key_from, opening_from
from courses.models import PlaybackAnomaly
from courses.presenters import learning as presenters
from courses.services import answer_cue, appeal_anomaly, open_session, question_due
from courses.views.learning import foot_html, lesson_of, own_enrolment, refused
from people.permissions import requires_sign_in


def _device(request: HttpRequest) -> str:
    """Tells one browser from another without saying which it is."""
    return hashlib.sha256((request.session.session_key or "").encode()).hexdigest()[:32]


@requires_sign_in
@require_POST
def session(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """Open the page for counting; 409 with a sentence while another page counts."""
    enrolment = own_enrolment(request.user, public_id)
    lesson = lesson_of(enrolment, position)
    try:
        key, take_over = opening_from(request)
        opened = open_session(
            user=request.user,
            enrolment=enrolment,
            lesson=lesson,
            session=key,
            device=_device(request),
            take_over=take_over,
        )
    except DomainError as refusal:
        return refused(refusal)
    return JsonResponse(presenters.resumed(opened.state, opened.shape))


@requires_sign_in
@require_POST
def question(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """The question whose moment has come, as a fragment without its key."""
    enrolment = own_enrolment(request.user, public_id)
    lesson = lesson_of(enrolment, position)
    try:
        cue, version = question_due(user=request.user, enrolment=enrolment, lesson=lesson)
    except DomainError as refusal:
        return refused(refusal)
    shown = {"question": presenters.cue_question(version), "client_key": uuid4()}
    return JsonResponse({"at": float(cue.at), "html": render_to_string("courses/_cue.html", {"cue": shown})})


@requires_sign_in
@require_POST
def answer(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """An answer to it: right, and on it goes; wrong, and it may be answered again."""
    enrolment = own_enrolment(request.user, public_id)
    lesson = lesson_of(enrolment, position)
    try:
        outcome = answer_cue(
            user=request.user,
            enrolment=enrolment,
            lesson=lesson,
            client_key=client_key_from(request.POST.get("client_key")) or uuid4(),
            choice=choice_from(request.POST),
        )
    except DomainError as refusal:
        return refused(refusal)
    standing = outcome.standing
    shown = {"question": presenters.cue_question(outcome.version, outcome.answer), "client_key": uuid4()}
    return JsonResponse(
        {
            **presenters.resumed(standing.state, standing.shape),
            "right": outcome.answer.right,
            "html": render_to_string("courses/_cue.html", {"cue": shown}),
            "foot": foot_html(request, enrolment, lesson, standing.state),
        }
    )


@requires_sign_in
@require_POST
def appeal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The learner explains what was not counted."""
    rows = PlaybackAnomaly.objects.of(request.user).select_related("enrolment", "lesson__edition__course")
    anomaly = get_object_or_404(rows, public_id=public_id)
    appeal_anomaly(user=request.user, anomaly=anomaly, text=appeal_from(request.POST))
    messages.success(request, _("说明已提交，培训处答复后会通知您。"))
    return HttpResponseRedirect(presenters.lesson_url(anomaly.enrolment, anomaly.lesson.position) + "#uncounted")
