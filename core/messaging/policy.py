"""The office's rules for what leaves the house: quiet hours, and what goes regardless of a person's choice."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.errors import Conflict, DomainError
from core.messaging.models import MessageRules
from core.messaging.quiet import LOOK_AHEAD, QuietHours, release
from core.models import CalendarDay

AT_LEAST_AWAKE = timedelta(hours=4)  # a day has to leave time in which messages go out


def rules_now() -> MessageRules:
    """The newest version; before the first one the standard: 21:30 to 8:00. One query."""
    return MessageRules.objects.order_by("-version").first() or MessageRules(version=0)


def quiet_hours(rules: MessageRules) -> QuietHours:
    return QuietHours(rules.quiet_from, rules.quiet_to, rules.quiet_rest_days)


def release_time(moment: datetime, rules: MessageRules) -> datetime:
    """When a message that is not urgent may go. One query, where days of rest count."""
    here = localtime(moment)
    first, last = here.date(), here.date() + timedelta(days=LOOK_AHEAD)
    exceptions = CalendarDay.objects.exceptions(first, last) if rules.quiet_rest_days else {}
    later = release(here, quiet_hours(rules), exceptions)
    return moment if later == here else later


@transaction.atomic
def put_rules(
    *, actor: Any, version: int, quiet_from: time, quiet_to: time, quiet_rest_days: bool, mandatory_by_mail: bool
) -> MessageRules:
    """A new version of the rules, over the one that was read (``version``); Conflict when there is a newer one.

    Messages that wait already keep their hour.
    """
    before = rules_now()
    if before.version != version:
        raise Conflict(_("规则刚由他人修改，您的修改没有写入。请刷新后再改。"))
    _check_span(quiet_from, quiet_to)
    made = MessageRules(
        version=version + 1, quiet_from=quiet_from, quiet_to=quiet_to, by=actor,
        quiet_rest_days=quiet_rest_days, mandatory_by_mail=mandatory_by_mail,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as twice:
        raise Conflict(_("规则刚由他人修改，您的修改没有写入。请刷新后再改。")) from twice
    words = {"span": f"{quiet_from:%H:%M}–{quiet_to:%H:%M}", "version": made.version}
    log(made, "core.messages.rules", user=actor, data=words)
    return made


def _check_span(begins: time, ends: time) -> None:
    minutes = (ends.hour * 60 + ends.minute - begins.hour * 60 - begins.minute) % (24 * 60)
    if timedelta(days=1) - timedelta(minutes=minutes) < AT_LEAST_AWAKE:
        raise DomainError(_("免打扰时段太长：每天至少留出 4 小时发送消息。"))
