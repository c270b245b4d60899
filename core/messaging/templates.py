"""The words of each kind on each channel: versions, the built-in text, a preview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.errors import Conflict, DomainError
from core.messaging import wording
from core.messaging.channels import configured, sign_of
from core.messaging.kinds import SMS, WECOM, MessageKind, kind_named
from core.messaging.models import MessageTemplate
from core.messaging.segments import segments, units
from core.messaging.values import Channel
from core.messaging.wecom import LONGEST as LONGEST_WECOM

SAMPLE_KEY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Preview:
    """What a reader would get, how long it is, and in how many parts a short message is paid."""

    subject: str
    text: str
    units: int
    segments: int


def newest(kind: str, channel: str) -> MessageTemplate | None:
    """The version in force, also one that went back to the built-in text."""
    return MessageTemplate.objects.filter(kind=kind, channel=channel).order_by("-version").first()


def text_of(kind: MessageKind, channel: str, row: MessageTemplate | None) -> str:
    return row.text if row and row.text else kind.texts[channel]


def written(kind: MessageKind, text: str, *, link: str, due: date | None = None, count: int = 0) -> tuple[str, str]:
    """Subject and text. Nothing but these values can stand in a message: no word of the notice comes here."""
    with translation.override("zh-hans"):
        title = str(kind.title)
    values = {
        wording.PRODUCT: settings.WAGTAIL_SITE_NAME,
        wording.MATTER: title,
        wording.LINK: link,
        wording.DUE: f"{due.month}月{due.day}日" if due else "",
        wording.COUNT: str(count),
    }
    return title, wording.render(text, {name: values[name] for name in kind.variables})


def link_to(public_id: object | None) -> str:
    """The absolute address behind which a person signs in: one notice, or the list of all."""
    path = reverse("core:notice", args=[public_id]) if public_id else reverse("core:notices")
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"


def preview(kind: MessageKind, channel: str, text: str, *, due: date | None = None) -> Preview:
    """The text with sample values, as it would be sent."""
    subject, words = written(kind, text, link=link_to(SAMPLE_KEY), due=due, count=3)
    return Preview(subject, words, units(words), segments(words, sign=sign_of(channel)) if channel == SMS else 0)


def preview_now(kind: MessageKind, channel: str) -> Preview:
    """The version in force with sample values."""
    return preview(kind, channel, text_of(kind, channel, newest(kind.name, channel)))


def outside_words(name: str) -> list[tuple[Channel, Preview]]:
    """What a message of the kind says on each channel of this installation, with sample values."""
    kind = kind_named(name)
    return [(channel, preview_now(kind, key)) for key, channel in configured().items() if key in kind.channels]


def checked(kind: MessageKind, channel: str, text: str) -> str:
    """The words as they would be kept; DomainError with a sentence for those that cannot be used."""
    try:
        words = wording.check(text, kind.variables)
    except wording.WordingProblem as problem:
        raise DomainError(str(problem)) from problem
    if channel == WECOM and len(preview(kind, channel, words).text.encode()) > LONGEST_WECOM:
        raise DomainError(_("企业微信的一条消息最多 2048 字节（约 680 个汉字），请精简。"))
    return words


@transaction.atomic
def put_template(*, actor: Any, kind: MessageKind, channel: str, text: str, version: int) -> MessageTemplate:
    """A new version over the one that was read (``version``, 0 for none); DomainError for words that cannot be used."""
    return _written(actor, kind, channel, version, checked(kind, channel, text))


@transaction.atomic
def reset_template(*, actor: Any, kind: MessageKind, channel: str, version: int) -> MessageTemplate:
    """Back to the built-in text, as a version of its own; DomainError where it stands already."""
    row = newest(kind.name, channel)
    if row is None or not row.text:
        raise DomainError(_("现在用的就是内置文字，不需要恢复。"))
    return _written(actor, kind, channel, version, "")


def _written(actor: Any, kind: MessageKind, channel: str, version: int, text: str) -> MessageTemplate:
    if channel not in configured():
        raise DomainError(_("本系统没有开通这个渠道，请刷新页面。"))
    row = newest(kind.name, channel)
    if (row.version if row else 0) != version:
        raise Conflict(_("这个模板刚由他人修改，您的修改没有写入。请刷新后再改。"))
    if text and text == text_of(kind, channel, row):
        raise DomainError(_("文字没有变化，不需要保存。"))
    made = MessageTemplate(kind=kind.name, channel=channel, version=version + 1, text=text, by=actor)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as twice:
        raise Conflict(_("这个模板刚由他人修改，您的修改没有写入。请刷新后再改。")) from twice
    words = {"title": str(kind.title), "channel": str(made.get_channel_display()), "version": made.version}
    log(made, "core.messages.template" if text else "core.messages.template_reset", user=actor, data=words)
    return made
