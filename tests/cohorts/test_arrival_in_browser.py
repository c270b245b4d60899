"""The desk at the door on a phone: a name is typed, tapped once, photographed; without scripts as well."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, expect

from cohorts.models import Cohort, MemberPhoto
from core import clock
from people.models import User
from people.names import initials, sort_key
from tests.browser import PHONE, launch
from tests.factories.cohorts import FIRST, CohortFactory, host, people, picture, teacher_of
from tests.factories.people import UnitFactory, UserFactory
from tests.journeys.looking import faults

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LONG = "阿卜杜热合曼·麦麦提依明江艾力"


@pytest.fixture(autouse=True)
def first_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with clock.freeze(FIRST):
        yield


@pytest.fixture
def cohort() -> Cohort:
    bureau = UnitFactory(parent=host(), name="云山市大数据发展和政务服务管理委员会办公室")
    long = UserFactory(unit=bureau, managed_by=bureau, name=LONG, sort_key=sort_key(LONG), initials=initials(LONG))
    made: Cohort = CohortFactory(confirmed=True, members=[long, *people(5, bureau)], size=3)
    return made


@contextmanager
def phone_of(user: User, live_server: Any, **options: Any) -> Iterator[BrowserContext]:
    with launch(width=PHONE, has_touch=True, base_url=live_server.url, **options) as context:
        browser = Client()
        browser.force_login(user, backend="people.backends.RoleBackend")
        value = browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        try:
            yield context
        finally:
            connection.close()


def test_a_name_is_typed_tapped_and_photographed(live_server: Any, cohort: Cohort) -> None:
    with phone_of(teacher_of(cohort), live_server) as context:
        page = context.new_page()
        page.goto(reverse("cohorts:arrival-desk", args=[cohort.public_id]))
        assert list(faults(page)) == []
        page.get_by_role("searchbox").fill("abd")
        expect(page.locator("[data-words]:visible")).to_have_count(1)
        row = page.locator("[data-words]:visible")
        button = row.get_by_role("button", name="报到")
        place = button.bounding_box()
        button.tap()
        expect(page.locator("#arrival-total")).to_contain_text("已报到 1 / 6 人")
        expect(row).to_contain_text("已报到")
        assert place
        page.touchscreen.tap(place["x"] + 20, place["y"] + 20)  # the second tap of a hurried hand
        page.wait_for_timeout(300)
        expect(page.locator("#arrival-total")).to_contain_text("已报到 1 / 6 人")
        row.get_by_text("更多").tap()
        row.get_by_role("link", name="拍照片").tap()
        page.set_input_files("input[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()})
        page.get_by_role("button", name="保存照片").tap()
        page.wait_for_selector("img[alt$=的照片]")
        assert list(faults(page)) == []
    assert cohort.memberships.get(state="registered").user.name == LONG
    assert MemberPhoto.objects.get().membership.user.name == LONG


def test_without_scripts_the_same(live_server: Any, cohort: Cohort) -> None:
    with phone_of(teacher_of(cohort), live_server, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(reverse("cohorts:arrival-desk", args=[cohort.public_id]))
        page.get_by_role("searchbox").fill("abd")
        page.get_by_role("button", name="搜索").tap()
        expect(page.locator("[data-words]")).to_have_count(1)
        page.locator("[data-words]").get_by_role("button", name="报到").tap()
        expect(page.locator("#arrival-total")).to_contain_text("已报到 1 / 6 人")
        expect(page.locator("[data-words]")).to_contain_text("已报到")
