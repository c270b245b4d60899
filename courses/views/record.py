"""The record of a course, on a page and as a paper: for the learner and for the offices that look after them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from core.drawing.papers import draw_document
from core.spreadsheets.writer import download_response
from courses.models import Enrolment
from courses.reading import record
from people.permissions import requires_sign_in
from people.services import note_file_read


def _enrolment(user: Any, public_id: UUID) -> Enrolment:
    """One's own, or of somebody in reach; reading another's record is noted."""
    within = Enrolment.objects.visible_to(user).standing().select_related("edition__course", "user__unit")
    enrolment = get_object_or_404(within, public_id=public_id)
    if not record.may_read(user, enrolment):
        raise PermissionDenied
    note_file_read(reader=user, subject=enrolment.user, part=_("课程学习记录"))
    return enrolment


@requires_sign_in
@never_cache
@require_safe
def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    enrolment = _enrolment(request.user, public_id)
    own = enrolment.user_id == request.user.pk
    context = {
        "layout": "base_cadre.html" if own else "base_leaders.html",
        "title": _("课程学习记录"),
        "crumbs": _crumbs(enrolment) if own else [],
        "enrolment": enrolment,
        "facts": record.facts_of(enrolment),
        "columns": [{"label": label} for label in record.headings()],
        "rows": record.rows_of(enrolment),
        "note": record.note(timezone.localtime(clock.now()).date()),
    }
    return render(request, "courses/record.html", context)


def _crumbs(enrolment: Enrolment) -> list[tuple[str, str | None]]:
    course = reverse("courses:course", args=[enrolment.edition.course.key])
    return [(_("我的课程"), reverse("courses:mine")), (enrolment.edition.title, course), (_("学习记录"), None)]


@requires_sign_in
@never_cache
@require_safe
def pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    enrolment = _enrolment(request.user, public_id)
    data = draw_document(record.paper(enrolment, timezone.localtime(clock.now())))
    words = {"name": enrolment.user.name, "course": enrolment.edition.title}
    return download_response(_("%(name)s《%(course)s》学习记录.pdf") % words, data)
