"""Databases, the clock, and the ten personas that every test of a page names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management.commands import flush
from django.db import connection, connections
from django.test import Client
from factory.django import DjangoModelFactory

from core import clock
from courses.reading import frozen
from tests import databases

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 9, 14, 10, 0, tzinfo=SHANGHAI)


DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


def asks_a_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db")) or not DATABASE_FIXTURES.isdisjoint(item.fixturenames)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks no database, or asks both alike, runs once, on SQLite; controls that need row locks on PostgreSQL."""
    if connection.vendor == "postgresql":
        here = [item for item in items if asks_a_database(item) and not item.get_closest_marker("once")]
    else:
        here = [item for item in items if not item.get_closest_marker("row_locks")]
    config.hook.pytest_deselected(items=sorted(set(items) - set(here), key=lambda item: item.nodeid))
    items[:] = here


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[None]:
    """A migrated copy for this worker; what a committing test leaves behind is replaced by a fresh copy."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock():
        copy = databases.copies(worker)
        with databases.one_at_a_time():
            copy.prepare()
            copy.copy()
        connections["default"].settings_dict["NAME"] = copy.name
        patch = pytest.MonkeyPatch()
        patch.setattr(flush.Command, "handle", lambda self, **options: copy.copy())
        yield
        patch.undo()
        copy.drop()


@pytest.fixture(autouse=True)
def same_people_every_time() -> None:
    """Factories count from 0 in every test, so that names and numbers do not depend on the tests before."""
    kinds = [DjangoModelFactory]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if not kind._meta.abstract:
            kind.reset_sequence(0, force=True)


@pytest.fixture(autouse=True)
def editions_as_a_new_process_finds_them() -> None:
    frozen.forget()


@pytest.fixture
def frozen_clock() -> Iterator[datetime]:
    """The clock stands at Monday, 14 September 2026, 10:00 in Shanghai."""
    with clock.freeze(MOMENT):
        yield MOMENT


@pytest.fixture
def at() -> Callable[..., AbstractContextManager[None]]:
    """``with at(2026, 9, 7, 9):`` — hold the clock at that moment in Shanghai."""
    return lambda *parts: clock.freeze(datetime(*parts, tzinfo=SHANGHAI))


@pytest.fixture
def reference(db: None) -> None:
    """The competency framework, the first hour rule and the first requirement policy."""
    from competencies.services import load_framework
    from records.services import install_first_policies

    load_framework()
    install_first_policies()


@pytest.fixture
def personas(db: None) -> dict[str, Any]:
    """The people of the URL table by role, on a small tree of units."""
    from tests.factories.people import make_personas

    return make_personas()


@pytest.fixture
def signed_in(client: Client) -> Callable[[Any], Client]:
    """``signed_in(user)`` — a browser in which the user is signed in."""

    def sign_in(user: Any) -> Client:
        browser = Client()
        browser.force_login(user, backend="people.backends.RoleBackend")
        return browser

    return sign_in


@pytest.fixture
def on_postgres(db: None) -> bool:
    """Whether row locks exist: on SQLite writers queue up, and a race shows as one after the other."""
    return connection.vendor == "postgresql"
