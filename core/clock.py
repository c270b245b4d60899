"""The only clock of the product: the database's in production, set in tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

_frozen: datetime | None = None


def now() -> datetime:
    """The present of the trade, aware; a test or the demo's simulated class may hold it."""
    return database_now() if _frozen is None else _frozen


def database_now() -> datetime:
    """The true present, never held: for leases and heartbeats that several hosts compare."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def today() -> date:
    """The date in the product's time zone."""
    return timezone.localdate(now())


@contextmanager
def freeze(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (aware), for tests and for the demo's simulated class."""
    global _frozen
    before, _frozen = _frozen, moment
    try:
        yield
    finally:
        _frozen = before
