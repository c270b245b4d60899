"""Two people at once in the class space: editors of one notice, a double click, a post against the closing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cohorts import services
from cohorts.models import ClassNotice, Cohort, CohortState, Post
from cohorts.services import space
from cohorts.services.space import notices as notice_service
from core import clock
from core.errors import Conflict, DomainError
from core.models import Notice
from tests.cohorts.test_races import at_once
from tests.factories import space as made
from tests.factories.cohorts import AFTER, CohortFactory, office, ready_to_close, teacher_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def after_the_week() -> Iterator[None]:
    with clock.freeze(AFTER):
        yield


def edits(notice: ClassNotice) -> list[Callable[[], Any]]:
    return [
        lambda who=who, text=text: space.edit_notice(
            actor=who, notice=notice, version=notice.version, title="调课", text=text
        )
        for who, text in ((teacher_of(notice.cohort), "二楼"), (office(), "五楼"))
    ]


def test_of_two_editors_the_later_is_told() -> None:
    notice = made.notice(CohortFactory(running=True, members=2))
    results = at_once(*edits(notice))
    assert sum(isinstance(r, Conflict) for r in results) == 1
    winner = next(r for r in results if isinstance(r, ClassNotice))
    assert ClassNotice.objects.get().text == winner.text and ClassNotice.objects.get().version == 2


def test_control_without_the_version_the_first_edit_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(now: ClassNotice, version: int, is_out: bool) -> None:
        ClassNotice.objects.filter(pk=now.pk).update(text=now.text)

    monkeypatch.setattr(notice_service, "_check_edit", lambda now, version: None)
    monkeypatch.setattr(notice_service, "_write_edit", careless)
    notice = made.notice(CohortFactory(running=True, members=2))
    results = [edit() for edit in edits(notice)]
    assert not [r for r in results if isinstance(r, Conflict)]
    assert ClassNotice.objects.get().text == "五楼", "the first edit is gone and nobody was told"


def test_a_double_click_at_the_same_moment_writes_once() -> None:
    cohort = CohortFactory(running=True, members=2)
    topic, user, key = made.topic(cohort), cohort.memberships.first().user, uuid.uuid4()
    results = at_once(*[lambda: made.answer(topic, user, client_key=key)] * 2)
    assert {type(r).__name__ for r in results} == {"Post"} and len({r.pk for r in results}) == 1
    assert Post.objects.count() == 2


def test_control_a_key_of_its_own_each_time_writes_twice() -> None:
    cohort = CohortFactory(running=True, members=2)
    topic, user = made.topic(cohort), cohort.memberships.first().user
    at_once(*[lambda: made.answer(topic, user)] * 2)
    assert Post.objects.count() == 3


def test_two_announcers_tell_each_member_once() -> None:
    cohort = CohortFactory(running=True, members=3)
    notice = made.notice(cohort)
    ClassNotice.objects.update(sent_at=None)
    Notice.objects.all().delete()
    at_once(space.announce_due, space.announce_due)
    assert Notice.objects.filter(key=f"class-notice:{notice.public_id}").count() == 3


def test_a_post_against_the_closing_is_in_before_it_or_refused() -> None:
    cohort = ready_to_close(members=2)
    topic, user = made.topic(cohort), cohort.memberships.first().user
    closing, post = at_once(
        lambda: services.close(actor=office(), cohort=Cohort.objects.get(pk=cohort.pk)),
        lambda: made.answer(topic, user),
    )
    assert Cohort.objects.get(pk=cohort.pk).state == CohortState.CLOSED and not isinstance(closing, DomainError)
    written = Post.objects.filter(topic=topic, is_opening=False).count()
    assert written == (0 if isinstance(post, DomainError) else 1)
