"""The office's step from a published course to an edition that is taught."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from courses.models import Course
from courses.services import publish_edition
from courses.services.auditing import passed_audit
from people.permissions import requires


def _context(course: Course) -> dict[str, Any]:
    editions = course.editions.select_related("made_by").order_by("-number")
    return {
        "course": course,
        "editions": editions,
        "audit": passed_audit(course),
        "page_title": _("发布版次"),
        "header_icon": "upload",
    }


@requires("training_office")
@require_http_methods(["GET", "HEAD", "POST"])
def publish_edition_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what will happen; on POST make the edition, or say what stands in its way."""
    course = get_object_or_404(Course.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        return _publish(request, course)
    return render(request, "courses/office/publish_edition.html", _context(course))


def _publish(request: HttpRequest, course: Course) -> HttpResponse:
    last = course.editions.order_by("-number").first()
    try:
        edition = publish_edition(actor=request.user, course=course)
    except DomainError as refusal:
        context = {**_context(course), "refusal": refusal.message}
        return render(request, "courses/office/publish_edition.html", context, status=422)
    if edition == last:
        messages.info(request, _("内容没有变化，仍为第%(n)s版，没有另出新版。") % {"n": edition.number})
    else:
        messages.success(request, _("已发布“%(title)s”第%(n)s版。") % {"title": edition.title, "n": edition.number})
    return redirect("course_courses:edit", course.pk)
