"""The catalogue and the page of a course: open to everybody."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.filters import CatalogueFilter
from courses.models import Course, CourseEdition, Enrolment
from courses.presenters import evaluations as evaluation_words
from courses.presenters import learning as presenters
from courses.presenters.hours import course_hours
from courses.querysets import CURRICULUM_ROLES
from courses.reading import lessons as reading
from courses.reading.advising import advice_for
from courses.services import enrol
from people.permissions import public, requires_sign_in
from people.scopes import has_role

PER_PAGE = 12
LONGEST_QUERY = 64


def _layout(user: Any) -> str:
    """The frame of a page that visitors and cadres share."""
    return "base_cadre.html" if user.is_authenticated else "base_public.html"


def asked(request: HttpRequest) -> str:
    """The words of the search box: at most 64 characters, none that cannot be seen."""
    words = request.GET.get("q", "")[:LONGEST_QUERY]
    return "".join(c for c in words if unicodedata.category(c) not in ("Cc", "Cs")).strip()


def _found(words: str) -> QuerySet[CourseEdition]:
    """What is offered, the newest first; of what a search finds, courses that bear the words in their title first."""
    rows = reading.offered_editions()
    if not words:
        return rows
    named = Case(When(title__icontains=words, then=0), default=1)
    return rows.filter(course__in=reading.found_courses(words)).order_by(named, "-made_at", "pk")


def _sorting(request: HttpRequest) -> str:
    asked_for = request.GET.get("sort", "")
    return asked_for if asked_for in presenters.SORTINGS else presenters.NEWEST


def _page_of(request: HttpRequest, rows: QuerySet[CourseEdition]) -> Any:
    """Twelve editions, ready for their cards."""
    by_title = _sorting(request) == presenters.BY_TITLE
    ids = reading.by_title(rows) if by_title else rows.values_list("pk", flat=True)
    page = Paginator(ids, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = reading.in_order(list(page.object_list))
    return page


@public
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All courses that one can take: searched, narrowed, counted, twelve a page."""
    words = asked(request)
    rows = reading.with_own_state(_found(words), request.user)
    filters = CatalogueFilter(request.GET, queryset=rows)
    page = _page_of(request, filters.qs)
    mine = reading.enrolments_by_course(request.user, [edition.course_id for edition in page.object_list])
    chosen = filters.form.cleaned_data
    narrowed = bool(words or any(chosen.values()))
    context = {
        "title": _("课程目录"),
        "layout": _layout(request.user),
        "words": words,
        "page": page,
        "cards": [presenters.card(e, mine.get(e.course_id), request.user) for e in page.object_list],
        "facets": presenters.facets(rows, request.GET, chosen),
        "sortings": presenters.sortings(request.GET, _sorting(request)),
        "narrowed": narrowed,
        "advice": None if narrowed or page.number > 1 else advice_for(request.user),
        "unknown_filter": not filters.form.is_valid(),
    }
    return render(request, "courses/catalogue.html", context)


def _course_for(user: Any, key: str) -> tuple[Course, CourseEdition | None, Enrolment | None]:
    """A course in the catalogue, one that the person learns on, or one that they edit; else 404."""
    found = get_object_or_404(Course, key=key)
    edition, enrolment = reading.edition_of(found, user)
    may_see = enrolment or (found.live and edition) or has_role(user, *CURRICULUM_ROLES)
    if not may_see:
        raise Http404
    return found, edition, enrolment


@public
@require_safe
def course(request: HttpRequest, key: str) -> HttpResponse:
    """What the course is about, its outline, and the one next step."""
    found, edition, enrolment = _course_for(request.user, key)
    entries = reading.outline(edition, enrolment) if edition else []
    newest = found.editions.order_by("-number").values_list("number", flat=True).first() if enrolment else None
    context = {
        "layout": _layout(request.user),
        "course": found,
        "edition": edition,
        "enrolment": enrolment,
        "state": presenters.state_of_enrolment(enrolment) if enrolment else None,
        "modules": presenters.modules(entries, enrolment),
        "lesson_count": len(entries),
        "hours": course_hours(edition, enrolment) if edition else {},
        "materials": presenters.materials(edition, enrolment) if edition else [],
        "evaluation": evaluation_words.own(enrolment) if enrolment else None,
        "newer": newest if newest and edition and newest > edition.number else None,
        "sign_in_url": presenters.sign_in_url(request.path),
        "crumbs": [(_("课程目录"), reverse("courses:catalogue")), ((edition or found).title, None)],
    }
    return render(request, "courses/course.html", context)


@requires_sign_in
@require_POST
def choose(request: HttpRequest, key: str) -> HttpResponse:
    """Enrol on the newest edition and begin; who is enrolled already goes on."""
    _found_course, edition, enrolment = _course_for(request.user, key)
    if edition is None:
        raise Http404
    enrolment = enrolment or enrol(user=request.user, edition=edition)
    return redirect("courses:learn", enrolment.public_id)
