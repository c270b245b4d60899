"""Proof of a course on another platform: handed in by its learner, read by the learner and by who decides on it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from courses.forms.learning import ProofForm
from courses.models import Enrolment, LessonKind, LessonProof
from courses.presenters import learning as presenters
from courses.services import hand_in_proof
from courses.views.learning import lesson_of, lesson_page, own_enrolment
from people.permissions import requires_sign_in
from people.services import note_file_read


@requires_sign_in
@require_POST
def hand_in(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """Keep the proof and go back to the lesson, or show the form again with what is wrong."""
    enrolment = own_enrolment(request.user, public_id)
    lesson = lesson_of(enrolment, position)
    if lesson.kind != LessonKind.LINK:
        raise Http404
    form = ProofForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            hand_in_proof(user=request.user, enrolment=enrolment, lesson=lesson, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已提交学习证明，请等待确认。"))
            return redirect(presenters.lesson_url(enrolment, position))
    return lesson_page(request, enrolment, position, form)


@requires_sign_in
@never_cache
@require_safe
def proof_file(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The file of a proof, for the learner and for those who look after the learning; every reading is noted."""
    mine = Enrolment.objects.of(request.user).values("pk")
    theirs = Enrolment.objects.looked_after_by(request.user).values("pk")
    rows = LessonProof.objects.exclude(file="").select_related("enrolment__user", "lesson")
    found = rows.filter(enrolment__in=mine) | rows.filter(enrolment__in=theirs)
    proof = get_object_or_404(found, public_id=public_id)
    part = _("学习证明：%(title)s") % {"title": proof.lesson.title}
    note_file_read(reader=request.user, subject=proof.enrolment.user, part=part)
    return FileResponse(
        proof.file.open("rb"), as_attachment=True, filename=proof.file_name, content_type=proof.content_type
    )
