"""Several messages of one kind to one person within an hour leave as one."""

from __future__ import annotations

from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)


def earliest(moment: datetime, last: datetime | None, *, urgent: bool) -> datetime:
    """When the next message of the kind may go to the person: an hour after the last one, urgent ones at once."""
    if urgent or last is None:
        return moment
    return max(moment, last + WINDOW)
