"""Telling Celery that jobs wait. The broker may be away: the row stays, and the sweeper tells again."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any

from celery import current_app

logger = logging.getLogger("linghang.jobs")

CONNECT_SECONDS = 1
PAUSE_SECONDS = 5.0  # after a failure this process leaves the broker alone for so long
TRANSPORT = {
    "max_retries": 0,
    "connect_retries_timeout": CONNECT_SECONDS,
    "socket_connect_timeout": CONNECT_SECONDS,
    "socket_timeout": 2,
    "read_timeout": 2,
    "write_timeout": 2,
}

_away_until = 0.0


def _transport_options(url: str) -> dict[str, Any]:
    """Bounded time-outs; the two of AMQP and those of Redis are not mixed."""
    amqp = url.startswith(("amqp", "pyamqp"))
    other = ("socket_connect_timeout", "socket_timeout") if amqp else ("read_timeout", "write_timeout")
    return {name: value for name, value in TRANSPORT.items() if name not in other}


def tell(ids: Sequence[object]) -> list[object]:
    """Send one message per job without ever raising or waiting long; the ids that the broker took."""
    return _told("core.run_job", ids)


def tell_task(name: str) -> bool:
    """Send one message for a task without arguments, as patiently; whether the broker took it."""
    return bool(_told(name, [None]))


def _told(task: str, ids: Sequence[object]) -> list[object]:
    global _away_until
    told: list[object] = []
    if not ids or time.monotonic() < _away_until:
        return told
    try:
        _send(task, ids, told)
    except Exception as trouble:
        _away_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("broker away, %s of %s messages for %s sent: %r", len(told), len(ids), task, trouble)
    return told


def _send(task: str, ids: Sequence[object], told: list[object]) -> None:
    url = current_app.conf.broker_write_url or current_app.conf.broker_url
    with current_app.connection_for_write(
        connect_timeout=CONNECT_SECONDS, transport_options=_transport_options(url)
    ) as connection:
        for pk in ids:
            args = [] if pk is None else [str(pk)]
            current_app.send_task(task, args=args, connection=connection, retry=False)
            told.append(pk)
