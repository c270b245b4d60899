"""What the clock of the server asks of nominations."""

from __future__ import annotations

from celery import shared_task

from planning.services.overdue import remind_of_overdue_steps
from planning.services.waiting import settle_all


@shared_task(name="planning.remind_of_overdue_steps")
def remind_of_overdue() -> None:
    remind_of_overdue_steps()


@shared_task(name="planning.settle_places")
def settle_places() -> None:
    settle_all()
