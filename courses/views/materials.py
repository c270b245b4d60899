"""Files of an edition, for those who are enrolled on it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.spreadsheets.writer import disposition
from courses.models import EditionMaterial, Enrolment
from courses.views.media import file_response
from people.permissions import requires_sign_in


@requires_sign_in
@require_safe
def material(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """The file under its title; everybody else finds nothing there."""
    mine = Enrolment.objects.of(request.user).standing()
    enrolment = get_object_or_404(mine, public_id=public_id)
    rows = EditionMaterial.objects.filter(edition=enrolment.edition_id).select_related("document")
    found = get_object_or_404(rows, position=position)
    response = file_response(request, found.document)
    response["Content-Disposition"] = disposition(f"{Path(found.title).name or found.title}.{found.extension}")
    return response
