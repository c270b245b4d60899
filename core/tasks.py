"""Celery's messages: run this job, send what waits, and look for what was forgotten."""

from __future__ import annotations

from celery import shared_task

from core import jobs
from core.messaging import retention, sending


@shared_task(name="core.run_job", soft_time_limit=240, time_limit=300)
def run_job(pk: str) -> None:
    jobs.run(pk)


@shared_task(name="core.sweep_jobs", soft_time_limit=30, time_limit=45)
def sweep_jobs() -> None:
    jobs.sweep()


@shared_task(name="core.purge_results", soft_time_limit=240, time_limit=300)
def purge_results() -> None:
    jobs.purge_results()


@shared_task(name="core.send_messages", soft_time_limit=240, time_limit=300)
def send_messages() -> None:
    sending.send_due()


@shared_task(name="core.sweep_messages", soft_time_limit=30, time_limit=45)
def sweep_messages() -> None:
    sending.sweep()


@shared_task(name="core.purge_message_log", soft_time_limit=240, time_limit=300)
def purge_message_log() -> None:
    retention.purge()
