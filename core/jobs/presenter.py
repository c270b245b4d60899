"""A job in the words of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core import clock
from core.models import Job

CONFIDENT_SECONDS = 3  # less running time than this says nothing about the rest


@dataclass(frozen=True)
class Progress:
    """What the page shows: ``words`` under the bar, ``percent`` in it, the kind of state, whether to look again."""

    job: Job
    words: str
    percent: int
    state_kind: str
    state_word: str
    refresh: bool

    @property
    def known(self) -> bool:
        """Whether the length of the work is known, so that the bar can show a share."""
        return self.job.total is not None

    @property
    def ended_same_day(self) -> bool:
        ended = self.job.finished_at
        return ended is not None and localdate(ended) == localdate(self.job.created_at)

    @property
    def link(self) -> str:
        """Where the outcome can be seen, when the kind of job said so with ``{"url": "/…"}``."""
        url = str(self.job.result.get("url", ""))
        return url if url.startswith("/") and not url.startswith("//") else ""


STATE_KINDS = {"queued": "waiting", "running": "info", "done": "done", "failed": "failed"}


def progress_of(job: Job) -> Progress:
    """The job as its page shows it now."""
    words = {
        Job.State.QUEUED: _queued,
        Job.State.RUNNING: _running,
        Job.State.DONE: _done,
        Job.State.FAILED: _failed,
    }[Job.State(job.state)](job)
    return Progress(job, words, job.percent, _state_kind(job), _state_word(job), job.is_open)


def _has_refusals(job: Job) -> bool:
    return job.state == Job.State.DONE and bool(job.result.get("refused"))


def _state_kind(job: Job) -> str:
    return "risk" if _has_refusals(job) else STATE_KINDS[job.state]


def _state_word(job: Job) -> str:
    return _("已完成，有退回") if _has_refusals(job) else str(Job.State(job.state).label)


def _queued(job: Job) -> str:
    if job.done:
        return _("已完成 %(done)s / %(total)s，即将继续") % {"done": job.done, "total": job.total}
    return _("正在排队，轮到后自动开始")


def _running(job: Job) -> str:
    if job.total is None:
        return _("正在准备")
    words = _("已完成 %(done)s / %(total)s") % {"done": job.done, "total": job.total}
    left = seconds_left(job, clock.database_now())
    return words if left is None else _("%(words)s，约剩 %(time)s") % {"words": words, "time": duration(left)}


def _done(job: Job) -> str:
    refused = job.result.get("refused", 0)
    counts = {"succeeded": job.result.get("succeeded", job.total), "refused": refused}
    if refused:
        return _("完成 %(succeeded)s 项，退回 %(refused)s 项") % counts
    return _("全部完成，共 %(succeeded)s 项") % counts


def _failed(job: Job) -> str:
    if job.total is None:
        return _("尚未开始办理")
    return _("停在 %(done)s / %(total)s，已完成的部分都保留着") % {"done": job.done, "total": job.total}


def seconds_left(job: Job, moment: datetime) -> int | None:
    """Estimated from the pace so far; None while that says nothing."""
    if not (job.started_at and job.done and job.total and job.attempts <= 1):
        return None
    spent = (moment - job.started_at).total_seconds()
    return None if spent < CONFIDENT_SECONDS else round(spent / job.done * (job.total - job.done))


def duration(seconds: int) -> str:
    """Seconds up to a minute and a half, then minutes, then hours."""
    if seconds < 90:
        return _("%(n)s 秒") % {"n": max(1, seconds)}
    if seconds < 5400:
        return _("%(n)s 分钟") % {"n": round(seconds / 60)}
    return _("%(n)s 小时") % {"n": round(seconds / 3600)}
