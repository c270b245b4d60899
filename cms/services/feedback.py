"""Messages to the office: sent once, answered with a sentence, closed when done."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import FeedbackMessage
from cms.querysets import OFFICE_ROLES
from core import clock
from core.errors import Conflict, DomainError
from people.scopes import has_role

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is mistaken for another
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
SHORTEST, LONGEST = 5, 2000


def new_code() -> str:
    """Eight signs in two groups; 39 bits, so it cannot be guessed through a limited page."""
    signs = "".join(secrets.choice(LETTERS) for _n in range(8))
    return f"{signs[:4]}-{signs[4:]}"


def path_only(page_path: str) -> str:
    """The path of the page without address and parameters, which may name people."""
    path = urlsplit(page_path.strip()).path if page_path.strip().startswith("/") else ""
    return "" if path.startswith("//") else path[:200]


def _refuse_unfit(message: str) -> None:
    if len(message) < SHORTEST:
        raise DomainError(_("内容太短，请用一两句话写清楚遇到了什么。"), code="message")
    if len(message) > LONGEST:
        raise DomainError(_("内容超过 2000 字，请删减后再提交。"), code="message")
    if ID_NUMBER.search(message):
        raise DomainError(_("内容里好像有身份证号，请删去后再提交，这里不需要填写身份证号。"), code="message")


@transaction.atomic
def send_feedback(
    *, author: Any | None, client_key: UUID, category: str, message: str, page_path: str = "", contact: str = ""
) -> FeedbackMessage:
    """Keep a message; a repeat with the same ``client_key`` gives the first one back.

    ``author`` is None for a visitor. DomainError when the text is too short, too long or holds an ID number.
    """
    text = message.strip()
    _refuse_unfit(text)
    values = {
        "code": new_code(),
        "category": FeedbackMessage.Category(category),
        "message": text,
        "page_path": path_only(page_path),
        "contact": contact.strip()[:100],
        "author": author,
    }
    row: FeedbackMessage
    row, made = FeedbackMessage.objects.get_or_create(client_key=client_key, defaults=values)
    if made:
        log(instance=row, action="cms.feedback_sent", user=author)
    return row


def _change(message: FeedbackMessage, **values: Any) -> FeedbackMessage:
    """Write where nobody changed the state in between."""
    changed = FeedbackMessage.objects.filter(pk=message.pk, state=message.state).update(**values)
    if not changed:
        raise Conflict
    message.refresh_from_db()
    return message


def _refuse_others(actor: Any) -> None:
    if not has_role(actor, *OFFICE_ROLES):
        raise DomainError(_("只有培训处可以答复意见反馈。"))


@transaction.atomic
def answer_feedback(*, actor: Any, message: FeedbackMessage, reply: str, close: bool = False) -> FeedbackMessage:
    """Store the reply that the writer will read; with ``close`` nothing further follows."""
    _refuse_others(actor)
    text = reply.strip()
    if len(text) < 2:
        raise DomainError(_("请写下答复内容，提出人会看到它。"))
    if message.state == FeedbackMessage.State.CLOSED:
        raise DomainError(_("这条反馈已经办结，不能再修改答复。"))
    now = clock.now()
    state = FeedbackMessage.State.CLOSED if close else FeedbackMessage.State.ANSWERED
    values = {"reply": text[:LONGEST], "answered_by": actor, "answered_at": now, "closed_at": now if close else None}
    row = _change(message, state=state, **values)
    log(instance=row, action="cms.feedback_answered", user=actor, data={"closed": close})
    return row


@transaction.atomic
def close_feedback(*, actor: Any, message: FeedbackMessage) -> FeedbackMessage:
    """Close an answered message."""
    _refuse_others(actor)
    if message.state != FeedbackMessage.State.ANSWERED:
        raise DomainError(_("请先答复，再办结。"))
    row = _change(message, state=FeedbackMessage.State.CLOSED, closed_at=clock.now())
    log(instance=row, action="cms.feedback_closed", user=actor)
    return row
