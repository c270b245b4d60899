"""What the clock of the server asks of classes."""

from __future__ import annotations

from celery import shared_task

from cohorts.services.overdue import remind_of_overdue_leave
from cohorts.services.proofs import delete_expired_proofs
from cohorts.services.space import announce_due


@shared_task(name="cohorts.delete_expired_proofs")
def delete_proofs() -> None:
    delete_expired_proofs()


@shared_task(name="cohorts.remind_of_overdue_leave")
def remind_of_overdue() -> None:
    remind_of_overdue_leave()


@shared_task(name="cohorts.announce_notices", soft_time_limit=240, time_limit=300)
def announce_notices() -> None:
    announce_due()
