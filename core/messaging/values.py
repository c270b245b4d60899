"""What passes between the outbox and a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Message:
    """One message ready to leave: ``key`` is the same at every attempt, ``address`` is the channel's own."""

    key: str
    address: str
    subject: str
    text: str


@dataclass(frozen=True)
class Receipt:
    """The provider took it; ``reference`` is its own number of the message, where it gives one."""

    reference: str = ""


@dataclass(frozen=True)
class Refusal:
    """The provider did not take it; ``again`` where a later attempt may succeed, not before ``after`` seconds."""

    reason: str
    again: bool
    after: float | None = None


class Channel(Protocol):
    """A way out of the house."""

    name: str
    title: Any

    def send(self, message: Message) -> Receipt | Refusal:
        """Hand the message to the provider; never raises for what the provider or the network does."""
