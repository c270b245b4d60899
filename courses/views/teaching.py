"""Who learns a course, where they are and who is stuck: for the office, the lecturers and the class teachers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from core.saved_views import parameters_of, views_of
from core.spreadsheets.writer import download_response
from core.templatetags.linghang import day
from courses.learner_filters import LearnerFilter, days_asked
from courses.models import Course, EditionLesson, Enrolment, LessonKind, LessonProof, LiveAttendance
from courses.presenters import learners as presenters
from courses.reading.learners import course_of, courses_looked_after, figures, in_order, learners, with_signs
from courses.reading.live import as_arranged
from courses.scopes import LOOKING_AFTER, contexts_of
from people.models import Role, Unit
from people.permissions import requires
from people.scopes import has_role

PER_PAGE = 50
looking_after = requires(*LOOKING_AFTER)


def is_office(user: Any) -> bool:
    return has_role(user, Role.TRAINING_OFFICE.value)


def course_to_look_after(user: Any, key: str) -> Course:
    """A course that the person teaches, or in which somebody learns whom they look after; the office's are all."""
    if is_office(user):
        return get_object_or_404(Course, key=key)
    mine = Enrolment.objects.looked_after_by(user).values("edition__course")
    taught = user.taught_courses.values("course") if has_role(user, Role.LECTURER.value) else []
    found = Course.objects.filter(pk__in=mine) | Course.objects.filter(pk__in=taught)
    return get_object_or_404(found, key=key)


@dataclass(frozen=True)
class Listing:
    """The learners of a course under the filters of a request."""

    rows: QuerySet[Enrolment]
    filters: LearnerFilter
    days: int
    contexts: dict[str, str]
    present: list[str]  # context keys that occur


def listing(request: HttpRequest, course: Course) -> Listing:
    mine = course_of(request.user, course)
    present = list(mine.order_by().values_list("context_key", flat=True).distinct())
    titles = contexts_of(request.user)
    contexts = {key: titles.get(key, _("其他班次")) for key in present if key}
    units = Unit.objects.filter(pk__in=mine.order_by().values("user__unit"))
    days = days_asked(request.GET.get("days"))
    marked = with_signs(mine, clock.now(), days)
    found = LearnerFilter(request.GET, queryset=marked, units=units, contexts=contexts)
    return Listing(found.qs, found, days, contexts, present)


@looking_after
@never_cache
@require_safe
def course_list(request: HttpRequest) -> HttpResponse:
    """The courses whose learners the person looks after: how many there are, wait, and are stuck."""
    rows = list(courses_looked_after(request.user, clock.now(), days_asked("")))
    known = {row["key"] for row in rows}
    if is_office(request.user):
        others = Course.objects.filter(live=True, editions__isnull=False)
    else:
        others = Course.objects.filter(pk__in=request.user.taught_courses.values("course"))
    empty = others.exclude(key__in=known).distinct().order_by("title").values("key", "title")
    waiting = sum(row["confirming"] for row in rows)
    context = {"rows": rows, "empty": empty, "waiting": waiting, "days": days_asked("")}
    return render(request, "courses/teaching/courses.html", context)


@looking_after
@never_cache
@require_safe
def learner_list(request: HttpRequest, key: str) -> HttpResponse:
    """The learners of a course: filter, keep the filter, take them away, remind them."""
    course = course_to_look_after(request.user, key)
    found = listing(request, course)
    if request.GET.get("export") == "xlsx":
        return _exported(course, found)
    page = Paginator(in_order(found.rows), PER_PAGE).get_page(request.GET.get("page"))
    people = list(page.object_list)
    shown = learners(people, [row.pk for row in people], clock.now(), found.days)
    with_context = len(found.present) > 1
    place = f"courses:learners:{course.pk}"
    context = {
        "course": course,
        "sentence": presenters.sentence(figures(found.filters.queryset)),
        "filters": found.filters.form,
        "days": found.days,
        "page": page,
        "columns": presenters.columns(with_context=with_context),
        "rows": presenters.rows(shown, found.contexts, with_context=with_context),
        "views": views_of(request.user, place, request.GET),
        "place": place,
        "query": parameters_of(request.GET),
        "is_office": is_office(request.user),
        "todo": [*_proof_item(request.user, course), *_session_items(request.user, course)],
    }
    return render(request, "courses/teaching/learners.html", context)


def _exported(course: Course, found: Listing) -> HttpResponse:
    now = clock.now()
    rows = learners(in_order(found.rows), found.rows.order_by().values("pk"), now, found.days)
    note = _("截至%(day)s；%(n)s 天没有进展算停滞") % {"day": day(now), "n": found.days}
    data = presenters.workbook(course, rows, found.contexts, note)
    return download_response(f"学习情况-{course.key}-{clock.today():%Y%m%d}.xlsx", data)


def proofs_waiting(user: Any, course: Course) -> QuerySet[LessonProof]:
    """Proofs that wait for a decision of the person's, the oldest first."""
    rows = LessonProof.objects.filter(state=LessonProof.State.WAITING, enrolment__in=course_of(user, course))
    return rows.select_related("enrolment__user__unit", "lesson").defer("lesson__body").order_by("handed_in_at", "pk")


def _proof_item(user: Any, course: Course) -> list[dict[str, Any]]:
    """One line for all proofs that wait; deciding on one leads to the next."""
    waiting = proofs_waiting(user, course).exclude(enrolment__user=user)
    count, first = waiting.count(), waiting.first()
    if first is None:
        return []
    url = reverse("courses:decide-proof", args=[first.public_id])
    return [presenters.proof_item(count, url)]


def _session_items(user: Any, course: Course) -> list[dict[str, Any]]:
    """The live sessions of the course, each with how many are not written down; three queries."""
    rows = EditionLesson.objects.filter(edition__course=course, kind=LessonKind.LIVE).defer("body")
    sessions = list(rows.select_related("edition").order_by("-starts_at", "-pk"))
    if not sessions:
        return []
    people = course_of(user, course).standing().exclude(user=user).order_by()
    everybody = dict(people.values_list("edition").annotate(n=Count("pk")))
    said = LiveAttendance.objects.filter(enrolment__in=people.values("pk"), lesson__in=sessions)
    written = dict(said.values_list("lesson").annotate(n=Count("pk")))
    left = {row.pk: everybody.get(row.edition_id, 0) - written.get(row.pk, 0) for row in sessions}
    return [presenters.session_item(course, row, left[row.pk], clock.now()) for row in as_arranged(sessions)]
