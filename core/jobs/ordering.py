"""Asking for a job, and asking again after it failed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError
from core.jobs.kinds import kind_named
from core.jobs.telling import tell
from core.models import Job


def enqueue(
    *,
    kind: str,
    owner: AbstractBaseUser,
    params: dict[str, Any],
    title: str | None = None,
    dedupe_key: str | None = None,
) -> Job:
    """The job, written in the caller's transaction; Celery hears of it on commit.

    With a ``dedupe_key`` the second request gets the first one's job (a failed one is tried again);
    DomainError when the same work belongs to another person, or the kind is unknown.
    """
    fields = {
        "kind": kind,
        "owner": owner,
        "params": params,
        "title": str(title or kind_named(kind).title)[:200],
    }
    try:
        with transaction.atomic():
            job = Job.objects.create(dedupe_key=dedupe_key, heartbeat=clock.database_now(), **fields)
    except IntegrityError:
        if dedupe_key is None:
            raise
        return _existing(kind, owner, dedupe_key)
    transaction.on_commit(lambda: tell([job.pk]))
    return job


def _existing(kind: str, owner: AbstractBaseUser, dedupe_key: str) -> Job:
    job = Job.objects.get(dedupe_key=dedupe_key)
    if job.owner_id != owner.pk or job.kind != kind:
        raise DomainError(_("同样的任务已由他人提交，请等它完成后再看结果。"), code="duplicate")
    return retry(job) if job.state == Job.State.FAILED else job


def retry(job: Job) -> Job:
    """Queue a failed job again; it goes on after its last finished step. Conflict when it has not failed."""
    fresh = {
        "state": Job.State.QUEUED,
        "attempts": 0,
        "error": "",
        "finished_at": None,
        "heartbeat": clock.database_now(),
    }
    if not Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(**fresh):
        raise Conflict(_("这项任务没有失败，不需要重试。"))
    transaction.on_commit(lambda: tell([job.pk]))
    job.refresh_from_db()
    return job
