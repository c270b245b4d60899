"""Materials as members read them: by day, the newest version of each."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cohorts.models import Cohort, Material, MaterialFile
from cohorts.presenters.space import materials_by_day, told_day
from cohorts.reading.published import last_told
from cohorts.rules.schedule import Entry
from cohorts.views.space.entering import enter, shown
from core import clock
from people.permissions import requires_sign_in

PER_PAGE = 40


def with_newest_file(materials: QuerySet[Material]) -> QuerySet[Material]:
    """Each with name, size and number of its newest file, the latest day first."""
    newest = MaterialFile.objects.filter(material=OuterRef("pk")).order_by("-number")
    figures: dict[str, Any] = {
        f"newest_{name}": Subquery(newest.values(name)[:1]) for name in ("name", "size", "number")
    }
    day = Coalesce("session__day", TruncDate("visible_from"))
    rows = materials.annotate(**figures, on_day=day).select_related("cohort", "session")
    return rows.order_by("-on_day", "session__starts_at", "title", "pk")


@requires_sign_in
@require_safe
def material_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What may be read now, day by day."""
    place = enter(request, public_id)
    told = last_told(place.cohort)
    lessons = {entry.key: entry for entry in told.entries} if told else {}
    listing = Paginator(_in_told_order(place.cohort, lessons), PER_PAGE).get_page(request.GET.get("page"))
    rows = {row.pk: row for row in with_newest_file(Material.objects.filter(pk__in=list(listing)))}
    days = materials_by_day([rows[key] for key in listing], lessons)
    return shown(request, "materials", place, "space-materials", days=days, listing=listing)


def _in_told_order(cohort: Cohort, lessons: dict[int, Entry]) -> list[int]:
    """The keys of what may be read, the latest day first, by the timetable that was published and not by its draft."""
    rows = Material.objects.filter(cohort=cohort).shown(clock.now()).order_by("title", "pk")
    found = list(rows.values_list("pk", "session", "visible_from"))
    found.sort(key=lambda row: lessons[row[1]].starts_at if row[1] in lessons else time.min)
    found.sort(key=lambda row: told_day(row[2], lessons.get(row[1])), reverse=True)
    return [pk for pk, _session, _from in found]


@requires_sign_in
@require_safe
def download(request: HttpRequest, public_id: UUID, material_id: UUID) -> FileResponse:
    """The newest version of a material that is open to the person."""
    cohort = enter(request, public_id).cohort
    material = get_object_or_404(Material.objects.filter(cohort=cohort).shown(clock.now()), public_id=material_id)
    return handed_out(material.files.first())


def handed_out(version: MaterialFile) -> FileResponse:
    """A file of ours under the name that it came with."""
    file = version.file.open("rb")
    return FileResponse(file, as_attachment=True, filename=version.name, content_type=version.content_type)
