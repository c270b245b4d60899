"""The file that a job hands to its owner."""

from __future__ import annotations

from django.core.files.base import ContentFile, File

from core.models import Job


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
