"""Files that an edition shows keep their bytes; their titles and tags may change."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from courses.models import EditionAsset


def _pin_of(file: Any) -> EditionAsset | None:
    field = "image" if file._meta.app_label == "wagtailimages" else "document"
    return EditionAsset.objects.select_related("edition").filter(**{field: file}).first()


def _is_replaced(file: Any, update_fields: Any) -> bool:
    if file.pk is None or (update_fields is not None and "file" not in update_fields):
        return False
    before = type(file)._default_manager.filter(pk=file.pk).values_list("file", flat=True).first()
    return before is not None and (before != file.file.name or not file.file._committed)


def refuse_replacement(*, file: Any, update_fields: Any = None) -> None:
    """DomainError when an image or document of an edition is about to get other bytes."""
    pin = _pin_of(file) if _is_replaced(file, update_fields) else None
    if pin:
        raise DomainError(
            _("“%(file)s”用于%(edition)s，不能替换。已开课的版次内容固定不变；请把新文件另行上传，再用到课时里。")
            % {"file": file.title, "edition": pin.edition},
            code="file_pinned",
        )
