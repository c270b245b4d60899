"""Running a job: claim it, plan it, do its steps, end it. It may be killed at any point and run twice."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core import clock
from core.errors import DomainError
from core.jobs.kinds import JobKind, kind_named
from core.jobs.telling import tell
from core.models import MAX_ATTEMPTS, Job

logger = logging.getLogger("linghang.jobs")

Progress = Callable[[Job], None]
SLICE_SECONDS = 60.0  # so long a worker stays with one job before others get their turn


class Superseded(Exception):
    """Another worker has the job; whatever this one was doing is undone."""


def run(pk: object, *, progress: Progress | None = None, seconds: float | None = SLICE_SECONDS) -> Job | None:
    """Work on the job for about ``seconds`` (None: to its end); None when it is not to be had."""
    job = _claim(pk)
    if job is not None:
        _guarded(job, progress, seconds)
    return job


def run_now(job: Job, *, progress: Progress | None = None) -> Job:
    """Run the job to its end in this process, by the workers' own path; unexpected errors are raised."""
    claimed = _claim(job.pk)
    if claimed is None:
        raise DomainError(_("这项任务正由另一进程办理，或者已经结束。"), code="taken")
    _guarded(claimed, progress, None, foreground=True)
    return claimed


def _claim(pk: object) -> Job | None:
    moment = clock.database_now()
    taken = (
        Job.objects.claimable(moment)
        .filter(pk=pk)
        .update(
            state=Job.State.RUNNING,
            heartbeat=moment,
            attempts=F("attempts") + 1,
            started_at=Coalesce(F("started_at"), moment),
        )
    )
    return Job.objects.select_related("owner").get(pk=pk) if taken else None


def _guarded(job: Job, progress: Progress | None, seconds: float | None, foreground: bool = False) -> None:
    """Do the work; a refusal fails the job, an accident leaves it for another try."""
    try:
        _work(job, kind_named(job.kind), progress, seconds)
    except Superseded:
        job.refresh_from_db()
    except DomainError as refusal:
        _fail(job, str(refusal.message))
    except Exception:
        logger.exception("job %s (%s) stumbled at step %s", job.pk, job.kind, job.done)
        _stumbled(job)
        if foreground:
            raise


def _work(job: Job, kind: JobKind, progress: Progress | None, seconds: float | None) -> None:
    started = time.monotonic()
    if job.total is None:
        _plan(job, kind)
    while job.done < job.total:
        _step(job, kind)
        if progress:
            progress(job)
        if seconds is not None and time.monotonic() - started > seconds:
            return _hand_back(job)
    _finish(job, kind)


def _hold(job: Job) -> None:
    """Lock the row for this transaction and give a sign of life; Superseded when the job moved on elsewhere."""
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, done=job.done)
    try:
        held = mine.update(heartbeat=clock.database_now())
    except OperationalError as locked:
        raise Superseded from locked
    if not held:
        raise Superseded


def _record(job: Job, **fields: Any) -> None:
    """Write these columns and no others, in the row and in the object."""
    fields["heartbeat"] = fields.get("heartbeat", clock.database_now())
    Job.objects.filter(pk=job.pk).update(**fields)
    for name, value in fields.items():
        setattr(job, name, value)


def _plan(job: Job, kind: JobKind) -> None:
    with transaction.atomic():
        _hold(job)
        _record(job, total=kind.total(job), attempts=1)


def _step(job: Job, kind: JobKind) -> None:
    """One step and the count of it, both or neither."""
    number = job.done
    with transaction.atomic():
        _hold(job)
        words = _attempt(job, kind, number)
        changed = {"message": str(words)[:300]} if words else {}
        Job.objects.filter(pk=job.pk).update(done=number + 1, attempts=1, heartbeat=clock.database_now(), **changed)
    job.done, job.attempts, job.message = number + 1, 1, changed.get("message", job.message)


def _attempt(job: Job, kind: JobKind, number: int) -> str | None:
    try:
        with transaction.atomic():
            return kind.step(job, number)
    except DomainError as refusal:
        if kind.stop_on_refusal:
            raise
        job.refusals.create(step=number, reason=str(refusal.message)[:500])
        return None


def _finish(job: Job, kind: JobKind) -> None:
    with transaction.atomic():
        _hold(job)
        result = kind.finish(job) or job.result
        refused = job.refusals.count()
        result = result | {"succeeded": job.total - refused, "refused": refused}
        moment = clock.database_now()
        fields = {"state": Job.State.DONE, "result": result, "finished_at": moment, "heartbeat": moment}
        Job.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()


def _hand_back(job: Job) -> None:
    """Let others have their turn: no sign of life means anyone may go on with it."""
    _record(job, heartbeat=None)
    tell([job.pk])


def _fail(job: Job, sentence: str) -> None:
    moment = clock.database_now()
    ended = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
    ended.update(state=Job.State.FAILED, error=sentence, finished_at=moment, heartbeat=moment)
    job.refresh_from_db()


def _stumbled(job: Job) -> None:
    """Back into the queue, or failed after the last try; the sweeper sends it again a little later."""
    job.refresh_from_db()
    if job.attempts >= MAX_ATTEMPTS:
        _fail(job, tired(job))
    elif job.state == Job.State.RUNNING:
        _record(job, state=Job.State.QUEUED)


def tired(job: Job) -> str:
    """The sentence for a job that was tried too often."""
    return _(
        "“%(title)s”尝试了 %(times)s 次仍未完成，已停止；已完成的部分都保留着。"
        "请稍后点“重试”，仍不成功请联系系统管理员。"
    ) % {"title": job.title, "times": MAX_ATTEMPTS}


def sweep() -> int:
    """Fail what was tried too often, tell Celery again what waits; how many jobs it was told of."""
    moment = clock.database_now()
    for job in Job.objects.given_up(moment):
        _fail(job, tired(job))
    told = tell(list(Job.objects.due(moment).order_by("created_at").values_list("pk", flat=True)[:2000]))
    Job.objects.filter(pk__in=told, state=Job.State.QUEUED).update(heartbeat=moment)
    return len(told)
