"""The pages about messages outside, at the desk and on a phone: nothing runs over, nothing is English."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from core import clock, notices
from core.messaging import kinds, sending, templates
from core.messaging.values import Receipt, Refusal
from people.models import Role, User
from tests.browser import DESK, PHONE, axe_violations, english_on_chinese, launch, overflowing
from tests.conftest import MOMENT
from tests.core.messaging import notify, use_channels
from tests.factories.people import UserFactory
from tests.journeys.looking import WAGTAILS_OWN

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LONG = "买买提江·吐尔逊阿卜杜热合曼"
OFFICE = ("/office/deliveries/", "/office/deliveries/templates/", "/office/deliveries/templates/leave.waiting/",
          "/office/deliveries/rules/")  # fmt: skip


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch, personas: dict[str, User]) -> Iterator[User]:
    """Somebody with a long name and messages in every state."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    ways = use_channels(monkeypatch, "mail", "sms", "wecom")
    found = UserFactory(
        name=LONG, unit=personas["trainee"].unit, full=True, role=Role.TRAINEE, email="a.very.long.address@example.cn"
    )
    with clock.freeze(MOMENT):
        ways["mail"].answers = [Receipt("ok"), Refusal("短信网关退回，状态 503", again=True)]
        ways["wecom"].answers = [Refusal("企业微信里没有这个工号，或者不在应用的可见范围内", again=False)]
        notify(found)
        sending.send_due()
        notify(found, kind="class.notice")
        sending.send_due()
        notify(found)
        sending.send_due()
        kind = kinds.kind_named("leave.waiting")
        office, words = personas["training_office"], "{事项}[，{期限}前]，请登录查看：{链接}"
        templates.put_template(actor=office, kind=kind, channel="sms", text=words, version=0)
        yield found


def look(user: User, live_server: Any, place: str, width: int, excluded: list[str]) -> list[str]:
    """What is wrong with the page at this width; a picture of it where LINGHANG_PICTURES names a folder."""
    with launch(width=width) as context:
        browser = Client()
        browser.force_login(user, backend="people.backends.RoleBackend")
        value = browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        try:
            page = context.new_page()
            page.goto(live_server.url + place)
            folder = os.environ.get("LINGHANG_PICTURES")
            if folder:
                name = f"{place.strip('/').replace('/', '-')}-{width}.png"
                page.screenshot(path=str(Path(folder) / name), full_page=True)
            found = [*overflowing(page), *axe_violations(page, exclude=excluded)]
            return found if excluded else [*found, *english_on_chinese(page)]
        finally:
            connection.close()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_ones_own_page(person: User, live_server: Any, width: int) -> None:
    assert look(person, live_server, "/account/", width, []) == []


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_page_behind_the_link(person: User, live_server: Any, width: int) -> None:
    notices.send(to=[person.pk], title="课表有 3 处调整", text="数字政府专题班：11月24日上午调课。" * 6, url="/learn/")
    newest = person.notices.first()
    assert look(person, live_server, f"/notices/{newest.public_id}/", width, []) == []


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("place", OFFICE)
def test_the_offices_pages(person: User, personas: dict[str, User], live_server: Any, place: str, width: int) -> None:
    assert look(personas["training_office"], live_server, place, width, list(WAGTAILS_OWN)) == []
