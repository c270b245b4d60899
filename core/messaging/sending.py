"""Sending what the outbox holds: claimed by conditional update, tried again with pauses, never twice by two workers.

A worker that dies between the provider's answer and our note of it leaves the row *sending*; the sweeper puts it back,
and the message may leave twice. It carries the same key then, by which providers and mailboxes know it again.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core import clock
from core.messaging import backoff, bundling
from core.messaging.addresses import book, masked
from core.messaging.channels import configured
from core.messaging.choices import willing
from core.messaging.kinds import BUNDLE, MessageKind, find, kind_named
from core.messaging.models import Delivery, DeliveryQuerySet, MessageTemplate
from core.messaging.outbox import tell
from core.messaging.policy import release_time, rules_now
from core.messaging.templates import link_to, newest, text_of, written
from core.messaging.values import Message, Receipt, Refusal

logger = logging.getLogger("linghang.messages")

SILENCE = timedelta(minutes=5)  # longer than any channel takes: whoever claimed the row has died
SLICE_SECONDS = 60.0
AT_ONCE = 50  # rows looked up together
MOST_IN_BUNDLE = 200
State, Hold = Delivery.State, Delivery.Hold


@dataclass(frozen=True)
class Claimed:
    """Rows that this worker alone may send, as one message; the first leads."""

    token: UUID
    rows: list[Delivery]

    @property
    def lead(self) -> Delivery:
        return self.rows[0]


def send_due(*, seconds: float = SLICE_SECONDS) -> int:
    """Send what is due for about so long, then hand on; how many messages left or were settled."""
    started, handled = time.monotonic(), 0
    while keys := list(_due().values_list("pk", flat=True)[:AT_ONCE]):
        for key in keys:
            handled += send_one(key)
            if time.monotonic() - started > seconds:
                tell()
                return handled
    return handled


def _due() -> DeliveryQuerySet:
    return Delivery.objects.claimable(clock.now()).order_by("not_before", "pk")


def send_one(pk: int) -> bool:
    """Send the message, with those of its kind that wait beside it; False when it is not to be had, or has to wait."""
    row = Delivery.objects.claimable(clock.now()).filter(pk=pk).first()
    if row is None or _has_to_wait(row):
        return False
    claimed = _claim(row)
    if claimed is None:
        return False
    try:
        outcome, noted = _attempt(claimed)
    except Exception:
        logger.exception("message %s stumbled", row.key)
        outcome, noted = Refusal(_("系统内部错误，请查看日志"), again=True), {}
    _settle(claimed, outcome, noted)
    return True


# --- whether it may go now ---


def _has_to_wait(row: Delivery) -> bool:
    """Quiet hours, or one of the kind went to the person within the hour: all that is due of it waits."""
    now = clock.now()
    quiet = now if row.urgent else release_time(now, rules_now())
    until = max(quiet, bundling.earliest(now, _last_sent(row), urgent=row.urgent))
    if until <= now:
        return False
    hold = Hold.QUIET if until == quiet else Hold.BUNDLE
    waiting = Delivery.objects.claimable(now).of_group(row).filter(urgent=row.urgent)
    waiting.update(state=State.HELD, hold=hold, not_before=until, reason="")
    return True


def _last_sent(row: Delivery) -> datetime | None:
    """When the last message of the group left, or began to."""
    group = Delivery.objects.of_group(row).filter(state__in=(State.SENT, State.SENDING))
    last: datetime | None = group.aggregate(last=Max(Coalesce("sent_at", "claimed_at")))["last"]
    return last


# --- taking it ---


def _claim(row: Delivery) -> Claimed | None:
    """This row, and what is due of its group: each by a condition that only one worker meets."""
    token = uuid4()
    with transaction.atomic():
        if not _take(Delivery.objects.filter(pk=row.pk), token):
            return None
        if not row.urgent:
            group = Delivery.objects.claimable(clock.now()).of_group(row).filter(urgent=False).order_by("pk")
            free = group.select_for_update(skip_locked=True).values_list("pk", flat=True)[:MOST_IN_BUNDLE]
            _take(Delivery.objects.filter(pk__in=list(free)), token)
    rows = list(Delivery.objects.filter(claim=token).select_related("notice", "recipient").order_by("pk"))
    return Claimed(token, rows)


def _take(rows: DeliveryQuerySet, token: UUID) -> int:
    taken: int = rows.filter(state__in=Delivery.OPEN, not_before__lte=clock.now()).update(
        state=State.SENDING, claim=token, claimed_at=clock.database_now(), attempts=F("attempts") + 1, hold=Hold.NOT
    )
    return taken


# --- trying it ---


def _attempt(claimed: Claimed) -> tuple[Receipt | Refusal | str, dict[str, object]]:
    """What the provider said, or a sentence why there is nothing to send; and what is to be noted with it."""
    lead = claimed.lead
    channel = configured().get(lead.channel)
    if channel is None:
        return Refusal(_("本系统现在没有开通这个渠道"), again=False), {}
    unread = [row for row in claimed.rows if row.notice.read_at is None]
    if not unread:
        return _("已在站内读过"), {}
    address = book().address(lead.recipient_id, lead.channel) if _is_wanted(unread) else ""
    if not address:
        return _("收件人已停用、没有地址或关闭了这个渠道"), {}
    message, template = _message(claimed, unread, address)
    return channel.send(message), {"address": masked(address)[:100], "template": template}


def _is_wanted(rows: list[Delivery]) -> bool:
    person = rows[0].recipient
    must = any(row.must for row in rows)
    return bool(person.is_active and (must or willing([person.pk], rows[0].channel)))


def _message(claimed: Claimed, unread: list[Delivery], address: str) -> tuple[Message, MessageTemplate | None]:
    """One notice by its kind's words, several as a bundle; the link leads to the notice, or to all of them."""
    lead, count = claimed.lead, len(unread)
    kind = find(lead.kind) or kind_named(BUNDLE)
    sort = kind if count == 1 else kind_named(BUNDLE)
    row = newest(sort.name, lead.channel)
    link = link_to(unread[0].notice.public_id if count == 1 else None)
    subject, text = written(
        _titled(sort, kind), text_of(sort, lead.channel, row), link=link, due=unread[0].due, count=count
    )
    return Message(str(lead.key), address, subject, text), row


