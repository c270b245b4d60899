from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.models import User
from people.permissions import requires, requires_sign_in
from people.services import note_file_read
from portal.archive import archive_page

READERS = ("leader", "unit_admin", "training_office")


@requires_sign_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """One's own training archive."""
    return _shown(request, request.user, own=True)


@requires(*READERS)
@require_safe
def of(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Somebody's archive, for those whose grant reaches the person; every read is noted."""
    within = User.objects.managed_by_grants(request.user, READERS) | User.objects.filter(pk=request.user.pk)
    person = get_object_or_404(within.select_related("unit"), public_id=public_id)
    note_file_read(reader=request.user, subject=person, part=_("培训档案"))
    return _shown(request, person, own=person.pk == request.user.pk)


def _shown(request: HttpRequest, person: User, *, own: bool) -> HttpResponse:
    context = archive_page(person, request.GET, own=own)
    context["layout"] = "base_cadre.html" if own else "base_leaders.html"
    return render(request, "portal/archive.html", context)
