"""Identity numbers, credit identifiers, telephone numbers and addresses: what is wrong with each is said."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import idcard, uscc
from people.contact import ContactProblem, read_email, read_phone
from people.idcard import IdProblem, read_id

TODAY = date(2026, 9, 14)


def number(first_17: str) -> str:
    return first_17 + idcard.check_sign(first_17)


@pytest.mark.parametrize("known", ["11010519491231002X", "440524188001010014"])
def test_the_examples_of_the_standard(known: str) -> None:
    assert idcard.check_sign(known[:17]) == known[17]


def test_what_a_number_says() -> None:
    read = read_id("11010519491231002x", today=TODAY)
    assert (read.number, read.birth_date, read.gender) == ("11010519491231002X", date(1949, 12, 31), "F")
    assert read.known_county


def test_an_abolished_or_unknown_county_is_only_noted() -> None:
    assert not read_id(number("11999919800101001"), today=TODAY).known_county
    assert read_id(number("11010319800101001"), today=TODAY).known_county, "崇文区, until 2010"
    assert read_id(number("81000019800101001"), today=TODAY).known_county, "residence permits have no county"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("110105194912310021", "校验位"),
        ("1101051949123100", "这里是 16 位"),
        ("110105491231002", "15 位"),
        ("1101051949123100211", "这里是 19 位"),
        (number("11010519491301002"), "出生日期“19491301”不存在"),
        (number("11010519490229002"), "出生日期“19490229”不存在"),
        (number("11010520991231002"), "不可能"),
        (number("11010518991231002"), "不可能"),
        (number("99010519491231002"), "省级行政区划"),
        ("１１０１０５19491231002X", "全角"),
        ("110105 19491231002X", "空格"),
        ("'11010519491231002X", "撇号"),
        ("11010519491231X02X", "只能是"),
    ],
)
def test_what_is_wrong_with_a_number(text: str, reason: str) -> None:
    with pytest.raises(IdProblem, match=reason):
        read_id(text, today=TODAY)


@given(st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(text: str, place: int, shift: int) -> None:
    right = number(text[:17])
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert idcard.check_sign(wrong[:17]) != wrong[17]


@pytest.mark.parametrize("known", ["91350100M000100Y43", "11100000MB03271699"])
def test_credit_identifiers(known: str) -> None:
    first = known[:17]
    assert uscc.read_uscc(first + uscc.check_sign(first)).startswith(first)
    assert uscc.read_uscc("91350100m000100y43") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("91350100M000100Y44", "校验位"), ("9135", "这里是 4 位"), ("91350100I000100Y43", "不会出现：I")],
)
def test_wrong_credit_identifiers(text: str, reason: str) -> None:
    with pytest.raises(uscc.UsccProblem, match=reason):
        uscc.read_uscc(text)


@pytest.mark.parametrize("text", ["13800138000", "+8613800138000", "138-0013-8000", "8613800138000"])
def test_telephone_numbers(text: str) -> None:
    assert read_phone(text) == "13800138000"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1380013800", "这里是 10 位"),
        ("12800138000", "13 至 19"),
        ("１３８00138000", "全角"),
        ("138 0013 8000", "空格"),
        ("1380013800a", "只能由数字"),
    ],
)
def test_wrong_telephone_numbers(text: str, reason: str) -> None:
    with pytest.raises(ContactProblem, match=reason):
        read_phone(text)


def test_addresses() -> None:
    assert read_email("Wang.Min@Example.CN") == "Wang.Min@example.cn"
    for wrong in ("wang", "wang@", "wang@example", "王敏@示范 .cn"):
        with pytest.raises(ContactProblem, match="邮箱"):
            read_email(wrong)
