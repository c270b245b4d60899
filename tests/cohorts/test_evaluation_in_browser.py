"""After the lesson on the phone: an evaluation without a name, a report with a file; what the office then reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from assessments.models import SurveyAnswer
from core import clock
from people.models import User
from tests.browser import ARGS, CHROMIUM, DESK, PHONE, axe_violations, english_on_chinese, overflowing
from tests.factories.assessments import make_task
from tests.factories.cohorts import AFTER, teacher_of
from tests.factories.evaluations import answer, open_first, people_of, taught_class
from tests.factories.space import PDF
from tests.journeys.looking import WAGTAILS_OWN

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TUESDAY_NOON = datetime(2026, 9, 15, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def after_the_lesson(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with clock.freeze(TUESDAY_NOON):
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


def page_of(browser: Browser, user: User, server: Any, width: int = PHONE) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN", base_url=server.url)
    signed_in = Client()
    signed_in.force_login(user, backend="people.backends.RoleBackend")
    value = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server.url}])
    return context.new_page()


def whole(page: Page) -> None:
    """Nobody is shut out, nothing is cut off, nothing is English."""
    assert axe_violations(page, exclude=WAGTAILS_OWN) == []
    assert overflowing(page) == []
    assert english_on_chinese(page) == []


def test_evaluate_the_lesson_hand_in_the_report_and_the_office_reads_figures(live_server: Any) -> None:
    cohort = taught_class(6)
    me, *others = people_of(cohort)
    few, enough = (one.survey for one in open_first(cohort, 2))
    answer(few, others[:3], share=80)
    answer(enough, others[:4], share=80)
    task = make_task([teacher_of(cohort)], [me])
    with chromium() as browser:
        phone = page_of(browser, me, live_server)
        for survey in (few, enough):
            _evaluate(phone, survey.title)
        _hand_in(phone, task)
        phone.context.close()
        desk = page_of(browser, teacher_of(cohort), live_server, DESK)
        _read_before_the_end(desk, cohort, enough)
        with clock.freeze(AFTER + timedelta(days=4)):
            _read_afterwards(desk, cohort, few, enough)
    assert SurveyAnswer.objects.filter(comment="案例贴近实际。").count() == 2


def _evaluate(phone: Page, title: str) -> None:
    """Found in the list, refused while something is open, sent once."""
    phone.goto(reverse("assessments:evaluations"))
    whole(phone)
    phone.get_by_role("link", name=title).first.click()
    phone.get_by_role("button", name="提交评估").click()
    assert "请先改正下面的问题" in phone.locator("main").inner_text()
    whole(phone)
    for row in phone.locator("fieldset.lh-survey-row").all():
        row.get_by_text("优", exact=True).click()
    phone.get_by_label("意见和建议").fill("案例贴近实际。")
    phone.get_by_role("button", name="提交评估").click()
    assert "您的评估已匿名保存" in phone.locator("main").inner_text()
    assert phone.get_by_role("button", name="提交评估").count() == 0


def _hand_in(phone: Page, task: Any) -> None:
    """A file of the wrong kind is refused and the words stay; a proper one is kept as the first version."""
    phone.goto(reverse("assessments:task", args=[task.public_id]))
    words, file = phone.get_by_label("正文"), phone.locator("input[type=file]")
    words.fill("结合本单位实际，提出三条措施。")
    file.set_input_files({"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"PK\x03\x04 no pdf"})
    phone.get_by_role("button", name="提交", exact=True).click()
    assert "请换一个文件" in phone.locator("main").inner_text()
    assert words.input_value() == "结合本单位实际，提出三条措施。"
    whole(phone)
    file.set_input_files({"name": "报告.pdf", "mimeType": "application/pdf", "buffer": PDF})
    phone.get_by_role("button", name="提交", exact=True).click()
    shown = phone.locator("main").inner_text()
    assert "第 1 版（以此为准）" in shown
    assert "报告.pdf" in shown
    whole(phone)


def _read_before_the_end(desk: Page, cohort: Any, survey: Any) -> None:
    desk.goto(reverse("cohorts:evaluation", args=[cohort.public_id, survey.public_id]))
    shown = desk.locator("main").inner_text()
    assert "5 / 6 人" in shown
    assert "案例贴近实际" not in shown


def _read_afterwards(desk: Page, cohort: Any, few: Any, enough: Any) -> None:
    """The rate stands beside the score; under five there is no score and no comment."""
    desk.goto(reverse("cohorts:evaluation", args=[cohort.public_id, few.public_id]))
    hidden = desk.locator("main").inner_text()
    assert "4 / 6 人" in hidden
    assert "不足 5 份" in hidden
    assert "案例贴近实际" not in hidden
    desk.goto(reverse("cohorts:evaluation", args=[cohort.public_id, enough.public_id]))
    shown = desk.locator("main").inner_text()
    assert "5 / 6 人" in shown
    assert "84" in shown
    assert "案例贴近实际" in shown
    whole(desk)