def _titled(sort: MessageKind, kind: MessageKind) -> MessageKind:
    """A bundle speaks of the kind that it bundles."""
    return sort if sort is kind else MessageKind(sort.name, kind.title, texts=sort.texts, variables=sort.variables)


# --- noting what came of it ---


def _settle(claimed: Claimed, outcome: Receipt | Refusal | str, noted: dict[str, object]) -> None:
    """Write the outcome where the claim still stands: a row that was taken away meanwhile is another worker's."""
    now = clock.now()
    mine = Delivery.objects.filter(claim=claimed.token, state=State.SENDING)
    free = {"claim": None, "claimed_at": None, **noted}
    if isinstance(outcome, Receipt):
        sent = {"state": State.SENT, "sent_at": now, "ended_at": now, "receipt": outcome.reference[:200], "reason": ""}
        with transaction.atomic():
            mine.exclude(pk=claimed.lead.pk).update(**free, **sent, lead=claimed.lead)
            mine.update(**free, **sent)
    elif isinstance(outcome, Refusal):
        for row in claimed.rows:
            mine.filter(pk=row.pk).update(**free, **_refused(row, outcome, now))
    else:
        mine.update(**free, state=State.DROPPED, reason=outcome, ended_at=now)


def _refused(row: Delivery, refusal: Refusal, now: datetime) -> dict[str, object]:
    """Given up for good or after the last attempt; else tried again, not earlier than the provider asked for."""
    if not refusal.again or backoff.is_last(row.attempts):
        return {"state": State.GIVEN_UP, "reason": refusal.reason[:300], "ended_at": now}
    later = now + timedelta(seconds=backoff.delay(row.attempts, refusal.after))
    return {"state": State.FAILED, "reason": refusal.reason[:300], "not_before": later}


# --- what was forgotten ---


def sweep() -> int:
    """Free what a dead worker held, tell Celery of what is due; how many rows were freed."""
    lost = Delivery.objects.filter(state=State.SENDING, claimed_at__lt=clock.database_now() - SILENCE)
    freed = {"claim": None, "claimed_at": None, "reason": _("发送中断，不知道是否已经发出")}
    tired = lost.filter(attempts__gte=backoff.MAX_ATTEMPTS)
    count = tired.update(**freed, state=State.GIVEN_UP, ended_at=clock.now())
    count += lost.update(**freed, state=State.FAILED, not_before=clock.now())
    if _due().exists():
        tell()
    return count
