"""A learner's way round a course in Chromium: search, enrol, note, question, answer, evaluation, record."""

from __future__ import annotations

import os
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from courses.models import LessonNote
from tests.browser import DESK, PHONE, axe_violations, launch, overflowing
from tests.factories.courses import CourseFactory, LessonFactory, teach
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LONG = "关于进一步推进政务数据共享与业务协同、优化营商环境和提升基层治理能力的专题课程（示范）"


@pytest.fixture(autouse=True)
def queries_beside_playwright(monkeypatch):
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def sign_in(context, live_server, user):
    browser = Client()
    browser.force_login(user, backend="people.backends.RoleBackend")
    value = browser.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


@contextmanager
def window_of(user, live_server, width):
    with launch(width=width) as context:
        sign_in(context, live_server, user)
        try:
            yield context.new_page()
        finally:
            connection.close()


def sound(page):
    page.wait_for_load_state("networkidle")
    assert axe_violations(page) == [] and overflowing(page) == []


@pytest.fixture
def people(db):
    """A course with a lecturer whose word only a lesson says."""
    lecturer = UserFactory(role="lecturer", name="欧阳文静")
    lesson = LessonFactory(title="数跑动次数", checked=False)
    course = CourseFactory(key="flow", title=LONG, lessons=[lesson], checked=False, files=["讲义"])
    teach(course, lecturer)
    return UserFactory(role="trainee", name="王敏", unit=lecturer.unit), lecturer


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_the_search_to_the_record(live_server, people, width):
    learner, lecturer = people
    with window_of(learner, live_server, width) as page:
        page.goto(f"{live_server.url}/courses/")
        page.get_by_role("searchbox").fill("跑动")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=*")
        sound(page)
        page.get_by_role("link", name=LONG).click()
        page.get_by_role("button", name="选课").click()
        page.wait_for_url("**/learn/courses/*/1/")
        new_note = page.get_by_label("新的笔记")
        new_note.fill("先画现状图，再数跑动次数。")
        expect(page.locator("[data-note-state]", has_text="已保存")).to_be_visible(timeout=15_000)
        assert LessonNote.objects.get(user=learner).text == "先画现状图，再数跑动次数。"
        page.get_by_label("问题").fill("两个窗口的次数怎样合并？")
        page.get_by_role("button", name="提交问题").click()
        expect(page.get_by_text("等待回复")).to_be_visible(timeout=15_000)
        sound(page)
        lesson = page.url

        page.context.clear_cookies()
        sign_in(page.context, live_server, lecturer)
        page.goto(f"{live_server.url}/teach/questions/")
        sound(page)
        page.get_by_role("link", name="两个窗口的次数怎样合并？").click()
        page.get_by_label("回复").fill("按一件事合并，只算一次。")
        page.get_by_role("button", name="回复").click()
        expect(page.locator(".co-answer")).to_contain_text("按一件事合并")
        sound(page)

        page.context.clear_cookies()
        sign_in(page.context, live_server, learner)
        page.goto(lesson)
        expect(page.locator("#around")).to_contain_text("按一件事合并", timeout=15_000)
        expect(page.get_by_label("第 1 条笔记")).to_have_value("先画现状图，再数跑动次数。")
        if page.get_by_role("button", name="我已读完").is_visible():
            page.get_by_role("button", name="我已读完").click()
        expect(page.get_by_text("本课时已完成")).to_be_visible(timeout=15_000)
        page.goto(f"{live_server.url}/courses/flow/")
        sound(page)
        page.get_by_role("button", name="评价课程").click()
        page.wait_for_url("**/learn/evaluations/*/")
        for row in page.locator(".lh-survey-row").all():
            row.get_by_text("优", exact=True).click()
        page.get_by_role("button", name="提交评估").click()
        expect(page.get_by_text("已提交，谢谢")).to_be_visible()
        page.goto(f"{live_server.url}/courses/flow/")
        expect(page.get_by_text("您已匿名评价过")).to_be_visible()
        page.get_by_role("link", name="学习记录").click()
        expect(page.get_by_text("1 / 1 个必修课时")).to_be_visible()
        sound(page)
        page.goto(f"{live_server.url}/learn/courses/notes/")
        expect(page.get_by_text("先画现状图")).to_be_visible()
        sound(page)
