"""Two workers and one message: it leaves once, and it is the claim that holds it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import OperationalError, connections

from core import clock, notices
from core.errors import DomainError
from core.messaging import kinds, sending, templates
from core.messaging.values import Message, Receipt, Refusal
from core.models import Delivery, MessageTemplate, Notice
from tests.conftest import MOMENT
from tests.core.messaging import Scripted, notify, reader, use_channels
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def standing_clock() -> Any:
    with clock.freeze(MOMENT):
        yield


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    return use_channels(monkeypatch, "mail")["mail"]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; what each returned or raised."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results[place] = act()
        except (DomainError, OperationalError) as trouble:
            results[place] = trouble
        finally:
            connections["default"].close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_two_workers_send_it_once(mail: Scripted) -> None:
    for number in range(8):
        (row,) = notify(reader(number=number))
        results = at_once(*[lambda pk=row.pk: sending.send_one(pk)] * 2)
        assert sorted(map(bool, results)) == [False, True], results
    assert len(mail.sent) == 8 == len({message.key for message in mail.sent})


def test_two_workers_empty_the_outbox_without_a_double(mail: Scripted) -> None:
    people = [reader(number=number) for number in range(20)]
    for _n in range(2):
        notify(*people)
    at_once(sending.send_due, sending.send_due, sending.send_due)
    rows = Delivery.objects.all()
    assert {row.state for row in rows} <= {"sent", "held"}
    keys = [message.key for message in mail.sent]
    assert len(keys) == len(set(keys)) and len(keys) >= 20
    assert {message.address for message in mail.sent} == {person.email for person in people}


def test_the_same_cause_announced_by_two_at_once_leaves_once(mail: Scripted) -> None:
    person = reader()
    at_once(*[lambda: notices.send(to=[person.pk], title="通知", key="class-notice:1", kind="class.notice")] * 2)
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 1)


def test_two_people_write_the_same_words_and_the_later_is_told(mail: Scripted) -> None:
    actor, kind = UserFactory(), kinds.kind_named("leave.waiting")

    def put(text: str) -> MessageTemplate:
        return templates.put_template(actor=actor, kind=kind, channel="mail", text=text, version=0)

    results = at_once(lambda: put("{事项}：{链接}"), lambda: put("{链接}（{事项}）"))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "MessageTemplate"]
    assert MessageTemplate.objects.count() == 1


class Meeting(Scripted):
    """A provider at whose door both workers meet before either is answered."""

    def __init__(self) -> None:
        super().__init__("mail")
        self.door = Barrier(2)

    def send(self, message: Message) -> Receipt | Refusal:
        self.door.wait(10)
        return super().send(message)


def test_control_without_the_claim_both_send_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same two workers, taking the row without asking whether it is free."""
    meeting = Meeting()
    use_channels(monkeypatch, "mail")
    monkeypatch.setattr("core.messaging.sending.configured", lambda: {"mail": meeting})
    (row,) = notify(reader())

    def careless(found: Delivery) -> sending.Claimed:
        whole = Delivery.objects.select_related("notice", "recipient").get(pk=found.pk)
        return sending.Claimed(row.key, [whole])

    monkeypatch.setattr(sending, "_claim", careless)
    at_once(*[lambda: sending.send_one(row.pk)] * 2)
    assert [message.key for message in meeting.sent] == [str(row.key)] * 2
