"""Roll call without a network, swipes, conflicts; the screen in the classroom and the phone that scans it."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from cohorts import services
from cohorts.models import Attendance, AttendanceEvent, Cohort, LeaveRecord, Scan
from people.models import User
from tests.browser import PHONE, axe_violations, english_on_chinese, launch, overflowing
from tests.factories.cohorts import MONDAY, CohortFactory, teacher_of
from tests.factories.people import PASSWORD

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("frozen_clock"),
]


@pytest.fixture(autouse=True)
def queries_beside_playwright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(running=True, members=6, size=3)


@contextmanager
def window_of(user: User, live_server: Any, **options: Any) -> Iterator[BrowserContext]:
    """A browser in which the user is signed in; the connection that its event loop opened ends with it."""
    with launch(**{"width": PHONE, "height": 844, "has_touch": True, **options}) as context:
        browser = Client()
        browser.force_login(user, backend="people.backends.RoleBackend")
        value = browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        try:
            yield context
        finally:
            connection.close()


def roll_call(live_server: Any, cohort: Cohort) -> str:
    return live_server.url + reverse("cohorts:roll-call", args=[cohort.public_id, MONDAY, "am"])


def row(page: Page, number: int) -> Any:
    return page.locator("[data-member]").nth(number)


def tap(page: Page, number: int, value: str) -> None:
    row(page, number).locator(f"input[value={value}]").tap()


def waiting(page: Page, words: str) -> None:
    expect(page.locator("[data-offline]")).to_have_text(words)


def recorded() -> list[str]:
    return sorted(Attendance.objects.values_list("status", flat=True))


def sound(page: Page) -> None:
    assert [*axe_violations(page), *overflowing(page), *english_on_chinese(page)] == []


OFFLINE = "离线，已暂存 {} 人，恢复网络后自动提交。"


def test_marks_made_offline_are_sent_when_the_network_is_back(live_server: Any, cohort: Cohort) -> None:
    with window_of(teacher_of(cohort), live_server) as context:
        page = context.new_page()
        page.goto(roll_call(live_server, cohort))
        tap(page, 0, "late")
        context.set_offline(True)
        waiting(page, OFFLINE.format(1))
        tap(page, 1, "absent")
        tap(page, 2, "signature")
        waiting(page, OFFLINE.format(3))
        sound(page)
        page.get_by_role("button", name="提交点名").click()
        waiting(page, OFFLINE.format(3))
        assert recorded() == []
        context.set_offline(False)
        expect(page.locator("[data-told]")).to_have_text("已登记，3 人有变化。")
        expect(page.locator("[data-offline]")).to_be_hidden()
        assert recorded() == ["absent", "late", "present"]
        assert Attendance.objects.get(status="present").how == "signature"
        expect(page.locator("[data-summary]")).to_have_text("已登记 3 / 6 人 · 到课 1 · 迟到 1 · 旷课 1")
        assert page.evaluate("Object.keys(localStorage)") == []


def test_everybody_else_in_one_tap_offline_survives_a_closed_page(live_server: Any, cohort: Cohort) -> None:
    with window_of(teacher_of(cohort), live_server) as context:
        page = context.new_page()
        page.goto(roll_call(live_server, cohort))
        tap(page, 0, "late")
        context.set_offline(True)
        page.get_by_role("button", name="其余全部到课并提交").click()
        waiting(page, OFFLINE.format(6))
        page.close(run_before_unload=False)
        context.set_offline(False)
        page = context.new_page()
        page.goto(roll_call(live_server, cohort))
        expect(page.locator("[data-summary]")).to_have_text("已登记 6 / 6 人 · 到课 5 · 迟到 1")
        assert recorded() == ["late", *["present"] * 5]
        assert page.evaluate("Object.keys(localStorage)") == [], "sent by this page, or by the last breath of the other"


def test_an_accidental_reload_loses_no_mark_and_sends_none_unasked(live_server: Any, cohort: Cohort) -> None:
    with window_of(teacher_of(cohort), live_server) as context:
        page = context.new_page()
        page.goto(roll_call(live_server, cohort))
        tap(page, 3, "left_early")
        page.reload()
        expect(row(page, 3).locator("input[value=left_early]")).to_be_checked()
        expect(page.locator("[data-total]")).to_contain_text("未提交 1")
        assert recorded() == []


def test_control_without_the_phones_memory_a_reload_loses_the_marks(live_server: Any, cohort: Cohort) -> None:
    with window_of(teacher_of(cohort), live_server) as context:
        context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
        page = context.new_page()
        page.goto(roll_call(live_server, cohort))
        context.set_offline(True)
        tap(page, 3, "left_early")
        waiting(page, OFFLINE.format(1) + "这部手机不能保存，请不要关闭本页。")
        context.set_offline(False)
        expect(page.locator("[data-told]")).to_have_text("已登记，1 人有变化。")
        page.evaluate("document.querySelector('[data-member]:nth-child(2) input').click()")
        page.reload()
        expect(page.locator("[data-total]")).not_to_contain_text("未提交")


def test_whoever_was_faster_is_named_and_the_others_are_recorded(live_server: Any, cohort: Cohort) -> None:
    teacher, keys = teacher_of(cohort), list(cohort.memberships.values_list("pk", flat=True))
    with window_of(teacher, live_server) as context:
        page = context.new_page()
        page.goto(roll_call(live_server, cohort))
        first = int(row(page, 0).get_attribute("data-member") or 0)
        context.set_offline(True)
        tap(page, 0, "present")
        tap(page, 1, "present")
        assert first in keys
        services.record_attendance(actor=teacher, cohort=cohort, day=MONDAY, half="am", statuses={first: "absent"})
        context.set_offline(False)
        expect(row(page, 0).get_by_role("alert")).to_contain_text(
            f"{teacher.name}刚刚登记：旷课（点名 10:00）。您选的是“到课”，没有写入。"
        )
        expect(row(page, 1).locator("[data-now]")).to_have_text("已登记：到课（点名 10:00）")
        assert recorded() == ["absent", "present"]
        sound(page)
        row(page, 0).get_by_role("button", name="仍改为“到课”").click()
        expect(row(page, 0).locator("[data-now]")).to_have_text("已登记：到课（点名 10:00）")
        assert recorded() == ["present", "present"]


_SWIPE = """
([item, way]) => {
  const box = item.getBoundingClientRect(), y = box.top + 12, x = box.left + box.width / 2;
  const touch = (x) => new Touch({identifier: 1, target: item, clientX: x, clientY: y});
  const fire = (kind, x) => item.dispatchEvent(
    new TouchEvent(kind, {bubbles: true, changedTouches: [touch(x)], touches: kind === 'touchend' ? [] : [touch(x)]}));
  fire('touchstart', x); fire('touchmove', x + way); fire('touchend', x + way);
}
"""


def swipe(page: Page, number: int, way: int) -> None:
    page.evaluate(_SWIPE, [row(page, number).element_handle(), way])


def test_right_is_late_left_is_leave_and_both_can_be_undone(live_server: Any, cohort: Cohort) -> None:
    with window_of(teacher_of(cohort), live_server) as context:
        page = context.new_page()
        page.goto(roll_call(live_server, cohort))
        name = row(page, 0).locator("strong").inner_text()
        swipe(page, 0, 120)
        expect(row(page, 0).locator("input[value=late]")).to_be_checked()
        expect(page.locator("[data-undo-words]")).to_have_text(f"{name}：迟到")
        page.get_by_role("button", name="撤销").tap()
        assert row(page, 0).locator("input:checked").count() == 0
        expect(page.locator("[data-undo]")).to_be_hidden()
        swipe(page, 0, 40)
        assert row(page, 0).locator("input:checked").count() == 0, "a short slip of the finger is no swipe"
        tap(page, 0, "present")
        swipe(page, 0, -120)
        expect(row(page, 0).locator("input[value=on_leave]")).to_be_checked()
        page.get_by_role("button", name="撤销").tap()
        expect(row(page, 0).locator("input[value=present]")).to_be_checked()
        swipe(page, 1, -120)
        page.get_by_role("button", name="提交点名").tap()
        expect(page.locator("[data-told]")).to_have_text("已登记，2 人有变化。")
        assert recorded() == ["on_leave", "present"] and LeaveRecord.objects.count() == 1


class Taps:
    """Counts every touch of the screen."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, target: Any) -> None:
        target.tap()
        self.count += 1


