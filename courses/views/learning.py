"""A learner's own pages. Each takes the enrolment through its owner: everybody else finds nothing there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import Conflict, DomainError
from courses.forms.learning import ProofForm, answers_from, client_key_from, update_from
from courses.models import EditionLesson, Enrolment, LessonKind
from courses.presenters import learning as presenters
from courses.presenters.deliveries import delivery
from courses.reading import lessons as reading
from courses.reading.standing import shape_of, state_of
from courses.rules import progress
from courses.services import answer_lesson_check, save_progress
from people.permissions import requires_sign_in

PER_PAGE = 20
BY_WORD = (LessonKind.ARTICLE, LessonKind.DOCUMENT)  # the learner says that it was read
EDITION = ("title", "number", "max_speed", "made_at", "course__key")


def own_enrolment(user: Any, public_id: UUID) -> Enrolment:
    """The enrolment with what every page of a lesson says about its edition."""
    rows = Enrolment.objects.of(user).standing().select_related("edition__course")
    return get_object_or_404(rows.only(*reading.ENROLMENT, *(f"edition__{n}" for n in EDITION)), public_id=public_id)


def follows_moves(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An old address of somebody who was moved to another edition leads on to where they learn now."""

    @wraps(view)
    def guarded(request: HttpRequest, public_id: UUID, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, public_id, **kwargs)
        except Http404:
            moved = Enrolment.objects.of(request.user).filter(moved_from__public_id=public_id).first()
            if moved is None:
                raise
            return redirect("courses:learn", moved.public_id)

    return guarded


def lesson_of(enrolment: Enrolment, position: int) -> EditionLesson:
    """The lesson at this place of the edition that the learner takes; text and file come when asked for."""
    rows = EditionLesson.objects.filter(edition=enrolment.edition_id).select_related("check_paper").defer("body")
    lesson: EditionLesson = get_object_or_404(rows, position=position)
    lesson.edition = enrolment.edition
    return lesson


@requires_sign_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Somebody's courses, what is in progress first."""
    page = Paginator(reading.learning_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"enrolment": row, "state": presenters.state_of_enrolment(row)} for row in page.object_list]
    groups = [
        (_("学习中"), [row for row in rows if row["enrolment"].state == Enrolment.State.ACTIVE]),
        (_("已完成"), [row for row in rows if row["enrolment"].state == Enrolment.State.COMPLETED]),
    ]
    return render(request, "courses/mine.html", {"title": _("我的课程"), "page": page, "groups": groups})


