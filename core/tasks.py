"""Celery's two messages: run this job, and look for jobs that were forgotten."""

from __future__ import annotations

from celery import shared_task

from core import jobs


@shared_task(name="core.run_job", soft_time_limit=240, time_limit=300)
def run_job(pk: str) -> None:
    jobs.run(pk)


@shared_task(name="core.sweep_jobs", soft_time_limit=30, time_limit=45)
def sweep_jobs() -> None:
    jobs.sweep()


@shared_task(name="core.purge_results", soft_time_limit=240, time_limit=300)
def purge_results() -> None:
    jobs.purge_results()