def test_fifty_people_on_one_page_with_at_most_fifty_five_taps(live_server: Any) -> None:
    """One second a tap and a half leaves time to spare in 90 seconds; with 其余全部到课 it is a handful."""
    cohort = CohortFactory(running=True, members=50, size=10)
    with window_of(teacher_of(cohort), live_server) as context:
        page, taps = context.new_page(), Taps()
        page.goto(roll_call(live_server, cohort))
        sizes = page.evaluate(
            "() => [...document.querySelectorAll('.rc-button, .rc-bar > .btn')].map((e) => {"
            "const b = e.getBoundingClientRect(); return [b.width, b.height]; })"
        )
        assert min(min(size) for size in sizes) >= 44
        for number in range(50):
            taps(row(page, number).locator("input[value=present]"))
        taps(page.get_by_role("button", name="提交点名"))
        expect(page.locator("[data-summary]")).to_have_text("已登记 50 / 50 人 · 到课 50")
        assert taps.count == 51 <= 55
    other = CohortFactory(running=True, members=50, size=10)
    with window_of(teacher_of(other), live_server) as context:
        page, taps = context.new_page(), Taps()
        page.goto(roll_call(live_server, other))
        taps(row(page, 4).locator("input[value=late]"))
        taps(row(page, 9).locator("input[value=absent]"))
        taps(page.get_by_role("button", name="其余全部到课并提交"))
        expect(page.locator("[data-summary]")).to_have_text("已登记 50 / 50 人 · 到课 48 · 迟到 1 · 旷课 1")
        assert taps.count == 3


