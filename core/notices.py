"""Messages inside the product: sent to people by the services of any app, read on a page of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.messaging import outbox
from core.models import Notice

BATCH = 500


@transaction.atomic(savepoint=False)
def send(
    *,
    to: Iterable[int],
    title: str,
    text: str = "",
    url: str = "",
    key: str = "",
    kind: str = "",
    due: date | None = None,
) -> None:
    """Leave a message for the people with these ids; with a ``key`` each of them gets it once.

    The address is one of ours and opens only to whom it may: a notice itself carries no results and no reasons.
    With a ``kind`` (``core.messaging.kinds``) it also leaves the house, by the words of the kind and a link alone.
    """
    now = clock.now()
    rows = [
        Notice(recipient_id=pk, title=title[:100], text=text[:1000], url=url, key=key, sent_at=now)
        for pk in sorted(set(to))
    ]
    Notice.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=bool(key))
    if kind and rows:
        outbox.write(_new_of(rows, key), kind=kind, due=due)


def _new_of(rows: list[Notice], key: str) -> list[Notice]:
    """Those of the rows that were written: the others' people had the message before."""
    if not key:
        return rows
    there = dict(Notice.objects.filter(key=key, sent_at=rows[0].sent_at).values_list("public_id", "pk"))
    for row in rows:
        row.pk = there.get(row.public_id)
    return [row for row in rows if row.pk]


def reword(*, key: str, title: str, text: str) -> int:
    """What was announced under this key no longer holds: its messages say so instead; how many there were.

    What still waits to leave the house does not.
    """
    if not key:
        return 0
    outbox.drop(key=key, reason=_("内容已撤回"))
    return Notice.objects.filter(key=key).update(title=title[:100], text=text[:1000])


def mark_read(*, user: Any, notices: Iterable[Notice] | None = None) -> int:
    """Note that the person read these of their notices, by default all; how many were new to them."""
    mine = Notice.objects.visible_to(user).unread()
    if notices is not None:
        mine = mine.filter(pk__in=[notice.pk for notice in notices])
    return mine.update(read_at=clock.now())
