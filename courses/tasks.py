"""What the clock asks of courses."""

from __future__ import annotations

from celery import shared_task

from courses import services


@shared_task(name="courses.credit_completed", soft_time_limit=240, time_limit=300)
def credit_completed() -> None:
    """Every night: courses completed while no hour rule was in force get their hours."""
    services.credit_completed()
