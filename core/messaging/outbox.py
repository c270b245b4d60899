"""The outbox: messages are written in the transaction of their notice, and sent by whoever gets to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import Conflict, DomainError
from core.jobs.telling import tell_task
from core.messaging.addresses import book
from core.messaging.channels import configured
from core.messaging.choices import willing
from core.messaging.kinds import MAIL, MessageKind, kind_named
from core.messaging.models import Delivery, DeliveryQuerySet, MessageRules
from core.messaging.policy import release_time, rules_now

BATCH = 500
AGAIN_WITHIN = timedelta(days=7)
TASK = "core.send_messages"
State = Delivery.State


def write(notices: Sequence[Any], *, kind: str, due: date | None = None) -> int:
    """Put into the outbox what these new notices say outside; how many messages. Constant queries per channel."""
    sort = kind_named(kind)
    channels = [name for name in configured() if name in sort.channels]
    if not notices or not channels:
        return 0
    rules = rules_now()
    now = clock.now()
    when = now if sort.urgent else release_time(now, rules)
    rows = [
        _row(notice, name, sort, due, when, held=when > now, must=_must(sort, name, rules))
        for name in channels
        for notice in _reached(notices, name, must=_must(sort, name, rules))
    ]
    Delivery.objects.bulk_create(rows, batch_size=BATCH)
    if any(row.state == State.WAITING for row in rows):
        transaction.on_commit(tell)
    return len(rows)


def _must(kind: MessageKind, channel: str, rules: MessageRules) -> bool:
    """Whether it goes regardless of the person's choice."""
    return kind.mandatory and channel == MAIL and rules.mandatory_by_mail


def _reached(notices: Iterable[Any], channel: str, *, must: bool) -> list[Any]:
    people = {notice.recipient_id for notice in notices}
    reached = book().reachable(people if must else willing(people, channel), channel)
    return [notice for notice in notices if notice.recipient_id in reached]


def _row(
    notice: Any, channel: str, kind: MessageKind, due: date | None, when: datetime, *, held: bool, must: bool
) -> Delivery:
    return Delivery(
        notice_id=notice.pk,
        recipient_id=notice.recipient_id,
        channel=channel,
        kind=kind.name,
        due=due,
        urgent=kind.urgent,
        must=must,
        state=State.HELD if held else State.WAITING,
        hold=Delivery.Hold.QUIET if held else Delivery.Hold.NOT,
        not_before=when,
        created_at=notice.sent_at,
    )


def tell() -> None:
    """Tell Celery that something waits; the rows stay if nobody hears it, and the sweeper tells again."""
    tell_task(TASK)


def drop(*, key: str, reason: str) -> int:
    """What still waits for the notices of this key is not sent any more; how many messages."""
    waiting = Delivery.objects.open().filter(notice__key=key)
    return waiting.update(state=State.DROPPED, reason=reason[:300], hold=Delivery.Hold.NOT, ended_at=clock.now())


def _fresh() -> dict[str, Any]:
    return {
        "state": State.WAITING,
        "attempts": 0,
        "reason": "",
        "hold": Delivery.Hold.NOT,
        "lead": None,
        "not_before": clock.now(),
        "ended_at": None,
    }


@transaction.atomic
def send_again(*, actor: Any, delivery: Delivery) -> Delivery:
    """Put a message that was given up back into the outbox, with fresh attempts; Conflict when it has moved on."""
    if delivery.channel not in configured():
        raise DomainError(_("本系统现在没有开通这个渠道，不能再发。"))
    if not Delivery.objects.filter(pk=delivery.pk, state=State.GIVEN_UP).update(**_fresh()):
        raise Conflict(_("这条消息不在“已放弃”状态，不需要再发。"))
    words = {"title": delivery.kind_title, "channel": str(delivery.get_channel_display())}
    log(delivery, "core.messages.again", user=actor, data=words)
    transaction.on_commit(tell)
    delivery.refresh_from_db()
    return delivery


def given_up_lately(actor: Any) -> DeliveryQuerySet:
    """What was given up within a week, in the actor's reach, on channels that exist: news older than that is none."""
    lately = Delivery.objects.visible_to(actor).filter(state=State.GIVEN_UP, channel__in=list(configured()))
    return lately.filter(created_at__gt=clock.now() - AGAIN_WITHIN)


@transaction.atomic
def send_all_again(*, actor: Any) -> int:
    """Put all of that back into the outbox, as after a fault of the provider's or ours; how many messages."""
    first = given_up_lately(actor).order_by("pk").first()
    count = given_up_lately(actor).update(**_fresh()) if first else 0
    if first is None or not count:
        raise DomainError(_("近 7 天内没有已放弃的消息，不需要再发。"))
    log(first, "core.messages.again_all", user=actor, data={"count": count})
    transaction.on_commit(tell)
    return count
