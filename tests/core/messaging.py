"""What the tests of messages share: a channel that a test speaks for, people who can be reached."""

from __future__ import annotations

from threading import Lock
from typing import Any

from core import notices
from core.messaging import kinds
from core.messaging.values import Message, Receipt, Refusal
from core.models import Delivery
from tests.factories.people import UserFactory


class Scripted:
    """A channel that keeps what it is given and answers what the test says; the last answer for ever."""

    def __init__(self, name: str) -> None:
        self.name, self.title = name, kinds.TITLES[name]
        self.answers: list[Receipt | Refusal | Exception] = [Receipt("r-1")]
        self.sent: list[Message] = []
        self._lock = Lock()

    def send(self, message: Message) -> Receipt | Refusal:
        with self._lock:
            self.sent.append(message)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


USERS_OF_CHANNELS = (
    "core.messaging.outbox.configured",
    "core.messaging.sending.configured",
    "core.messaging.choices.configured",
    "core.messaging.templates.configured",
    "people.office.deliveries.configured",
    "people.office.message_pages.configured",
)


def use_channels(monkeypatch: Any, *names: str) -> dict[str, Scripted]:
    """These channels exist, and nothing is told to a broker."""
    made = {name: Scripted(name) for name in names}
    for place in USERS_OF_CHANNELS:
        monkeypatch.setattr(place, lambda: dict(made))
    monkeypatch.setattr("core.messaging.outbox.tell_task", lambda name: True)
    return made


def reader(**more: Any) -> Any:
    """Somebody with a mail address and a telephone."""
    number = more.pop("number", "1")
    return UserFactory(full=True, email=f"reader{number}@example.cn", **more)


def notify(*people: Any, kind: str = "leave.waiting", **more: Any) -> list[Delivery]:
    """Send a notice of a kind; the messages that stand in the outbox since."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    notices.send(to=[person.pk for person in people], title="有一份请假申请待您审批", kind=kind, **more)
    return list(Delivery.objects.exclude(pk__in=before).order_by("pk"))
