"""Celery's message: end the attempts whose time is over."""

from __future__ import annotations

from celery import shared_task

from assessments import services


@shared_task(name="assessments.finish_overdue", soft_time_limit=240, time_limit=300)
def finish_overdue() -> int:
    return services.finish_overdue()
