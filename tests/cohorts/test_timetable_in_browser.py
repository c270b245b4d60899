"""The week of half days in Chromium: a card is dragged, what stands against it is said, the form does the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from cohorts import services
from cohorts.models import Cohort, Session
from core import clock
from people.models import User
from tests.browser import PHONE, axe_violations, launch, overflowing
from tests.factories.cohorts import FIRST, MONDAY, CohortFactory, teacher_of
from tests.factories.people import UserFactory
from tests.journeys.looking import WAGTAILS_OWN

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TUESDAY = date(2026, 9, 15)


@pytest.fixture(autouse=True)
def queries_beside_playwright(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with clock.freeze(FIRST):
        yield


@pytest.fixture
def cohort(db: None) -> Cohort:
    """A class with one lesson on Monday morning and one on Tuesday afternoon, both published."""
    made = CohortFactory(running=True, members=4, days=0)
    for day, start, end, title in ((MONDAY, 9, 12, "数据共享"), (TUESDAY, 14, 17, "流程再造")):
        services.add_session(
            actor=teacher_of(made), cohort=made, title=title, day=day, starts_at=time(start), ends_at=time(end),
            room="报告厅",
        )  # fmt: skip
    services.publish_timetable(actor=teacher_of(made), cohort=made)
    return made


@contextmanager
def signed_in_at(user: User, live_server: Any, **options: Any) -> Iterator[Any]:
    with launch(**options) as context:
        browser = Client()
        browser.force_login(user, backend="people.backends.RoleBackend")
        value = browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        try:
            yield context.new_page()
        finally:
            connection.close()


def half(page: Any, day: date, which: str) -> Any:
    return page.locator(f'[data-day="{day.isoformat()}"][data-half="{which}"]')


def card(page: Any, title: str) -> Any:
    return page.locator(".tt-card", has_text=title)


def place_of(title: str) -> tuple[date, str, time]:
    session = Session.objects.get(title=title)
    return session.day, session.half, session.starts_at


def test_a_card_is_dragged_and_the_change_is_published(live_server: Any, cohort: Cohort) -> None:
    with signed_in_at(teacher_of(cohort), live_server) as page:
        page.goto(live_server.url + reverse("cohorts:timetable", args=[cohort.public_id]))
        assert "学员看到的与此相同" in page.locator(".tt-news").inner_text()
        assert axe_violations(page, exclude=WAGTAILS_OWN) == []
        card(page, "数据共享").drag_to(half(page, date(2026, 9, 16), "pm"))
        page.get_by_text("《数据共享》已移动。").wait_for()
        assert half(page, date(2026, 9, 16), "pm").locator(".tt-card").count() == 1
        assert place_of("数据共享") == (date(2026, 9, 16), "pm", time(14))

        page.get_by_role("link", name="查看并发布调整").click()
        assert "9月14日上午《数据共享》改到9月16日下午 14:00—17:00" in page.locator(".lh-confirm").inner_text()
        page.get_by_role("button", name="发布并通知学员").click()
        page.get_by_text("课表已发布，已通知学员。").wait_for()
    assert cohort.publications.count() == 2


def test_what_stands_against_a_drag_is_said_and_nothing_moves(live_server: Any, cohort: Cohort) -> None:
    other = CohortFactory(days=0, title="乙班")
    services.add_session(
        actor=teacher_of(other), cohort=other, title="法治", day=TUESDAY, starts_at=time(9), ends_at=time(12),
        room="报告厅",
    )  # fmt: skip
    with signed_in_at(teacher_of(cohort), live_server) as page:
        page.goto(live_server.url + reverse("cohorts:timetable", args=[cohort.public_id]))
        card(page, "数据共享").drag_to(half(page, TUESDAY, "am"))
        page.get_by_text("报告厅 09:00至12:00已安排“乙班（第1期）”的《法治》").wait_for()
        assert half(page, MONDAY, "am").locator(".tt-card").count() == 1
    assert place_of("数据共享") == (MONDAY, "am", time(9))


def test_the_form_does_the_same_without_a_mouse(live_server: Any, cohort: Cohort) -> None:
    with signed_in_at(teacher_of(cohort), live_server, width=PHONE) as page:
        page.goto(live_server.url + reverse("cohorts:timetable", args=[cohort.public_id]))
        assert overflowing(page) == []
        link = card(page, "数据共享").get_by_role("link", name="调整")
        link.focus()
        page.keyboard.press("Enter")
        page.get_by_label("日期").fill("2026-09-17")
        page.get_by_role("button", name="保存").focus()
        page.keyboard.press("Enter")
        page.get_by_text("课表已调整。").wait_for()
    assert place_of("数据共享")[0] == date(2026, 9, 17)


def test_a_rest_day_needs_the_box_in_the_form(live_server: Any, cohort: Cohort) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(ends_on=date(2026, 9, 20))
    with signed_in_at(teacher_of(cohort), live_server) as page:
        page.goto(live_server.url + reverse("cohorts:session-add", args=[cohort.public_id]))
        page.get_by_label("内容").fill("周末研讨")
        page.get_by_label("日期").fill("2026-09-19")
        page.get_by_label("开始时间").fill("09:00")
        page.get_by_label("结束时间").fill("11:00")
        page.get_by_role("button", name="保存").click()
        page.get_by_text("9月19日（周六）是休息日").first.wait_for()
        page.get_by_label("在休息日上课").check()
        page.get_by_role("button", name="保存").click()
        page.get_by_text("已排入课表。").wait_for()
        assert "周六 休息" in page.locator(".tt-day.is-rest").inner_text()


@pytest.mark.parametrize(("name", "size"), [("week", (842, 595)), ("day", (595, 842))])
def test_a_sheet_prints_on_one_page_of_a4(live_server: Any, cohort: Cohort, name: str, size: tuple[int, int]) -> None:
    import io

    from pypdf import PdfReader

    lecturer = UserFactory(name="阿卜杜热西提·阿卜杜喀迪尔", role="lecturer")
    for n in range(2, 5):
        for start in (9, 14):
            services.add_session(
                actor=teacher_of(cohort), cohort=cohort, title="“高效办成一件事”改革与跨部门流程再造",
                day=date(2026, 9, 14 + n), starts_at=time(start), ends_at=time(start + 3), lecturer=lecturer,
                room="领航楼三楼东侧报告厅",
            )  # fmt: skip
    url = reverse(f"cohorts:timetable-{name}", args=[cohort.public_id, MONDAY])
    with signed_in_at(teacher_of(cohort), live_server) as page:
        page.goto(live_server.url + url)
        sheet = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(sheet.pages) == 1
    box = sheet.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == pytest.approx(size, abs=2)
    assert "返回课表" not in sheet.pages[0].extract_text()


def test_a_card_is_carried_by_keyboard_and_what_happens_is_said(live_server: Any, cohort: Cohort) -> None:
    with signed_in_at(teacher_of(cohort), live_server) as page:
        page.goto(live_server.url + reverse("cohorts:timetable", args=[cohort.public_id]))
        told, grip = page.locator("[data-move-told]"), card(page, "数据共享").locator("[data-grip]")
        assert axe_violations(page, exclude=WAGTAILS_OWN) == []
        grip.focus()
        page.keyboard.press("Enter")
        expect(grip).to_have_attribute("aria-pressed", "true")
        expect(told).to_contain_text("已拿起《数据共享》，现在在9月14日 周一 上午")
        page.keyboard.press("ArrowRight")
        expect(told).to_have_text("9月15日 周二 上午，没有课")
        page.keyboard.press("ArrowDown")
        expect(told).to_have_text("9月15日 周二 下午，已有 1 节课")
        page.keyboard.press("Escape")
        expect(told).to_have_text("《数据共享》没有移动。")
        assert place_of("数据共享")[:2] == (MONDAY, "am")
        page.keyboard.press("Enter")
        for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        page.get_by_text("《数据共享》已移动。").wait_for()
        assert place_of("数据共享") == (date(2026, 9, 16), "pm", time(14))
        expect(card(page, "数据共享").locator("[data-grip]")).to_be_focused()


_FINGER = """
([grip, half]) => {
  const a = grip.getBoundingClientRect();
  const fire = (kind, x, y) => grip.dispatchEvent(new PointerEvent(kind, {
    bubbles: true, pointerId: 1, pointerType: "touch", isPrimary: true, clientX: x, clientY: y}));
  grip.setPointerCapture = () => {};
  fire("pointerdown", a.x + 5, a.y + 5);
  fire("pointermove", a.x + 5, a.y + 30);
  half.scrollIntoView({block: "center", behavior: "instant"});
  const b = half.getBoundingClientRect();
  fire("pointermove", b.x + 20, b.y + b.height / 2);
  fire("pointerup", b.x + 20, b.y + b.height / 2);
}
"""


def test_a_finger_drags_by_the_grip_and_a_tap_picks_up(live_server: Any, cohort: Cohort) -> None:
    with signed_in_at(teacher_of(cohort), live_server, width=PHONE, height=844, has_touch=True) as page:
        page.goto(live_server.url + reverse("cohorts:timetable", args=[cohort.public_id]))
        grip = card(page, "数据共享").locator("[data-grip]")
        box = grip.bounding_box()
        assert min(box["width"], box["height"]) >= 44
        where = half(page, TUESDAY, "am")
        page.evaluate(_FINGER, [grip.element_handle(), where.element_handle()])
        page.get_by_text("《数据共享》已移动。").wait_for()
        assert place_of("数据共享") == (TUESDAY, "am", time(9))
        card(page, "数据共享").locator("[data-grip]").tap()
        half(page, MONDAY, "pm").locator("h4").tap()
        page.get_by_text("《数据共享》已移动。").wait_for()
        assert place_of("数据共享") == (MONDAY, "pm", time(14))
        assert overflowing(page) == []
