"""Notes and questions at a lesson: loaded into its page, or a page of their own where there are no scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from core.templatetags.linghang import clock_time
from courses.forms.around import NoteForm, QuestionForm
from courses.models import EditionLesson, Enrolment, LessonKind, LessonNote, LessonQuestion
from courses.presenters import notebook, talk
from courses.services.notes import save_note
from courses.services.questions import ask
from people.permissions import requires_sign_in

MOST_QUESTIONS = 20  # of one lesson; the others stand on the page of the course's questions


def _place(user: Any, public_id: UUID, position: int) -> tuple[Enrolment, EditionLesson]:
    """A lesson of somebody's own course; nothing is there for others."""
    mine = Enrolment.objects.of(user).standing().select_related("edition__course")
    enrolment = get_object_or_404(mine, public_id=public_id)
    lessons = EditionLesson.objects.filter(edition=enrolment.edition_id).defer("body")
    return enrolment, get_object_or_404(lessons, position=position)


def _address(name: str, enrolment: Enrolment, lesson: EditionLesson) -> str:
    return reverse(f"courses:{name}", args=[enrolment.public_id, lesson.position])


def _shown(
    request: HttpRequest, enrolment: Enrolment, lesson: EditionLesson, question: QuestionForm | None = None
) -> HttpResponse:
    notes = LessonNote.objects.of(request.user).at(lesson).order_by("second", "created_at", "pk")
    asked = LessonQuestion.objects.filter(lesson__lesson=lesson.lesson_id, course=enrolment.edition.course_id)
    questions = asked.for_learner(request.user).with_talk()[:MOST_QUESTIONS]
    context = {
        "title": lesson.title,
        "enrolment": enrolment,
        "lesson": lesson,
        "is_video": lesson.kind == LessonKind.VIDEO,
        "notes": [notebook.line(note) for note in notes],
        "note_key": uuid4(),
        "note_url": _address("note", enrolment, lesson),
        "here_url": _address("around", enrolment, lesson),
        "questions": [talk.for_learner(question, request.user) for question in questions],
        "ask_url": _address("ask", enrolment, lesson),
        "form": question or QuestionForm(initial={"key": uuid4()}, prefix="ask"),
    }
    part = getattr(request, "htmx", False)
    status = 422 if question is not None else 200
    return render(request, "courses/_around.html" if part else "courses/around.html", context, status=status)


@requires_sign_in
@never_cache
@require_safe
def around(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    return _shown(request, *_place(request.user, public_id, position))


@requires_sign_in
@require_POST
def note(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """A note out of the page: kept as it is written (a script asks for JSON), or by its button."""
    enrolment, lesson = _place(request.user, public_id, position)
    by_script = "application/json" in request.headers.get("Accept", "")
    try:
        kept = _kept(request, enrolment, lesson)
    except DomainError as refusal:
        if by_script:
            return JsonResponse({"message": refusal.message}, status=422)
        raise
    if by_script:
        return JsonResponse({"saved": _("已保存 %(time)s") % {"time": clock_time(kept.updated_at)}})
    return HttpResponseRedirect(_address("around", enrolment, lesson) + f"#note-{kept.public_id}")


def _kept(request: HttpRequest, enrolment: Enrolment, lesson: EditionLesson) -> LessonNote:
    form = NoteForm(request.POST)
    if not form.is_valid():
        words = [str(error) for name in ("text", "second", "key") for error in form.errors.get(name, [])]
        raise DomainError(_("笔记没有保存：%(why)s") % {"why": words[0]})
    data = form.cleaned_data
    return save_note(user=request.user, enrolment=enrolment, lesson=lesson, **data)


@requires_sign_in
@require_POST
def ask_question(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """A question to the lecturers of the course."""
    enrolment, lesson = _place(request.user, public_id, position)
    form = QuestionForm(request.POST, prefix="ask")
    if not form.is_valid():
        return _shown(request, enrolment, lesson, form)
    ask(user=request.user, enrolment=enrolment, lesson=lesson, **form.cleaned_data)
    if getattr(request, "htmx", False):
        return _shown(request, enrolment, lesson)
    return HttpResponseRedirect(_address("around", enrolment, lesson) + "#questions")
