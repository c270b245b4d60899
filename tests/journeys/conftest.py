"""The demo's story behind a live server, and browsers that look at it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.live_server_helper import LiveServer

from core import clock
from tests import databases
from tests.browser import ARGS, CHROMIUM
from tests.journeys.story import NOW

PATIENCE = 15_000  # ms that a click may take on a busy machine


@dataclass(frozen=True)
class House:
    """The running product: its address and the accounts of the demo by login."""

    url: str
    accounts: dict[str, dict[str, str]]

    def account(self, login: str) -> dict[str, str]:
        return self.accounts[login]


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """A copy of the story's database under this module's tests; the clock stands in the running class's week."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    at = connections["default"].settings_dict
    with django_db_blocker.unblock():
        before, copy = at["NAME"], databases.story_copies(worker)
        with databases.one_at_a_time():
            databases.prepare_story(copy, worker)
            copy.copy()
        at["NAME"] = copy.name
        files = databases.story_files()
        shutil.copytree(files / "private", settings.PRIVATE_ROOT, dirs_exist_ok=True)
        with override_settings(MEDIA_ROOT=files / "media"), clock.freeze(NOW):
            yield {row["login"]: row for row in json.loads((files / "accounts.json").read_text(encoding="utf-8"))}
        copy.drop()
        at["NAME"] = before
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture(scope="module")
def house(story: dict[str, Any]) -> Iterator[House]:
    """The product on a port of its own, in this process: the frozen clock holds for it as well."""
    server = LiveServer("127.0.0.1")
    yield House(server.url, story)
    server.stop()


@pytest.fixture(autouse=True)
def a_clean_cache() -> None:
    """Counters of one test do not refuse another."""
    cache.clear()


@pytest.fixture(scope="module")
def chromium(story: dict[str, Any]) -> Iterator[Browser]:
    """While Playwright's loop runs, Django keeps another connection for this thread: it ends with the loop."""
    with sync_playwright() as playwright:
        connections.close_all()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()
        connections.close_all()


OpenWindow = Callable[..., BrowserContext]


@pytest.fixture
def window(chromium: Browser, house: House) -> Iterator[OpenWindow]:
    """``window(width=390)`` — a browser of one person, with nothing of the others' in it."""
    opened: list[BrowserContext] = []

    def open_window(*, width: int = 1440, height: int = 900, **options: Any) -> BrowserContext:
        size = {"width": width, "height": height}
        place = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
        context = chromium.new_context(viewport=size, base_url=house.url, **{**place, **options})
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()