# The screen and the phone.


def read_screen(page: Page) -> str:
    """What a phone's camera reads from the screen."""
    codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    assert len(codes) == 1
    return str(codes[0].text)


@pytest.fixture
def here(live_server: Any) -> Iterator[None]:
    with override_settings(WAGTAILADMIN_BASE_URL=live_server.url):
        yield


@pytest.mark.usefixtures("here")
def test_the_teacher_opens_the_screen_and_a_cadre_signs_in_and_confirms(
    live_server: Any, cohort: Cohort, at: Callable[..., Any]
) -> None:
    member = cohort.memberships.first()
    assert member is not None
    screen = live_server.url + reverse("cohorts:check-in-screen", args=[cohort.public_id, MONDAY, "am"])
    with window_of(teacher_of(cohort), live_server, width=1920, height=1080) as context:
        page = context.new_page()
        page.goto(screen)
        page.locator("[name=late]").fill("70")
        page.locator("[name=after]").fill("120")
        page.get_by_role("button", name="打开签到").click()
        sound(page)
        address = read_screen(page)
        before = page.locator(".ci-short > span").first.inner_text()
        expect(page.locator(".ci-here")).to_contain_text("已到 0 / 6 人")
        phone = context.browser.new_context(viewport={"width": PHONE, "height": 844}, has_touch=True)  # type: ignore[union-attr]
        _signs_in_and_confirms(phone.new_page(), address, member.user)
        expect(page.locator(".ci-here")).to_contain_text("已到 1 / 6 人")
        with at(2026, 9, 14, 10, 0, 15):
            expect(page.locator(".ci-short > span").first).not_to_have_text(before)
            assert read_screen(page) != address
        page.get_by_role("button", name="结束签到").click()
        expect(page.locator("main")).to_contain_text("签到已结束")
        sound(page)
    assert (Attendance.objects.get().status, AttendanceEvent.objects.get().how) == ("present", "scan")


def _signs_in_and_confirms(page: Page, address: str, user: User) -> None:
    page.goto(address)
    assert urlsplit(page.url).path == "/sign-in/"
    page.get_by_label("工号").fill(user.work_number)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/learn/check-in/?c=*")
    expect(page.locator("main")).to_contain_text("9月14日 周一 上午")
    expect(page.locator("main")).to_contain_text(user.name)
    sound(page)
    page.get_by_role("button", name="确认到课").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("您已签到 10:00")
    sound(page)
    page.go_back()  # the code again: silent, nothing to confirm
    expect(page.get_by_role("heading", level=1)).to_have_text("您已签到 10:00")
    assert list(Scan.objects.order_by("pk").values_list("outcome", flat=True)) == ["present", "already"]
    assert AttendanceEvent.objects.count() == 1


def test_the_screen_is_readable_without_scripts(live_server: Any, cohort: Cohort) -> None:
    services.open_check_in(actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", before=30, late=5, after=120)
    screen = live_server.url + reverse("cohorts:check-in-screen", args=[cohort.public_id, MONDAY, "am"])
    with window_of(teacher_of(cohort), live_server, width=1440, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(screen)
        assert "/learn/check-in/?c=" in read_screen(page)
        assert page.locator("meta[http-equiv=refresh]").count() == 1
