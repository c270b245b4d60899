"""With the keyboard alone: from the sign-in page to the end of a lesson, the focus always to be seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import House, OpenWindow

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys-desk")]
# What has the focus, and whether a ring round it, round what stands behind it or round its card can be seen.
_SEEN = """
async () => {
  const e = document.activeElement;
  if (!e || e === document.body) return '';
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)));
  const rung = (s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
  const around = [e, e.parentElement, e.parentElement && e.parentElement.parentElement, e.closest('label')];
  const ring = rung(getComputedStyle(e, '::after')) || around.some((one) => one && rung(getComputedStyle(one)));
  const box = e.getBoundingClientRect();
  const within = box.bottom > 0 && box.right > 0 && box.width > 0;
  const words = (e.innerText || e.getAttribute('aria-label') || e.name || e.tagName).trim().slice(0, 30);
  return (ring && within ? '' : 'unseen: ') + words;
}
"""


def tabs_to(page: Page, words: str, *, most: int = 60) -> list[str]:
    """Presses Tab until the focus stands on what is called so; what could not be seen on the way."""
    unseen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(_SEEN)
        if here.startswith("unseen: "):
            unseen.append(here)
        if words in here:
            return unseen
    raise AssertionError(f"“{words}” is not reached by Tab")


def test_from_sign_in_to_a_lesson(house: House, window: OpenWindow):
    page, account = window().new_page(), house.account("LH0001")
    page.goto("/sign-in/")
    expect(page.get_by_label("工号")).to_be_focused()
    page.keyboard.type(account["login"])
    page.keyboard.press("Tab")
    page.keyboard.type(account["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/learn/")
    unseen = tabs_to(page, "学习")
    page.keyboard.press("Enter")
    page.wait_for_url("**/learn/courses/")
    first = page.locator(".co-card-step a").first.inner_text().strip()[:6]
    unseen += tabs_to(page, first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/learn/courses/*/*/")
    assert unseen == []


def test_the_first_tab_leads_past_the_menus(house: House, window: OpenWindow):
    page = window().new_page()
    for path in ("/", "/courses/", "/verify/"):
        page.goto(path)
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        expect(skip).to_be_visible()
        assert (skip.get_attribute("href") or "").startswith("#")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)"), path
