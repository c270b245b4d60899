"""Every persona follows every kind of link; each page, at a desk and on a phone, is neither cut off nor foreign."""

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


LOOKED_AT: set[str] = set()  # kinds of pages that somebody of this process saw at every width
# Two crawls at a time, each half in one process: the story's database is copied once for it.
OFFICE = ("class_teacher", "training_office", "content_editor", "system_admin")


def case(persona: str) -> object:
    half = "office" if persona in OFFICE else "others"
    return pytest.param(persona, id=persona, marks=pytest.mark.xdist_group(f"crawl-{half}"))


@pytest.mark.parametrize("persona", [case(persona) for persona in ("visitor", *LOGINS)])
def test_every_link_of_a_persona_leads_to_a_sound_page(persona: str, house: House, window: OpenWindow):
    page = window(width=DESK).new_page()
    start = "/"
    if persona != "visitor":
        account = house.account(LOGINS[persona])
        signs_in(page, account["login"], account["password"])
        start = account["start"]
    crawl = Crawl(page, start, widths=(DESK, PHONE), known=LOOKED_AT)
    told = crawl.run()
    assert told == [], f"{len(told)} findings on {len(crawl.seen)} kinds of pages:\n" + "\n".join(told)


@pytest.mark.xdist_group("crawl-others")
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
