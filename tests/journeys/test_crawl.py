"""Every persona follows every kind of link, on a phone and at a desk: nothing is broken, cut off or foreign."""

from __future__ import annotations

import pytest

from tests.browser import DESK, PHONE
from tests.journeys.conftest import House, OpenWindow
from tests.journeys.looking import Crawl, faults, signs_in

pytestmark = pytest.mark.journey
LOGINS = {
    "trainee": "LH0001",
    "class_teacher": "TEA001",
    "training_office": "OFF001",
    "lecturer": "LEC001",
    "leader": "LEA001",
    "unit_leader": "LEA002",
    "unit_admin": "UAD001",
    "content_editor": "EDI001",
    "system_admin": "SYS001",
    "security_admin": "SEC001",
    "audit_admin": "AUD001",
}


def case(width: int, persona: str) -> object:
    name = {PHONE: "phone", DESK: "desk"}[width]
    return pytest.param(width, persona, id=f"{persona}-{name}", marks=pytest.mark.xdist_group(f"journeys-{name}"))


CASES = [case(width, persona) for width in (PHONE, DESK) for persona in ("visitor", *LOGINS)]


@pytest.mark.parametrize(("width", "persona"), CASES)
def test_every_link_of_a_persona_leads_to_a_sound_page(width: int, persona: str, house: House, window: OpenWindow):
    page = window(width=width).new_page()
    start = "/"
    if persona != "visitor":
        account = house.account(LOGINS[persona])
        signs_in(page, account["login"], account["password"])
        start = account["start"]
    crawl = Crawl(page, start)
    told = crawl.run()
    print(persona, width, len(crawl.seen))
    assert told == [], f"{len(told)} findings on {len(crawl.seen)} kinds of pages:\n" + "\n".join(told)


@pytest.mark.xdist_group("journeys-phone")
def test_a_cadres_pages_hold_at_200_percent(house: House, window: OpenWindow):
    """A window of 1440 px at 200 % is one of 720 CSS pixels."""
    page = window(width=720, height=450, device_scale_factor=2).new_page()
    account = house.account(LOGINS["trainee"])
    signs_in(page, account["login"], account["password"])
    told = []
    for path in ("/learn/", "/learn/class/", "/learn/courses/", "/learn/exams/", "/learn/certificates/",
                 "/learn/archive/", "/courses/", "/account/"):  # fmt: skip
        page.goto(path)
        told += list(faults(page))
    assert told == [], "\n".join(told)
