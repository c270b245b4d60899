"""The file that a job hands to its owner."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.base import ContentFile, File

from core import clock
from core.models import Job

KEPT = timedelta(days=7)  # result files may hold personal data or codes in clear


def store_result(job: Job, *, name: str, data: bytes | File) -> None:
    """Keep ``data`` as the job's result file, downloaded under ``name``; call it in ``finish``.

    The stored file has one fixed place per job, so that a second run replaces it and leaves no orphan.
    """
    storage = job.result_file.storage
    place = f"jobs/{job.pk}"
    storage.delete(place)
    stored = storage.save(place, data if isinstance(data, File) else ContentFile(data))
    job.result_file.name, job.result_name = stored, name
    Job.objects.filter(pk=job.pk).update(result_file=stored, result_name=name[:200])


def purge_results() -> int:
    """Delete result files of jobs that ended longer than a week ago; the job's row stays. How many were deleted."""
    old = Job.objects.filter(finished_at__lt=clock.now() - KEPT).exclude(result_file="")
    for job in old:
        job.result_file.storage.delete(job.result_file.name)
    return old.update(result_file="", result_name="")
