"""Citizen identity numbers (GB 11643): what is wrong with one, and what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

COUNTIES = Path(__file__).parent / "data" / "county_codes.txt"
PROVINCES = frozenset(
    str(code)
    for code in (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71)
) | {"81", "82", "83"}
RESIDENCE_PERMITS = frozenset({"81", "82", "83"})  # their holders' numbers have no county
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_SIGNS = "10X98765432"
FULL_WIDTH = re.compile(r"[０-９Ｘｘ]")
STRAY = re.compile(r"[\s'’‘`＇\u00a0\u3000\u200b-\u200f\ufeff]")
EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True)
class IdNumber:
    """A valid number and what it says; ``known_county`` is False for a county code in no list since 2002."""

    number: str
    birth_date: date
    gender: str
    known_county: bool


class IdProblem(ValueError):
    """The number cannot be right; the sentence says why."""


def check_sign(first_17: str) -> str:
    """The eighteenth sign that belongs to seventeen digits."""
    return CHECK_SIGNS[sum(int(d) * w for d, w in zip(first_17, WEIGHTS, strict=True)) % 11]


@lru_cache(maxsize=1)
def county_codes() -> frozenset[str]:
    """Six-digit codes of counties and of cities without counties, 2002 to now."""
    codes: set[str] = set()
    for line in COUNTIES.read_text().splitlines():
        if not line.startswith("#"):
            head, tails = line.split()
            codes.update(head + tails[at : at + 2] for at in range(0, len(tails), 2))
    return frozenset(codes)


def read_id(text: str, *, today: date) -> IdNumber:
    """The number behind ``text`` (a small x is taken for X); IdProblem with a sentence when it cannot be right."""
    _refuse_shape(text)
    number = text.upper()
    if number[:2] not in PROVINCES:
        raise IdProblem(_("身份证号开头“%(code)s”不是省级行政区划代码。") % {"code": number[:2]})
    born = _birth_date(number[6:14], today)
    if check_sign(number[:17]) != number[17]:
        raise IdProblem(_("身份证号的校验位不对，请核对每一位数字。"))
    known = number[:2] in RESIDENCE_PERMITS or number[:6] in county_codes()
    return IdNumber(number, born, "M" if int(number[16]) % 2 else "F", known)


def _refuse_shape(text: str) -> None:
    if FULL_WIDTH.search(text):
        raise IdProblem(_("身份证号含有全角数字，请改为半角数字。"))
    if STRAY.search(text):
        raise IdProblem(_("身份证号含有多余的空格或撇号，请删去。"))
    if re.fullmatch(r"\d{15}", text):
        raise IdProblem(_("这是 15 位的旧身份证号，已停止使用，请填写 18 位号码。"))
    if len(text) != 18:
        raise IdProblem(_("身份证号应为 18 位，这里是 %(n)s 位。") % {"n": len(text)})
    if not re.fullmatch(r"[0-9]{17}[0-9Xx]", text):
        raise IdProblem(_("身份证号只能是 17 位数字加 1 位数字或 X。"))


def _birth_date(digits: str, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise IdProblem(_("身份证号中的出生日期“%(digits)s”不存在。") % {"digits": digits}) from None
    if not EARLIEST <= born <= today:
        raise IdProblem(_("身份证号中的出生日期“%(digits)s”不可能。") % {"digits": digits})
    return born
