"""Deciding on proofs and writing down who was in a live session."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import DomainError
from core.templatetags.linghang import clock_time, moment
from courses.forms.teaching import ArrangeForm, DecideForm
from courses.models import Course, EditionLesson, Enrolment, LessonKind, LessonProof, LiveAttendance
from courses.reading.live import ARRANGED, arrangements_of, as_arranged
from courses.rules.live import BEFORE, phase
from courses.services import arrange_live, decide_proof, record_live
from courses.services.arranging import ARRANGERS
from courses.views.teaching import course_to_look_after, looking_after, proofs_waiting
from people.permissions import requires
from people.scopes import has_role

PER_PAGE = 100


@looking_after
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One proof beside its learner; deciding goes on to the next of the course."""
    theirs = Enrolment.objects.looked_after_by(request.user).exclude(user=request.user)
    rows = LessonProof.objects.filter(enrolment__in=theirs).select_related(
        "enrolment__user__unit", "enrolment__edition__course", "lesson", "decided_by"
    )
    found = get_object_or_404(rows, public_id=public_id)
    waits = found.state == LessonProof.State.WAITING
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _decided(request, found, form):
        return redirect(_next(request.user, found))
    course = found.enrolment.edition.course
    context = {
        "proof": found,
        "course": course,
        "form": form if waits else None,
        "file_url": reverse("courses:proof-file", args=[public_id]) if found.file else "",
        "back": reverse("courses:learners", args=[course.key]),
    }
    return render(request, "courses/teaching/proof.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, found: LessonProof, form: DecideForm) -> bool:
    said = form.cleaned_data
    try:
        decide_proof(actor=request.user, proof=found, confirmed=said["decision"] == "confirm", reason=said["reason"])
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    name = {"name": found.enrolment.user.name}
    done = _("已确认%(name)s完成。") if said["decision"] == "confirm" else _("已告知%(name)s重新提交。")
    messages.success(request, done % name)
    return True


def _next(user: Any, done: LessonProof) -> str:
    course = done.enrolment.edition.course
    following = proofs_waiting(user, course).exclude(enrolment__user=user).first()
    if following is not None:
        return reverse("courses:decide-proof", args=[following.public_id])
    return reverse("courses:learners", args=[course.key])


@looking_after
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def live(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The list of a live session: who was there, page by page."""
    course = course_to_look_after(request.user, key)
    lesson = _session(course, pk)
    people = Enrolment.objects.looked_after_by(request.user).standing().filter(edition=lesson.edition_id)
    people = people.exclude(user=request.user).select_related("user__unit").order_by("user__sort_key", "pk")
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    refusal = ""
    if request.method == "POST":
        refusal = _recorded(request, lesson)
        if not refusal:
            return redirect(f"{request.path}?page={page.number}")
    context = {
        "course": course,
        "lesson": lesson,
        "when": f"{moment(lesson.starts_at)}—{clock_time(lesson.ends_at)}",
        "begun": phase(lesson.starts_at, lesson.ends_at, clock.now()) != BEFORE,
        "page": page,
        "rows": _rows(lesson, list(page.object_list)),
        "choices": LiveAttendance.Status.choices,
        "refusal": refusal,
        "may_arrange": has_role(request.user, *ARRANGERS),
        "unsaid": people.exclude(live_attendance__lesson=lesson).count(),
    }
    return render(request, "courses/teaching/live.html", context, status=422 if refusal else 200)


def _session(course: Course, pk: int) -> EditionLesson:
    """A live session of the course as it is arranged; else 404."""
    rows = EditionLesson.objects.filter(edition__course=course, kind=LessonKind.LIVE).select_related("edition__course")
    return as_arranged([get_object_or_404(rows.defer("body"), pk=pk)])[0]


@requires(*ARRANGERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Another time or place for a live session, and what was changed before."""
    course = course_to_look_after(request.user, key)
    lesson = _session(course, pk)
    now = {name: getattr(lesson, name) for name in ARRANGED}
    form = ArrangeForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid() and _arranged(request, lesson, form):
        return redirect("courses:live", course.key, lesson.pk)
    told = Enrolment.objects.standing().filter(edition=lesson.edition_id, state=Enrolment.State.ACTIVE)
    context = {
        "course": course,
        "lesson": lesson,
        "form": form,
        "when": f"{moment(lesson.starts_at)}—{clock_time(lesson.ends_at)}",
        "learners": told.values("user").distinct().count(),
        "earlier": list(arrangements_of(lesson)),
    }
    return render(request, "courses/teaching/arrange.html", context, status=422 if form.errors else 200)


def _arranged(request: HttpRequest, lesson: EditionLesson, form: ArrangeForm) -> bool:
    try:
        arrange_live(actor=request.user, lesson=lesson, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("直播安排已调整，并已通知学员。"))
    return True


def _rows(lesson: EditionLesson, people: list[Enrolment]) -> list[dict[str, Any]]:
    said = LiveAttendance.objects.filter(lesson=lesson, enrolment__in=people)
    known = dict(said.values_list("enrolment_id", "status"))
    return [{"enrolment": row, "status": known.get(row.pk, "")} for row in people]


def _recorded(request: HttpRequest, lesson: EditionLesson) -> str:
    """Write down what was chosen; a sentence where that is refused."""
    chosen = {
        int(name.removeprefix("who-")): value
        for name, value in request.POST.items()
        if name.startswith("who-") and name[4:].isascii() and name[4:].isdigit() and len(name) < 22 and value
    }
    if not chosen:
        return str(_("还没有登记任何人，请先选择出席情况。"))
    try:
        count = record_live(actor=request.user, lesson=lesson, statuses=chosen)
    except DomainError as refusal:
        return refusal.message
    messages.success(request, _("已登记，%(n)s 人的出席情况有变化。") % {"n": count})
    return ""
