"""The class space on a phone, with and without scripts: the whole way, and stored scripts that must not run."""

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
from playwright.sync_api import BrowserContext

from cohorts.models import Cohort, Post, Topic
from cohorts.services import space
from core import clock
from people.models import User
from tests.browser import DESK, PHONE, axe_violations, english_on_chinese, launch, overflowing
from tests.factories import space as made
from tests.factories.cohorts import FIRST, CohortFactory, teacher_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PAYLOAD = "<script>window.hurt=1</script><img src=x onerror=window.hurt=2>\"'><svg onload=window.hurt=3>"


@pytest.fixture(autouse=True)
def in_the_class_week(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with clock.freeze(FIRST):
        yield


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    return CohortFactory(running=True, members=[personas["trainee"], personas["other_trainee"]], size=2,
                         teacher=personas["class_teacher"])  # fmt: skip


@contextmanager
def window_of(user: User, live_server: Any, **options: Any) -> Iterator[BrowserContext]:
    """A browser in which the user is signed in; the connection that its event loop opened ends with it."""
    with launch(base_url=live_server.url, **options) as context:
        browser = Client()
        browser.force_login(user, backend="people.backends.RoleBackend")
        value = browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        try:
            yield context
        finally:
            connection.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_cadre_reads_asks_changes_and_shows_the_number(
    scripts: bool, live_server: Any, cohort: Cohort, personas: dict[str, User]
) -> None:
    notice = made.notice(cohort, title="明天上午调课")
    made.material(cohort, title="第一讲讲义")
    with window_of(personas["trainee"], live_server, width=PHONE, java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(reverse("cohorts:class", args=[cohort.public_id]))
        page.get_by_role("navigation", name="班级空间各页").get_by_role("link", name="通知").click()
        page.get_by_role("link", name=notice.title).click()
        assert "第二讲改到二楼会议室" in page.locator("article").inner_text()
        page.get_by_role("navigation", name="班级空间各页").get_by_role("link", name="资料").click()
        with page.expect_download() as got:
            page.get_by_role("link", name="下载").click()
        assert got.value.suggested_filename == "第一讲讲义.pdf"
        page.get_by_role("navigation", name="班级空间各页").get_by_role("link", name="讨论").click()
        page.get_by_role("link", name="发起话题").click()
        page.get_by_label("话题").fill("怎样编制数据目录")
        page.get_by_label("内容").fill("我们单位刚开始。\n\n请有经验的同学谈谈。")
        page.get_by_role("button", name="发布").click()
        page.get_by_role("textbox", name="回复").fill("先补充一点情况。")
        page.get_by_role("button", name="发布回复").click()
        page.locator(".sp-post", has_text="先补充一点情况").get_by_role("link", name="修改").click()
        page.get_by_label("内容").fill("先补充两点情况。")
        page.get_by_role("button", name="保存修改").click()
        assert "已编辑" in page.locator(".sp-post", has_text="先补充两点情况").inner_text()
        page.get_by_role("navigation", name="班级空间各页").get_by_role("link", name="通讯录").click()
        page.get_by_role("button", name="同意显示我的手机号").click()
        assert personas["trainee"].phone in page.locator(".sp-people").inner_text()
        if scripts:
            assert axe_violations(page) == [] and overflowing(page) == [] and english_on_chinese(page) == []
    assert (Topic.objects.count(), Post.objects.count(), notice.openings.count()) == (1, 2, 1)


def stored(cohort: Cohort, user: User) -> tuple[list[str], list[str]]:
    """Scripts in every field; the pages of a member and of the teacher that show them."""
    notice = made.notice(cohort, title=PAYLOAD[:80], text=PAYLOAD, file=made.checked(PAYLOAD), is_pinned=True)
    material = made.material(cohort, title=PAYLOAD[:80], file=made.checked(PAYLOAD))
    topic = made.topic(cohort, user, title=PAYLOAD[:80], text=f"{PAYLOAD}\n\njavascript:window.hurt=4")
    reported, hidden = made.answer(topic, user, PAYLOAD), made.answer(topic, user, PAYLOAD)
    space.report_post(actor=teacher_of(cohort), post=reported, reason=PAYLOAD)
    space.hide_post(actor=teacher_of(cohort), post=hidden, reason=PAYLOAD)
    gone = made.notice(cohort, title=PAYLOAD[:80], text=PAYLOAD)
    space.withdraw_notice(actor=teacher_of(cohort), notice=gone, reason=PAYLOAD)
    here = cohort.public_id
    front = [
        reverse(f"cohorts:{name}", args=[here, *more])
        for name, more in (
            ("class", []), ("space-notices", []), ("space-notice", [notice.public_id]), ("space-materials", []),
            ("space-topics", []), ("space-topic", [topic.public_id]), ("space-post-edit", [reported.public_id]),
            ("space-contacts", []),
        )
    ]  # fmt: skip
    office = [
        reverse(f"cohorts:{name}", args=[here, *more])
        for name, more in (
            ("space", []), ("space-files", []), ("space-talk", []), ("history", []),
            ("space-notice-edit", [notice.public_id]), ("space-notice-withdraw", [notice.public_id]),
            ("space-file-edit", [material.public_id]), ("space-file-versions", [material.public_id]),
            ("space-post-hide", [reported.public_id]),
        )
    ]  # fmt: skip
    return [*front, "/notices/", reverse("portal:desk")], office


def hurt_by(context: BrowserContext, addresses: list[str]) -> tuple[list[str], int]:
    """Pages on which a stored script ran, and how many pages showed its text."""
    found, shown, page = [], 0, context.new_page()
    page.on("dialog", lambda dialog: (found.append("dialog"), dialog.dismiss()))
    for address in addresses:
        page.goto(address, wait_until="load")
        if page.evaluate("window.hurt"):
            found.append(address)
        if page.locator("main img[src='x'], main svg[onload]").count():
            found.append(f"{address}: an element of theirs")
        shown += "window.hurt" in page.content()
    return found, shown


def test_stored_scripts_never_run(live_server: Any, cohort: Cohort, personas: dict[str, User]) -> None:
    front, office = stored(cohort, personas["trainee"])
    with window_of(personas["trainee"], live_server, width=PHONE) as context:
        found, shown = hurt_by(context, front)
        assert found == [] and shown >= 7
    with window_of(personas["class_teacher"], live_server, width=DESK) as context:
        found, shown = hurt_by(context, office)
        assert found == [] and shown >= 8


def test_control_the_eye_sees_a_script_that_runs(live_server: Any, personas: dict[str, User]) -> None:
    with window_of(personas["trainee"], live_server, width=PHONE) as context:
        context.route("**/hurt/", lambda route: route.fulfill(body=f"<main>{PAYLOAD}</main>", content_type="text/html"))
        found, _shown = hurt_by(context, [f"{live_server.url}/hurt/"])
        assert len(found) == 2
