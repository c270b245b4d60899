"""The editions of a course in the office: what changed, who learns on which, and moving people to another."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from courses import contexts
from courses.forms.moving import ChoiceForm, MoveForm
from courses.models import Course, Enrolment
from courses.presenters.editions import course_editions, move_preview
from courses.querysets import CURRICULUM_ROLES
from courses.services import Move, move_learners, plan_move
from people.permissions import requires
from people.scopes import has_role


@requires(*CURRICULUM_ROLES)
@require_safe
def editions_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every edition with what it changed, and how many learn on it in which class."""
    course = get_object_or_404(Course, pk=pk)
    context = {
        "course": course,
        "page_title": _("版次与学员"),
        "editions": course_editions(course, request.user),
        "may_move": has_role(request.user, "training_office"),
    }
    return render(request, "courses/office/editions.html", context)


@requires("training_office")
@require_http_methods(["GET", "HEAD", "POST"])
def move_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The effect of a move on each person; on POST the move, or what stands in its way."""
    course = get_object_or_404(Course, pk=pk)
    choice = ChoiceForm(request.POST if request.method == "POST" else request.GET, course=course)
    if not choice.is_valid():
        messages.error(request, _("请先选择要转换的学员和版次。"))
        return redirect("course_editions", course.pk)
    move: Move = choice.move()
    owner = contexts.owner_of(move.context_key)
    if owner and not owner.allows(actor=request.user, key=move.context_key):
        raise Http404
    if request.method == "POST":
        return _move(request, course, move)
    return _preview(request, course, move, MoveForm())


def _preview(
    request: HttpRequest, course: Course, move: Move, form: MoveForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    plan = plan_move(actor=request.user, move=move)
    context = {
        "course": course,
        "page_title": _("转换版次"),
        "form": form,
        "refusal": refusal,
        "move": move,
        **move_preview(plan),
    }
    return render(request, "courses/office/move.html", context, status=status)


def _move(request: HttpRequest, course: Course, move: Move) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _preview(request, course, move, form, status=422)
    chosen = Enrolment.objects.filter(pk__in=form.cleaned_data["people"]).values_list("user", flat=True)
    whole = contexts.owner_of(move.context_key) is not None
    wanted = move if whole else move.only(chosen)
    try:
        count = move_learners(
            actor=request.user,
            move=wanted,
            reason=form.cleaned_data["reason"],
            confirmed_falls=form.confirmed_falls(),
        )
    except DomainError as refusal:
        return _preview(request, course, move, form, refusal=refusal.message, status=422)
    messages.success(
        request, _("已将%(count)s名学员转到第%(number)s版。") % {"count": count, "number": move.new.number}
    )
    return redirect("course_editions", course.pk)
