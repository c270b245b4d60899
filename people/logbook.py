"""Many lines of Wagtail's log in one query."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import ModelLogEntry

from people.models import User


def log_people(*, people: Iterable[User], action: str, user: User, data: dict[str, Any] | None = None) -> None:
    """The same action on many people, as one act: the lines share their uuid."""
    kind, act, now = ContentType.objects.get_for_model(User), uuid.uuid4(), timezone.now()
    lines = [
        ModelLogEntry(
            content_type=kind,
            object_id=str(person.pk),
            label=person.name,
            action=action,
            user=user,
            data=data or {},
            timestamp=now,
            uuid=act,
        )
        for person in people
    ]
    ModelLogEntry.objects.bulk_create(lines, batch_size=500)
