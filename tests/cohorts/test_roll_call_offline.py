"""The roll call opened without a network: kept after the first visit, said to be so, gone after signing out."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from cohorts.models import Attendance, Cohort
from tests.browser import axe_violations
from tests.cohorts.test_presence_in_browser import cohort, queries_beside_playwright, window_of
from tests.factories.cohorts import MONDAY, teacher_of

__all__ = ["cohort", "queries_beside_playwright"]
pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("frozen_clock"),
]
_UNTIL = """async (wanted) => {
  const kept = async () => (await Promise.all((await caches.keys()).map(async (name) =>
    (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat();
  const parts = ["roll-call.css", "roll-call.js", "app.css"];
  const all = (paths) => parts.every((one) => paths.some((path) => path.endsWith(one)));
  const holds = (paths) => (wanted ? all(paths) : paths.length === 0);
  for (let n = 0; n < 200; n += 1) {
    if (holds(await kept())) return await kept();
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("still: " + (await kept()).join(" "));
}"""


def kept(page: Page, *, something: bool = True) -> list[str]:
    """The paths that the device keeps, once there is the page's style among them, or once there is nothing."""
    return page.evaluate(_UNTIL, something)


def visit(context: BrowserContext, live_server: Any, cohort: Cohort) -> Page:
    """The first visit; afterwards the page and what it is drawn with are kept."""
    page = context.new_page()
    page.goto(live_server.url + reverse("cohorts:roll-call", args=[cohort.public_id, MONDAY, "am"]))
    kept(page)
    return page


def test_opened_offline_marked_and_recorded_when_the_network_is_back(live_server: Any, cohort: Cohort) -> None:
    problems: list[str] = []
    with window_of(teacher_of(cohort), live_server) as context:
        page = visit(context, live_server, cohort)
        page.on("console", lambda one: problems.append(one.text) if "Content Security" in one.text else None)
        context.set_offline(True)
        page.reload()
        expect(page.locator("[data-kept]")).to_contain_text("现在没有网络。这是")
        expect(page.locator("[data-kept]")).to_contain_text("存在这台设备上的名单")
        assert page.locator("[data-member]").count() == 6
        assert page.locator(".rc-buttons").first.evaluate("e => getComputedStyle(e).display") == "grid", (
            "with its style"
        )
        page.locator("[data-member]").nth(0).locator("input[value=late]").tap()
        page.get_by_role("button", name="其余全部到课并提交").tap()
        expect(page.locator("[data-offline]")).to_contain_text("已暂存 6 人")
        assert axe_violations(page) == []
        assert not Attendance.objects.exists()
        context.set_offline(False)
        expect(page.locator("[data-told]")).to_have_text("已登记，6 人有变化。")
        expect(page.locator("[data-kept]")).to_contain_text("现在有网络，刷新后可看到最新名单")
    assert sorted(Attendance.objects.values_list("status", flat=True)) == ["late", *["present"] * 5]
    assert problems == []


def test_nothing_but_the_teachers_own_page_is_kept_and_signing_out_deletes_it(live_server: Any, cohort: Cohort) -> None:
    with window_of(teacher_of(cohort), live_server) as context:
        page = visit(context, live_server, cohort)
        own = reverse("cohorts:roll-call", args=[cohort.public_id, MONDAY, "am"])
        page.goto(live_server.url + reverse("cohorts:teach"))
        assert [path for path in kept(page) if not path.startswith("/static/")] == [own]
        page.locator("summary", has_text=teacher_of(cohort).name).click()
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url("**/sign-in/")
        assert kept(page, something=False) == []
        context.set_offline(True)
        page.goto(live_server.url + own)
        expect(page.get_by_role("heading", level=1)).to_have_text("没有网络")
        assert cohort.memberships.first().user.name not in page.content()  # type: ignore[union-attr]


def test_the_worker_answers_for_its_own_folder_alone(live_server: Any, cohort: Cohort) -> None:
    with window_of(teacher_of(cohort), live_server) as context:
        page = visit(context, live_server, cohort)
        scopes = page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope)")
        assert scopes == [live_server.url + "/teach/roll-call/"]
        other = "navigator.serviceWorker.register('/teach/roll-call/worker.js', {scope: '/'}).then(() => 1, () => 0)"
        assert page.evaluate(other) == 0, "the server allows no wider one"
