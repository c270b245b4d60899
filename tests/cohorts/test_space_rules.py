"""The rules of the class space, without a database."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cohorts.rules.space import Piece, clean, is_open, may_edit, own_path, paragraphs, shows_contacts

NOW = datetime(2026, 9, 14, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOST = "linghang.example.cn"


@pytest.mark.parametrize(
    ("state", "writes", "contacts"),
    [
        ("planned", True, False),
        ("nominating", True, False),
        ("confirmed", True, False),
        ("running", True, True),
        ("closed", False, False),
        ("archived", False, False),
        ("cancelled", False, False),
    ],
)
def test_what_a_state_allows(state: str, writes: bool, contacts: bool) -> None:
    assert (is_open(state), shows_contacts(state)) == (writes, contacts)


@pytest.mark.parametrize(("seconds", "may"), [(0, True), (15 * 60, True), (15 * 60 + 1, False), (86_400, False)])
def test_a_post_may_be_changed_for_a_quarter_of_an_hour(seconds: int, may: bool) -> None:
    assert may_edit(NOW, NOW + timedelta(seconds=seconds)) is may


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  第一段\r\n\r\n\r\n\r\n第二段  ", "第一段\n\n第二段"),
        ("看\u202e不\u200b见\x07的", "看不见的"),
        ("\u200b\u200b \n ", ""),
        ("老马\t\n换行", "老马\n换行"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(text: str, kept: str) -> None:
    assert clean(text) == kept


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (f"https://{HOST}/learn/class/?page=2", "/learn/class/?page=2"),
        (f"http://{HOST}", "/"),
        ("/learn/courses/", "/learn/courses/"),
        ("https://elsewhere.example.com/learn/", ""),
        (f"https://{HOST}.elsewhere.example.com/", ""),
        (f"https://{HOST}@elsewhere.example.com/", ""),
        (f"https://user@{HOST}/", ""),
        (f"https://{HOST}//elsewhere.example.com/", ""),
        (f"https://{HOST}/\\elsewhere", ""),
        ("http://[broken", ""),
    ],
)
def test_only_our_own_addresses_are_links(address: str, path: str) -> None:
    assert own_path(address, HOST) == path


def test_text_becomes_paragraphs_lines_and_links() -> None:
    text = (
        f"请看https://{HOST}/learn/class/。还有 /learn/courses/.\n第二行 https://a.example.com/x\n\njavascript:alert(1)"
    )
    assert paragraphs(text, HOST) == [
        [
            [
                Piece("请看"),
                Piece(f"https://{HOST}/learn/class/", "/learn/class/"),
                Piece("。还有 "),
                Piece("/learn/courses/", "/learn/courses/"),
                Piece("."),
            ],
            [Piece("第二行 https://a.example.com/x")],
        ],
        [[Piece("javascript:alert(1)")]],
    ]


@pytest.mark.parametrize("text", ["and/learn/x", "../learn/x", "//learn/x", "<script>alert(1)</script>", "和/或"])
def test_what_only_looks_like_an_address_stays_text(text: str) -> None:
    assert [p.url for part in paragraphs(text, HOST) for line in part for p in line] == [""]
