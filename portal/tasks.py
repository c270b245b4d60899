"""The nightly rebuild of the figures."""

from __future__ import annotations

from celery import shared_task

from portal.snapshots import rebuild_all


@shared_task(name="portal.rebuild_snapshots")
def rebuild_snapshots() -> None:
    rebuild_all()
