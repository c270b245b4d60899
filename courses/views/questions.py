"""Questions and answers of a course for its learners, and the list from which lecturers and the office answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.forms.around import AnswerForm, HideForm
from courses.models import Course, Enrolment, LessonQuestion
from courses.presenters import talk
from courses.services import questions as services
from people.permissions import requires, requires_sign_in

PER_PAGE = 20
ANSWERING = ("lecturer", "training_office")
STATES = ("waiting", "answered", "hidden")


@requires_sign_in
@never_cache
@require_safe
def of_course(request: HttpRequest, key: str) -> HttpResponse:
    """What the learners of a course asked and was answered, and one's own questions."""
    course = get_object_or_404(Course, key=key)
    if not Enrolment.objects.of(request.user).standing().filter(edition__course=course).exists():
        raise Http404
    rows = LessonQuestion.objects.filter(course=course).for_learner(request.user).with_talk()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = [talk.for_learner(question, request.user) for question in page.object_list]
    crumbs = [(course.title, reverse("courses:course", args=[course.key])), (_("提问与回复"), None)]
    context = {"title": _("提问与回复"), "course": course, "page": page, "questions": lines, "crumbs": crumbs}
    return render(request, "courses/questions.html", context)


def _in_state(rows: Any, state: str) -> Any:
    if state == "waiting":
        return rows.waiting()
    hidden = rows.filter(hidden_at__isnull=False)
    return hidden if state == "hidden" else rows.filter(answered_at__isnull=False, hidden_at__isnull=True)


@requires(*ANSWERING)
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Questions that wait for an answer; answered and hidden ones one click away."""
    state = request.GET.get("state", "")
    state = state if state in STATES else "waiting"
    mine = LessonQuestion.objects.to_answer_by(request.user)
    page = Paginator(_in_state(mine, state).with_talk(), PER_PAGE).get_page(request.GET.get("page"))
    words = {"waiting": _("等待回复"), "answered": _("已回复"), "hidden": _("已隐藏")}
    tabs = [{"label": words[s], "url": f"?state={s}", "active": s == state} for s in STATES]
    lines = [talk.for_staff(question) for question in page.object_list]
    context = {"title": _("学员提问"), "tabs": tabs, "page": page, "questions": lines, "state": state}
    return render(request, "courses/teach_questions.html", context)


def _question(user: Any, public_id: UUID) -> LessonQuestion:
    return get_object_or_404(LessonQuestion.objects.to_answer_by(user).with_talk(), public_id=public_id)


@requires(*ANSWERING)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A question with what was said so far; POST answers."""
    question = _question(request.user, public_id)
    form = AnswerForm(request.POST or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        services.answer(actor=request.user, question=question, **form.cleaned_data)
        messages.success(request, _("已回复，并通知了提问的学员。"))
        return redirect("courses:teach-question", public_id)
    context = {
        "title": _("学员提问"),
        "question": talk.for_staff(question),
        "form": form,
        "hide_form": HideForm(),
        "crumbs": [(_("学员提问"), reverse("courses:teach-questions")), (question.lesson.title, None)],
    }
    return render(request, "courses/teach_question.html", context, status=422 if form.errors else 200)


@requires(*ANSWERING)
@require_POST
def hide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Out of the learners' sight with a reason; without one the service refuses."""
    question = _question(request.user, public_id)
    form = HideForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    services.hide(actor=request.user, question=question, reason=reason)
    messages.success(request, _("提问已隐藏，只有提问的学员、主讲和培训处能看到。"))
    return redirect("courses:teach-question", public_id)


@requires(*ANSWERING)
@require_POST
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    services.show(actor=request.user, question=_question(request.user, public_id))
    messages.success(request, _("提问已恢复显示。"))
    return redirect("courses:teach-question", public_id)
