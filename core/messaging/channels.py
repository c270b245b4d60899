"""The channels of this installation: what is not configured does not exist."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from core.messaging.fake import FakeChannel
from core.messaging.kinds import CHANNELS, MAIL, SMS, WECOM
from core.messaging.mail import MailChannel
from core.messaging.sms import SmsChannel
from core.messaging.values import Channel
from core.messaging.wecom import WeComChannel


def configured() -> dict[str, Channel]:
    """The channels by name, in the order in which screens list them."""
    return {name: channel for name in CHANNELS if (channel := _channel(name)) is not None}


def _channel(name: str) -> Channel | None:
    if name in settings.LINGHANG_FAKE_CHANNELS:
        return FakeChannel(name=name, file=Path(settings.LINGHANG_FAKE_FILE))
    if name == MAIL:
        return MailChannel() if settings.LINGHANG_MAIL else None
    if name == SMS:
        return SmsChannel(**settings.LINGHANG_SMS) if settings.LINGHANG_SMS else None
    if name == WECOM:
        return WeComChannel(**settings.LINGHANG_WECOM) if settings.LINGHANG_WECOM else None
    return None


def sign_of(channel: str) -> str:
    """What the provider puts before each short message."""
    return str(settings.LINGHANG_SMS["sign"]) if channel == SMS and settings.LINGHANG_SMS else ""
