"""What courses hear from the parts they stand on."""

from __future__ import annotations

from typing import Any

from courses.services.files import refuse_replacement


def file_about_to_be_saved(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """``pre_save`` of images and documents."""
    if not raw:
        refuse_replacement(file=instance, update_fields=kwargs.get("update_fields"))
