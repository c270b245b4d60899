"""The paper in Chromium: the network drops and comes back, the tab crashes, another device answers, the time ends."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from assessments import services
from assessments.models import Answer, Attempt
from core import clock
from tests.browser import PHONE, axe_violations, launch, overflowing
from tests.factories.assessments import make_exam, make_task
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def queries_beside_playwright(monkeypatch):
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def user(db):
    return UserFactory(role="trainee", name="王敏")


@pytest.fixture
def attempt(user):
    return services.start_attempt(user=user, exam=make_exam([user]))


@contextmanager
def window_of(user, live_server, **options):
    """A browser in which the user is signed in; the connection that its event loop opened ends with it."""
    with launch(**options) as context:
        browser = Client()
        browser.force_login(user, backend="people.backends.RoleBackend")
        value = browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        try:
            yield context
        finally:
            connection.close()


def address(live_server, attempt):
    return live_server.url + reverse("assessments:attempt", args=[attempt.public_id])


def option(page, question, place):
    return page.locator(f"#q{question} .lh-exam-option").nth(place)


def said(page, words):
    page.locator("[data-saved]", has_text=words).wait_for(timeout=60_000)  # the sender waits up to 15 s between tries


def kept(attempt, position):
    answer = Answer.objects.select_related("item").get(item__attempt=attempt, item__position=position)
    return [answer.item.option_order.index(number) for number in answer.choice]


def test_the_network_drops_and_comes_back_and_nothing_is_lost(live_server, user, attempt):
    with window_of(user, live_server) as context:
        page = context.new_page()
        page.goto(address(live_server, attempt))
        option(page, 1, 0).click()
        said(page, "已保存")
        assert kept(attempt, 1) == [0]

        context.set_offline(True)
        option(page, 2, 1).click()
        said(page, "离线，已存本机")
        assert kept(attempt, 2) == []

        context.set_offline(False)
        said(page, "已保存")
        assert kept(attempt, 2) == [1]

        context.set_offline(True)
        option(page, 3, 2).click()
        said(page, "离线，已存本机")
        page.close(run_before_unload=False)  # the tab crashes with an answer that was never sent
        context.set_offline(False)
        page = context.new_page()
        page.goto(address(live_server, attempt))
        said(page, "已保存")
        assert kept(attempt, 3) == [2]

        page.locator("[data-finish]").click()
        page.wait_for_url("**/check/")
        assert "还有 5 题没有作答" in page.inner_text("main")
        page.get_by_role("button", name="确认交卷").click()
        page.wait_for_url("**/result/")
        assert "答卷已收到并评分" in page.inner_text("main")
        assert page.evaluate("Object.keys(localStorage)") == []


def test_an_answer_of_another_device_is_shown_not_overwritten(live_server, user, attempt):
    with window_of(user, live_server) as context:
        page = context.new_page()
        page.goto(address(live_server, attempt))
        for sequence, place in ((1, 1), (2, 2)):  # meanwhile on a phone
            services.save_shown(user=user, public_id=attempt.public_id, position=1, shown=[place], sequence=sequence)
        option(page, 1, 3).click()
        page.wait_for_selector("text=这道题已在另一个窗口修改")
        assert kept(attempt, 1) == [2]
        assert page.locator("#q1 input[type=radio]").nth(2).is_checked()


def test_the_end_of_the_time_leads_to_the_result(live_server, user, attempt):
    services.save_shown(user=user, public_id=attempt.public_id, position=1, shown=[0], sequence=1)
    soon = clock.now() - timedelta(seconds=8)  # within the grace of ten seconds
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=soon)
    with window_of(user, live_server) as context:
        page = context.new_page()
        page.goto(address(live_server, attempt))
        page.wait_for_url("**/result/", timeout=30_000)
        assert "到时自动交卷" in page.inner_text("main")


def test_one_question_a_screen_on_a_phone_and_no_finding_of_axe(live_server, user, attempt):
    with window_of(user, live_server, width=PHONE, height=844) as context:
        page = context.new_page()
        page.goto(address(live_server, attempt))
        assert page.locator(".lh-exam-item:visible").count() == 1
        page.locator("[data-step='1']").click()
        assert page.locator("#q2").is_visible()
        page.locator("[data-open]").click()
        page.locator("[data-go='7']").click()
        assert page.locator("#q7").is_visible()
        assert axe_violations(page) == []
        assert overflowing(page) == []


def test_without_scripts_the_paper_is_a_plain_form(live_server, user, attempt):
    with window_of(user, live_server, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address(live_server, attempt))
        page.locator("#q1 input").nth(1).check()
        page.get_by_role("button", name="保存答案").click()
        assert "答案已保存" in page.inner_text("main")
        assert kept(attempt, 1) == [1]
        page.get_by_role("button", name="检查并交卷").click()
        page.get_by_role("button", name="确认交卷").click()
        assert "答卷已收到并评分" in page.inner_text("main")


def test_a_lecturer_marks_by_keyboard(live_server, user):
    lecturer = UserFactory(role="lecturer")
    task = make_task([lecturer], [user])
    work = task.submissions.get()
    with window_of(lecturer, live_server) as context:
        page = context.new_page()
        page.goto(live_server.url + reverse("assessments:mark", args=[task.public_id, work.public_id]))
        page.locator(".lh-mark-criterion input:focus").wait_for()
        for key in "435":
            page.keyboard.press(key)
        page.keyboard.type("思路清楚")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("text=已保存：王敏，良好（3.90 分）")
        assert axe_violations(page) == []
