"""Kinds of messages, registered by the apps in their ``message_kinds.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.messaging import wording

MAIL, SMS, WECOM = "mail", "sms", "wecom"
CHANNELS = (MAIL, SMS, WECOM)
TITLES = {MAIL: _("电子邮件"), SMS: _("短信"), WECOM: _("企业微信")}
BUNDLE = "bundle"

TEXTS: Mapping[str, str] = {
    MAIL: (
        "您有一条新消息：{事项}。[请于{期限}前办理。]\n\n请登录{系统}查看：\n{链接}\n\n"
        "此邮件由系统发出，请勿回复。不想再收到，可在“我的账号”中关闭。"
    ),
    SMS: "{事项}[，请于{期限}前办理]。请登录{系统}查看：{链接}",
    WECOM: "{事项}[，请于{期限}前办理]。\n请登录{系统}查看：{链接}",
}
BUNDLE_TEXTS: Mapping[str, str] = {
    MAIL: "您有 {条数} 条新消息：{事项}。\n\n请登录{系统}查看：\n{链接}\n\n此邮件由系统发出，请勿回复。",
    SMS: "您有 {条数} 条新消息：{事项}。请登录{系统}查看：{链接}",
    WECOM: "您有 {条数} 条新消息：{事项}。\n请登录{系统}查看：{链接}",
}


@dataclass(frozen=True)
class MessageKind:
    """What one sort of message says outside: a title that is the same for everybody, and the built-in texts."""

    name: str
    title: Any
    channels: tuple[str, ...] = CHANNELS
    urgent: bool = False
    mandatory: bool = False
    texts: Mapping[str, str] = field(default_factory=lambda: TEXTS, hash=False)
    variables: tuple[str, ...] = wording.VARIABLES


_kinds: dict[str, MessageKind] = {}


def register(
    name: str,
    title: Any,
    *,
    channels: tuple[str, ...] = CHANNELS,
    urgent: bool = False,
    mandatory: bool = False,
    texts: Mapping[str, str] | None = None,
    variables: tuple[str, ...] = wording.VARIABLES,
) -> MessageKind:
    """Make a kind known. ``title`` names no person, class or result: it leaves the house.

    ``urgent`` goes in quiet hours and by itself; ``mandatory`` may go by mail to those who switched mail off, where the
    office's rules say so. ValueError for an unknown channel or a built-in text that could not be kept.
    """
    own = {channel: (texts or {}).get(channel, TEXTS[channel]) for channel in CHANNELS}
    if not set(channels) <= set(CHANNELS):
        raise ValueError(f"{name}: unknown channel in {channels}")
    for text in own.values():
        wording.check(text, variables)
    _kinds[name] = MessageKind(name, title, channels, urgent, mandatory, own, variables)
    return _kinds[name]


def kind_named(name: str) -> MessageKind:
    """KeyError for a kind that no app registered: a slip of the programme."""
    return _kinds[name]


def find(name: str) -> MessageKind | None:
    return _kinds.get(name)


def every() -> list[MessageKind]:
    """All kinds in the order of their titles' registration."""
    return list(_kinds.values())


register(BUNDLE, _("多条消息合并"), texts=BUNDLE_TEXTS, variables=wording.OF_BUNDLES)
