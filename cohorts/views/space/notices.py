"""Notices as members read them."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cohorts.models import ClassNotice
from cohorts.presenters.space import notice_line
from cohorts.rules import space
from cohorts.services.space import note_opening, was_told
from cohorts.views.space.entering import Place, enter, shown
from people.permissions import requires_sign_in

PER_PAGE = 20


@requires_sign_in
@require_safe
def notice_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The pinned first, then the newest; unread ones say so."""
    place = enter(request, public_id)
    rows = place.notices().select_related("cohort", "author").prefetch_related("groups")
    listing = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    unread = _unread(place, [n.pk for n in listing])
    lines = [notice_line(n, unread=n.pk in unread, group_names=[str(g) for g in n.groups.all()]) for n in listing]
    return shown(request, "notices", place, "space-notices", lines=lines, listing=listing)


def _unread(place: Place, keys: list[int]) -> set[int]:
    if place.member is None:
        return set()
    return set(ClassNotice.objects.filter(pk__in=keys).unopened_by(place.member).values_list("pk", flat=True))


@requires_sign_in
@require_safe
def notice_page(request: HttpRequest, public_id: UUID, notice_id: UUID) -> HttpResponse:
    """One notice; that a member opened it counts once."""
    place = enter(request, public_id)
    notice = place.notices().select_related("cohort", "author").filter(public_id=notice_id).first()
    if notice is None:
        return _no_longer(request, place, notice_id)
    if place.member:
        note_opening(notice=notice, member=place.member)
    words = space.paragraphs(notice.text, request.get_host())
    return shown(request, "notice", place, "space-notices", notice=notice, paragraphs=words)


def _no_longer(request: HttpRequest, place: Place, notice_id: UUID) -> HttpResponse:
    """Who was told of a notice reads that it was withdrawn, or is not for them any more; for others it is not there."""
    notice = get_object_or_404(ClassNotice, cohort=place.cohort, public_id=notice_id)
    if not was_told(notice=notice, user=request.user):
        raise Http404
    return shown(request, "notice_gone", place, "space-notices", withdrawn_at=notice.withdrawn_at)


@requires_sign_in
@require_safe
def notice_file(request: HttpRequest, public_id: UUID, notice_id: UUID) -> FileResponse:
    """The attachment of a notice that one may read."""
    notice = get_object_or_404(enter(request, public_id).notices(), public_id=notice_id)
    if not notice.file:
        raise Http404
    file = notice.file.open("rb")
    return FileResponse(file, as_attachment=True, filename=notice.file_name, content_type=notice.content_type)