@requires_sign_in
@require_safe
@follows_moves
def learn(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """On to the lesson where one stopped."""
    enrolment = own_enrolment(request.user, public_id)
    entries = reading.outline(enrolment.edition, enrolment)
    last = reading.position_of(enrolment.edition, enrolment.last_lesson_id)
    return redirect(presenters.lesson_url(enrolment, reading.where_stopped(entries, last)))


def _check(enrolment: Enrolment, lesson: EditionLesson, key: str | UUID | None) -> dict[str, Any] | None:
    """The check as a form, with the marks of one try where its key is given."""
    paper = lesson.check_paper
    if paper is None:
        return None
    attempt = reading.attempt_on(paper, enrolment, key) if key else None
    return {
        "questions": presenters.questions(reading.wordings(paper, enrolment.edition), attempt),
        "attempt": attempt,
        "pass_mark": paper.pass_mark,
        "client_key": uuid4(),
        "url": presenters.lesson_url(enrolment, lesson.position),
    }


def _foot(
    enrolment: Enrolment,
    lesson: EditionLesson,
    state: progress.LessonState,
    entries: Sequence[reading.OutlineEntry] | None = None,
) -> dict[str, Any]:
    """The quiet line at the end of a lesson: what is missing, else where to go on in the outline."""
    shape = shape_of(lesson)
    done = progress.is_done(state, shape)
    if done and entries is None:
        entries = reading.outline(enrolment.edition)
    following = reading.next_after(entries or (), lesson.position) if done else None
    return {
        "enrolment": enrolment,
        "lesson": lesson,
        "is_done": done,
        "taken_in": progress.is_taken_in(state, shape),
        "by_word": lesson.kind in BY_WORD,
        "is_played": shape.is_played,
        "missing": progress.missing(state, shape),
        "share": int(progress.share_watched(state, shape) * 100),
        "next": following,
        "next_url": presenters.lesson_url(enrolment, following.position) if following else "",
        "course_done": enrolment.state == Enrolment.State.COMPLETED,
    }


@requires_sign_in
@never_cache
@require_safe
@follows_moves
def lesson(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """The lesson: content first, its check below, what is missing at the end."""
    return lesson_page(request, own_enrolment(request.user, public_id), position)


def lesson_page(
    request: HttpRequest, enrolment: Enrolment, position: int, form: ProofForm | None = None
) -> HttpResponse:
    """The page of a lesson, with a form that was refused where there is one."""
    shown = lesson_of(enrolment, position)
    rows = reading.progress_rows(enrolment)
    state, entries = state_of(rows.get(shown.pk)), reading.outline_with(enrolment.edition, rows)
    context = {
        "title": shown.title,
        "state": state,
        "watched": progress.stored(state.watched),
        "modules": presenters.modules(entries, enrolment, here=position),
        "lesson_count": len(entries),
        "delivery": delivery(enrolment, shown, state, form),
        "check": _check(enrolment, shown, client_key_from(request.GET.get("try"))),
        "foot": _foot(enrolment, shown, state, entries),
        "lesson": shown,
        "body": presenters.body(shown),
        "player": presenters.player(enrolment, shown, state),
        "uncounted": presenters.uncounted(reading.anomalies_of(enrolment, shown)),
        "enrolment": enrolment,
    }
    return render(request, "courses/lesson.html", context, status=422 if form else 200)


def foot_html(request: HttpRequest, enrolment: Enrolment, lesson: EditionLesson, state: progress.LessonState) -> str:
    """The line as a fragment; what is played needs no token in it, and so none of the page's surroundings."""
    foot = _foot(enrolment, lesson, state)
    return render_to_string("courses/_foot.html", {"foot": foot}, None if foot["is_played"] else request)


@requires_sign_in
@require_POST
def save(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """Progress out of the player or the reader (JSON), or the button of a page without scripts."""
    enrolment = own_enrolment(request.user, public_id)
    shown = lesson_of(enrolment, position)
    by_script = "payload" in request.POST or "application/json" in request.headers.get("Accept", "")
    try:
        update = update_from(request)
        standing = save_progress(user=request.user, enrolment=enrolment, lesson=shown, update=update)
    except DomainError as refusal:
        if by_script:
            return refused(refusal)
        raise
    if not by_script:
        return HttpResponseRedirect(presenters.lesson_url(enrolment, position) + "#standing")
    if update.leaving:
        return HttpResponse(status=204)
    answer = {
        **presenters.resumed(standing.state, standing.shape),
        "done": standing.lesson_done,
        "taken_in": progress.is_taken_in(standing.state, standing.shape),
        "refused": presenters.refusal_words(standing.refusals),
        "foot": foot_html(request, enrolment, shown, standing.state),
    }
    return JsonResponse(answer)


def refused(refusal: DomainError) -> JsonResponse:
    """The sentence for a script: 409 where somebody else was first, 422 else."""
    status = 409 if isinstance(refusal, Conflict) else 422
    return JsonResponse({"message": refusal.message, "code": refusal.code}, status=status)


@requires_sign_in
@require_POST
def check(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """A try at the lesson's check; the marks and the reasons come at once."""
    enrolment = own_enrolment(request.user, public_id)
    shown = lesson_of(enrolment, position)
    key = client_key_from(request.POST.get("client_key")) or uuid4()
    outcome = answer_lesson_check(
        user=request.user, enrolment=enrolment, lesson=shown, client_key=key, answers=answers_from(request.POST)
    )
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(f"{presenters.lesson_url(enrolment, position)}?try={key}#check")
    context = {"check": _check(enrolment, shown, key), "foot": _foot(enrolment, shown, outcome.standing.state)}
    return render(request, "courses/_check_answered.html", context)
