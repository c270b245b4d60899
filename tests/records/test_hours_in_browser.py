"""Claiming on the phone, deciding at the desk: nobody is shut out, nothing is cut off, nothing is English."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from core import clock
from people.models import Unit, User
from records import services
from records.models import HourClaim, HourEntry
from records.services.outlooks import rebuild_everybody
from records.services.previewing import order_preview
from tests.browser import ARGS, CHROMIUM, DESK, PHONE, axe_violations, english_on_chinese, overflowing
from tests.conftest import MOMENT
from tests.factories import hours, leave
from tests.factories.people import PostingFactory, UserFactory, make_personas
from tests.journeys.looking import WAGTAILS_OWN

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LONG = "阿卜杜热合曼·买买提依明江·阿不都克里木"


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with clock.freeze(MOMENT):
        yield


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()
        connection.close()


def page_of(browser: Browser, user: User, server: Any, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN", base_url=server.url)
    signed_in = Client()
    signed_in.force_login(user, backend="people.backends.RoleBackend")
    value = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server.url}])
    return context.new_page()


def whole(page: Page, name: str) -> None:
    if folder := os.environ.get("LINGHANG_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert axe_violations(page, exclude=WAGTAILS_OWN) == []
    assert overflowing(page) == []
    assert english_on_chinese(page) == []


def cadre_of(personas: dict[str, User]) -> User:
    person: User = UserFactory(unit=Unit.objects.get(code="YS-SJ"), name=LONG, role="trainee")
    PostingFactory(user=person, level="township_head", rank="principal_1")
    hours.line(person, "全市乡科级领导干部数字政府建设与数据要素治理能力提升专题研讨班（第十二期）")
    return person


def test_a_cadre_claims_on_the_phone_and_two_people_decide(live_server: Any, chromium: Browser) -> None:
    personas = make_personas()
    services.install_first_policies()
    person = cadre_of(personas)
    phone = page_of(chromium, person, live_server, PHONE)
    phone.goto(reverse("records_own:hours"))
    whole(phone, "own-hours")
    phone.get_by_role("link", name="看这个数字怎么来的").first.click()
    whole(phone, "own-requirement")
    phone.goto(reverse("records_own:claims"))
    whole(phone, "own-claims-empty")
    phone.get_by_role("link", name="申报学时").click()
    whole(phone, "own-claim-form")
    phone.get_by_label("培训名称").fill("省委党校数字政府建设专题培训班")
    phone.get_by_label("主办单位").fill("省委党校")
    phone.get_by_label("开始日期").fill("2026-05-12")
    phone.get_by_label("结束日期").fill("2026-05-14")
    phone.get_by_label("天数").fill("3")
    phone.get_by_label("学时", exact=True).fill("24")
    picture = {"name": "结业证书.png", "mimeType": "image/png", "buffer": leave.photo().read()}
    phone.get_by_label("证明材料").set_input_files(picture)
    phone.get_by_label("我确认材料").check()
    phone.get_by_role("button", name="提交申报").click()
    whole(phone, "own-claim")
    claim = HourClaim.objects.get()
    for actor, name in ((personas["unit_admin"], "unit"), (personas["training_office"], "office")):
        desk = page_of(chromium, actor, live_server, DESK)
        desk.goto(reverse("records_claims:index"))
        whole(desk, f"claims-{name}")
        desk.goto(reverse("records:claim", args=[claim.public_id]))
        whole(desk, f"claim-{name}")
        desk.get_by_label("同意").check()
        desk.get_by_role("button", name="提交意见").click()
    assert HourEntry.objects.get(source_key=f"claim:{claim.public_id}").hours == Decimal(24)
    phone.reload()
    assert "已认定" in phone.inner_text("main")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_offices_pages_are_whole(live_server: Any, chromium: Browser, width: int) -> None:
    personas = make_personas()
    services.install_first_policies()
    office, person = personas["training_office"], cadre_of(personas)
    desk = page_of(chromium, office, live_server, width)
    staged = hours.waiting_import(office, person, "省干部网络学院", "W1")
    change = hours.changed(office, person, "市委党校")
    services.start_hour_draft(actor=office)
    order_preview(actor=office, draft=services.start_policy_draft(actor=office))
    addresses = {
        "rules": reverse("records:rules"),
        "hour-draft": reverse("records:hour-draft"),
        "hour-draft-put": reverse("records:hour-draft-put"),
        "policy-draft": reverse("records:policy-draft"),
        "compliance": reverse("records:compliance"),
        "forecast": reverse("records:forecast"),
        "trace": reverse("records:trace", args=[person.public_id, "junior-central-year"]),
        "imports": reverse("records:imports"),
        "import": reverse("records:import", args=[staged.public_id]),
        "changes": reverse("records_changes:index"),
        "change": reverse("records:change", args=[change.public_id]),
    }
    for name, address in addresses.items():
        desk.goto(address)
        whole(desk, f"{name}-{width}")


def test_the_leaders_page_is_whole(live_server: Any, chromium: Browser) -> None:
    personas = make_personas()
    services.install_first_policies()
    cadre_of(personas)
    rebuild_everybody()
    for width in (DESK, PHONE):
        page = page_of(chromium, personas["leader"], live_server, width)
        page.goto(reverse("records_own:leaders"))
        whole(page, f"leaders-{width}")
