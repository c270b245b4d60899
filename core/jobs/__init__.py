"""Long work as durable rows: ``register`` a kind, ``enqueue`` a job, workers ``run`` it, its page shows it."""

from __future__ import annotations

from core.jobs.kinds import JobKind, kind_named, register
from core.jobs.ordering import enqueue, retry
from core.jobs.results import purge_results, store_result
from core.jobs.runner import run, run_now, sweep

__all__ = [
    "JobKind",
    "enqueue",
    "kind_named",
    "purge_results",
    "register",
    "retry",
    "run",
    "run_now",
    "store_result",
    "sweep",
]
