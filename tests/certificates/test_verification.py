from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from certificates.services import reissue, revoke
from certificates.verification import WRONG_TRIES
from core import clock
from core.names import masked
from tests.factories.certificates import issued_class
from tests.factories.cohorts import AFTER, office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


@pytest.fixture
def issued():
    return issued_class(members=1)[1][0]


def ask(client, number, code, **extra):
    return client.get(reverse("certificates:verify"), {"number": number, "code": code}, **extra)


def test_the_page_asks_for_number_and_code(client):
    page = client.get(reverse("certificates:verify")).content.decode()
    assert "证书编号" in page
    assert "验证码" in page


def test_number_and_code_show_the_masked_name_class_hours_and_status(client, issued):
    page = ask(client, issued.number, issued.code).content.decode()
    for words in (masked(issued.printed["name"]), issued.printed["class_name"], "40 学时", "有效", "2026年9月18日"):
        assert words in page
    assert issued.printed["name"] not in page


def test_the_qr_codes_address_opens_the_same(client, issued):
    path = issued.printed["verify_url"].split("8000", 1)[1]
    assert "有效" in client.get(path).content.decode()


def test_lower_case_and_hyphens_are_fine(client, issued):
    typed = f"{issued.code[:4]}-{issued.code[4:]}".lower()
    assert "有效" in ask(client, "2026-0001", typed).content.decode()


def test_a_wrong_number_and_a_wrong_code_look_the_same(client, issued):
    pages = [
        ask(client, number, code).content.decode()
        for number, code in ((issued.number, "ABCDEFGH"), ("2026-0002", issued.code), ("2031-0777", "ABCDEFGH"))
    ]
    answers = {re.search(r"<main.*?(?=<form)", page, re.DOTALL)[0] for page in pages}
    assert len(answers) == 1
    assert "没有找到与编号和验证码都相符的证书" in pages[0]
    assert issued.printed["class_name"] not in "".join(pages)


@pytest.mark.parametrize("number", ["", "%", "'", "\x00", "x" * 5000, "😀", "2026-0001; DROP TABLE"])
@pytest.mark.parametrize("code", ["", "'", "\x00\x00", "９９９９９９９９", "x" * 5000])
def test_every_question_is_answered(client, number, code):
    assert ask(client, number, code).status_code == 200


def test_a_revoked_certificate_says_so_with_the_date(client, issued):
    with clock.freeze(AFTER):
        revoke(actor=office(), certificate=issued, reason="内部原因不公开")
    page = ask(client, issued.number, issued.code).content.decode()
    assert "已撤销" in page
    assert "2026年9月18日" in page
    assert "内部原因不公开" not in page


def test_a_reissued_certificate_points_to_its_successor(client, issued):
    with clock.freeze(AFTER):
        new = reissue(actor=office(), certificate=issued, reason="姓名更正")
    page = ask(client, issued.number, issued.code).content.decode()
    assert "已补发" in page
    assert new.number in page


def test_guessing_is_slowed_down_by_address_and_others_go_on(client, issued):
    for _ in range(WRONG_TRIES):
        assert ask(client, "2026-0001", "ABCDEFGH").status_code == 200
    blocked = ask(client, issued.number, issued.code)
    assert blocked.status_code == 429
    assert "请 10 分钟后再试" in blocked.content.decode()
    assert ask(client, issued.number, issued.code, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_right_answers_do_not_count_as_guesses(client, issued):
    for _ in range(WRONG_TRIES + 2):
        assert ask(client, issued.number, issued.code).status_code == 200
