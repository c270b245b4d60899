"""What the clock of the server asks of courses."""

from __future__ import annotations

from celery import shared_task

from courses import services
from courses.services.rights import warn_editors


@shared_task(name="courses.credit_completed", soft_time_limit=240, time_limit=300)
def credit_completed() -> None:
    """Every night: courses completed while no hour rule was in force get their hours."""
    services.credit_completed()


@shared_task(name="courses.warn_rights", soft_time_limit=60, time_limit=90)
def warn_rights() -> None:
    """Every morning: whose right of use ends within 60 days, 30 days, today."""
    warn_editors()
