"""The graduation board under a thumb and under the keyboard, with scripts switched off."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cohorts import services
from cohorts.models import Cohort
from core import clock
from tests.browser import axe_violations, overflowing
from tests.cohorts.test_arrival_in_browser import LONG, first_morning, phone_of
from tests.factories.cohorts import AFTER, CohortFactory, office, ready_to_close, teacher_of
from tests.factories.courses import EditionFactory
from tests.factories.people import UserFactory

__all__ = ["first_morning"]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cohort() -> Cohort:
    """Twelve conditions, and a name of fourteen characters."""
    made: Cohort = CohortFactory(running=True, members=[UserFactory(name=LONG, full=True)])
    for number in range(8):
        edition = EditionFactory(lessons=1, title=f"数字政府建设与政务数据共享安全使用专题{number}")
        services.require_course(actor=teacher_of(made), cohort=made, edition=edition)
    return made


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reason_opens_on_tap_and_by_keyboard(live_server: Any, cohort: Cohort, scripts: bool) -> None:
    with phone_of(teacher_of(cohort), live_server, java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(reverse("cohorts:graduation", args=[cohort.public_id]))
        cells = page.locator("tbody td details")
        assert cells.count() >= 12
        why = cells.nth(0).locator(".lh-cell-sub")
        expect(why).to_be_hidden()
        cells.nth(0).locator("summary").tap()
        expect(why).to_be_visible()
        other = cells.last
        other.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(other.locator(".lh-cell-sub")).to_contain_text("已学完 0 / 1 课时")
        assert other.locator("summary").bounding_box()["height"] >= 44
        assert other.locator("summary").get_attribute("title") == "已学完 0 / 1 课时"
        if scripts:
            assert overflowing(page) == [] and axe_violations(page) == []


def test_the_name_stays_in_sight_while_the_conditions_scroll(live_server: Any, cohort: Cohort) -> None:
    with phone_of(teacher_of(cohort), live_server) as context:
        page = context.new_page()
        page.goto(reverse("cohorts:graduation", args=[cohort.public_id]))
        name, frame = page.locator("tbody th").first, page.locator(".co-board .lh-table-scroll")
        before = name.bounding_box()["x"]
        frame.evaluate("e => { e.scrollLeft = 600; }")
        assert frame.evaluate("e => e.scrollLeft") > 300
        assert abs(name.bounding_box()["x"] - before) < 2


def test_the_office_waives_a_condition_and_the_member_graduates(live_server: Any) -> None:
    made = ready_to_close(members=1)
    edition = EditionFactory(lessons=1, title="数据共享")
    services.require_course(actor=teacher_of(made), cohort=made, edition=edition)
    with clock.freeze(AFTER), phone_of(office(), live_server) as context:
        page = context.new_page()
        page.goto(reverse("cohorts:graduation", args=[made.public_id]))
        expect(page.locator(".co-board thead")).to_contain_text("0 / 1")
        page.get_by_role("link", name="豁免").click()
        page.get_by_label("课程《数据共享》").check()
        page.get_by_label("理由").fill("因公出差")
        page.get_by_label("文号").fill("领院〔2026〕12号")
        page.get_by_role("button", name="豁免", exact=True).click()
        page.get_by_text("已豁免，学员会收到通知。").wait_for()
        page.goto(reverse("cohorts:graduation", args=[made.public_id]))
        row = page.locator(".co-board tbody tr").first
        expect(row).to_contain_text("可以结业")
        row.get_by_text("已豁免").click()
        expect(row).to_contain_text("批准豁免（领院〔2026〕12号）")
        page.get_by_role("link", name="结班清单").click()
        page.get_by_role("link", name="结班", exact=True).click()
        page.get_by_role("button", name="结班").click()
        page.get_by_role("heading", name="已结班").wait_for()
    assert made.memberships.get().state == "graduated"


def test_the_board_is_one_stop_of_tab_and_the_arrows_move_inside(live_server: Any) -> None:
    made = CohortFactory(running=True, members=12)
    for number in range(2):
        edition = EditionFactory(lessons=1, title=f"专题{number}")
        services.require_course(actor=teacher_of(made), cohort=made, edition=edition)
    with phone_of(teacher_of(made), live_server) as context:
        page = context.new_page()
        page.goto(reverse("cohorts:graduation", args=[made.public_id]))
        stops = "document.querySelectorAll('table[data-grid] [tabindex=\"0\"]').length"
        inside = "[...document.querySelectorAll('table[data-grid] :is(a, summary, td)')]"
        tabbable = f"{inside}.filter((e) => e.tabIndex >= 0).length"
        assert page.evaluate(stops) == page.evaluate(tabbable) == 1
        cell = lambda row, column: page.locator("tbody tr").nth(row).locator("th, td").nth(column)  # noqa: E731
        cell(0, 0).locator("a").focus()
        for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
            page.keyboard.press(key)
        expect(cell(1, 2).locator("summary")).to_be_focused()
        page.keyboard.press("Enter")
        expect(cell(1, 2).locator(".lh-cell-sub")).to_be_visible()
        page.keyboard.press("End")
        expect(cell(1, 8).locator("summary")).to_be_focused()
        page.keyboard.press("Control+Home")
        expect(cell(0, 0).locator("a")).to_be_focused()
        page.keyboard.press("ArrowLeft")
        expect(cell(0, 0).locator("a")).to_be_focused()
        page.keyboard.press("PageDown")
        expect(cell(10, 0).locator("a")).to_be_focused()
        cell(3, 4).locator("summary").tap()
        page.keyboard.press("ArrowRight")
        expect(cell(3, 5).locator("summary")).to_be_focused()
        assert page.evaluate(stops) == 1 and axe_violations(page) == []
