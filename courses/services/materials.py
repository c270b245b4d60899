"""Files of a course become files of an edition: their names, types and sizes as they are that day, their bytes held."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from courses.models import CourseEdition, CourseMaterial, EditionAsset, EditionMaterial

UNKNOWN = "bin"


def freeze_materials(*, edition: CourseEdition) -> None:
    """Copy the course's files into a new edition. DomainError for one whose file is missing."""
    rows = CourseMaterial.objects.filter(course=edition.course_id).select_related("document")
    frozen = [_frozen(edition, n, row) for n, row in enumerate(rows.order_by("sort_order", "pk"), start=1)]
    EditionMaterial.objects.bulk_create(frozen)
    pinned = set(edition.assets.filter(document__isnull=False).values_list("document_id", flat=True))
    files = sorted({material.document_id for material in frozen} - pinned)
    EditionAsset.objects.bulk_create([EditionAsset(edition=edition, document_id=pk) for pk in files])


def _frozen(edition: CourseEdition, position: int, row: CourseMaterial) -> EditionMaterial:
    return EditionMaterial(
        edition=edition,
        position=position,
        title=row.title,
        document=row.document,
        extension=(row.document.file_extension or UNKNOWN).lower()[:20],
        size=_size(row),
    )


def _size(row: CourseMaterial) -> int:
    document: Any = row.document
    try:
        return int(document.file.size)
    except (FileNotFoundError, ValueError) as missing:
        raise DomainError(_("课程资料“%s”没有文件，请重新上传后再发布版次。") % row.title) from missing
