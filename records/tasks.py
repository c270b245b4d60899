"""The nightly rebuild of the forecast."""

from __future__ import annotations

from celery import shared_task

from records.services.outlooks import rebuild_everybody


@shared_task(name="records.rebuild_outlooks")
def rebuild_outlooks() -> None:
    rebuild_everybody()
