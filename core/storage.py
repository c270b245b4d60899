from __future__ import annotations

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """Files that only a view with a permission check hands out."""
    return storages["private"]
