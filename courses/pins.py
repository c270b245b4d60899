"""What happens when a file that an edition shows is about to be deleted: what was taught does not move."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError


def refuse_deletion(collector: Any, field: Any, assets: Any, using: str) -> None:
    """As ``on_delete`` of a pinned file: PROTECT with a sentence for the person who tries."""
    file = assets[0].image or assets[0].document
    raise DomainError(
        _("“%(file)s”用于%(edition)s，不能删除。已开课的版次内容固定不变；新内容请另行上传。")
        % {"file": file.title, "edition": assets[0].edition},
        code="file_pinned",
    )
