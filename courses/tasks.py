"""What the clock of the server asks of courses."""

from __future__ import annotations

from celery import shared_task

from courses.services.rights import warn_editors


@shared_task(name="courses.warn_rights", soft_time_limit=60, time_limit=90)
def warn_rights() -> None:
    """Every morning: whose right of use ends within 60 days, 30 days, today."""
    warn_editors()
