"""Messages inside the product: sent to people by the services of any app, read on a page of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core import clock
from core.models import Notice

BATCH = 500


def send(*, to: Iterable[int], title: str, text: str = "", url: str = "", key: str = "") -> None:
    """Leave a message for the people with these ids; with a ``key`` each of them gets it once.

    The address is one of ours and opens only to whom it may: a notice itself carries no results and no reasons.
    """
    now = clock.now()
    rows = [
        Notice(recipient_id=pk, title=title[:100], text=text[:1000], url=url, key=key, sent_at=now)
        for pk in sorted(set(to))
    ]
    Notice.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=bool(key))


def reword(*, key: str, title: str, text: str) -> int:
    """What was announced under this key no longer holds: its messages say so instead; how many there were."""
    return Notice.objects.filter(key=key).update(title=title[:100], text=text[:1000]) if key else 0


def mark_read(*, user: Any, notices: Iterable[Notice] | None = None) -> int:
    """Note that the person read these of their notices, by default all; how many were new to them."""
    mine = Notice.objects.visible_to(user).unread()
    if notices is not None:
        mine = mine.filter(pk__in=[notice.pk for notice in notices])
    return mine.update(read_at=clock.now())
