"""Leave on two phones: the cadre asks, the teacher approves, the attendance shows it and the figures move."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from cohorts.models import Approver, Attendance, LeaveRequest
from core import clock
from people.models import User
from tests.browser import ARGS, CHROMIUM, PHONE, axe_violations, english_on_chinese, overflowing
from tests.conftest import MOMENT
from tests.factories.cohorts import CohortFactory
from tests.factories.leave import TUESDAY, WEDNESDAY, ask, photo, seats
from tests.factories.people import UserFactory, make_personas

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with clock.freeze(MOMENT):
        yield


@contextmanager
def chromium() -> Iterator[Browser]:
    """The connection that the browser's event loop opened ends with it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        try:
            yield browser
        finally:
            browser.close()
            connection.close()


def phone_of(browser: Browser, user: User, server: Any, **options: Any) -> Page:
    context = browser.new_context(
        viewport={"width": PHONE, "height": 844}, locale="zh-CN", base_url=server.url, **options
    )
    signed_in = Client()
    signed_in.force_login(user, backend="people.backends.RoleBackend")
    value = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server.url}])
    return context.new_page()


def whole(page: Page) -> None:
    """Nobody is shut out, nothing is cut off, nothing is English."""
    assert axe_violations(page) == []
    assert overflowing(page) == []
    assert english_on_chinese(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_ask_approve_and_the_attendance_shows_it(live_server: Any, scripts: bool) -> None:
    personas = make_personas()
    cohort = CohortFactory(running=True, members=[personas["trainee"]], teacher=personas["class_teacher"])
    with chromium() as browser:
        cadre = phone_of(browser, personas["trainee"], live_server, java_script_enabled=scripts)
        teacher = phone_of(browser, personas["class_teacher"], live_server, java_script_enabled=scripts)
        look = whole if scripts else lambda page: None

        cadre.goto(reverse("cohorts:class", args=[cohort.public_id]))
        assert "还可请假 5.71 学时" in cadre.inner_text("main")
        cadre.get_by_role("link", name="申请请假").click()
        look(cadre)
        cadre.get_by_label("病假").check()
        cadre.get_by_label("开始日期").fill(str(TUESDAY))
        cadre.get_by_label("开始时段").select_option(label="下午")
        cadre.get_by_label("结束日期").fill(str(TUESDAY))
        cadre.get_by_label("结束时段").select_option(label="下午")
        cadre.get_by_label("事由").fill("牙科复诊")
        cadre.get_by_role("button", name="下一步").click()
        look(cadre)
        assert "本次请假 1 个半天，4 学时。" in cadre.inner_text("main") and not LeaveRequest.objects.exists()
        image = photo()
        cadre.locator("input[type=file]").set_input_files(
            {"name": image.name, "mimeType": "image/png", "buffer": image.read()}
        )
        cadre.get_by_role("button", name="提交申请").click()
        look(cadre)
        assert "待班主任审批" in cadre.inner_text("main")

        teacher.goto(reverse("cohorts:leave-waiting"))
        look(teacher)
        teacher.get_by_role("link", name="王敏").click()
        look(teacher)
        assert "未超过七分之一（5.71 学时）" in teacher.inner_text("main")
        teacher.get_by_label("同意", exact=True).check()
        teacher.get_by_role("button", name="提交意见").click()
        assert "意见已记录" in teacher.inner_text("body")
        look(teacher)

        cadre.reload()
        assert "已批准" in cadre.inner_text("main")
        look(cadre)
        cadre.goto(reverse("cohorts:class", args=[cohort.public_id]))
        words = cadre.inner_text("main")
        assert "累计请假 4 学时" in words and "还可请假 1.71 学时" in words
        look(cadre)
        with clock.freeze(MOMENT + timedelta(days=1, hours=5)):
            teacher.goto(reverse("cohorts:roll-call", args=[cohort.public_id, TUESDAY, "pm"]))
            assert "已登记：请假（请假登记" in teacher.inner_text("[data-member]")
            look(teacher)
    assert Attendance.objects.get().status == "on_leave"
    assert LeaveRequest.objects.get().state == "approved"


def decides(page: Page, *, opinion: str = "同意", reason: str = "", says: str = "") -> None:
    """What waits for this person is opened from their list and decided."""
    page.goto(reverse("cohorts:leave-waiting"))
    page.get_by_role("link", name="王敏").click()
    whole(page)
    assert says in page.inner_text("main")
    page.get_by_label(opinion, exact=True).check()
    if reason:
        page.get_by_label("意见", exact=False).last.fill(reason)
    page.get_by_role("button", name="提交意见").click()
    assert "意见已记录" in page.inner_text("body")


def test_two_days_climb_the_ladder_with_somebody_standing_in(live_server: Any) -> None:
    """班主任, then who stands in for 教务处, then 分管校长: only the last signature makes it leave."""
    personas = make_personas()
    cohort = CohortFactory(running=True, members=[personas["trainee"]], teacher=personas["class_teacher"])
    holders = seats(cohort)
    deputy = UserFactory(unit=cohort.host, name="代明远")
    Approver.objects.filter(user=holders["academic"]).update(
        delegate=deputy, delegate_from=MOMENT.date(), delegate_to=WEDNESDAY
    )
    request = ask(cohort.memberships.get(), to_day=WEDNESDAY, to_half="pm")
    with chromium() as browser:
        cadre = phone_of(browser, personas["trainee"], live_server)
        cadre.goto(reverse("cohorts:leave-request", args=[cohort.public_id, request.public_id]))
        assert "待班主任审批" in cadre.inner_text("main")
        steps = [
            (personas["class_teacher"], "待教务处审批"),
            (deputy, "待分管校长审批"),
            (holders["vice_head"], "已批准"),
        ]
        for person, next_words in steps:
            assert not Attendance.objects.exists(), "no half day is leave before the last signature"
            decides(phone_of(browser, person, live_server))
            cadre.reload()
            assert next_words in cadre.inner_text("main")
        whole(cadre)
        assert "代明远" in cadre.inner_text("main") and "代" in cadre.inner_text("main")
    assert LeaveRequest.objects.get().state == "approved"
    assert Attendance.objects.filter(status="on_leave").count() == 4
