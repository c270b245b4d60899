"""Acts of the office that a list cannot do: releasing results, withdrawing a question."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments import services
from assessments.models import Exam, Question, Seat
from assessments.permissions import BANK_ROLES, EXAM_ROLES
from core.errors import DomainError
from people.permissions import requires


@requires(*EXAM_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what a release means, POST releases."""
    exam = get_object_or_404(Exam.objects.visible_to(request.user), pk=pk)
    back = reverse("office_exams:inspect", args=[exam.pk])
    if request.method == "POST":
        try:
            recorded = services.release_results(actor=request.user, exam=exam)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            words = _("《%(exam)s》成绩已公布，写入能力证据 %(n)s 条。")
            messages.success(request, words % {"exam": exam.title, "n": recorded})
        return redirect(back)
    people = Seat.objects.filter(exam=exam)
    context = {
        "exam": exam,
        "people": people.count(),
        "sat": people.filter(percent__isnull=False).count(),
        "back": back,
    }
    return render(request, "assessments/office/release.html", context)


@requires(*BANK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def activate_question(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks, POST withdraws the question or brings it back."""
    question = get_object_or_404(Question.objects.visible_to(request.user), pk=pk)
    back = reverse("office_questions:inspect", args=[question.pk])
    if request.method == "POST":
        active = request.POST.get("active") == "1"
        services.set_question_active(actor=request.user, question=question, active=active)
        word = _("已重新启用。") if active else _("已停用，今后组卷不再抽取。")
        messages.success(request, f"{question.key}：{word}")
        return redirect(back)
    return render(request, "assessments/office/activate.html", {"question": question, "back": back})
