"""From a cell to a value: one reader per column; a problem is a sentence about that cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.spreadsheets.cells import Cell
from people.contact import ContactProblem, read_email, read_phone
from people.idcard import FULL_WIDTH, STRAY, IdNumber, IdProblem, read_id
from people.names import clean_name
from people.ranks import Level, Rank
from people.roster import tables

EARLIEST = date(1900, 1, 1)
FULL_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s+0{1,2}:00(?::00)?)?$")
COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
MONTH = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))$")
SHORT_YEAR = re.compile(r"^\d{2}[-/.年]\d{1,2}(?:[-/.月](?:\d{1,2}日?)?)?$")
SERIAL = re.compile(r"^\d{5}(\.\d+)?$")


class CellProblem(ValueError):
    """What is wrong with a cell, in one sentence."""


def shown(cell: Cell) -> str:
    """The cell as a person sees it in the sheet, for the report: 1.10105E+17 stays so."""
    if cell.kind == "number" and cell.imprecise:
        return f"{cell.value:.5E}"
    if isinstance(cell.value, str):
        return cell.value
    return cell.text


def raw(cell: Cell) -> str:
    """The text with its blanks; numbers and dates as a person would type them."""
    return cell.value if isinstance(cell.value, str) else cell.text


def refuse_computed(cell: Cell) -> None:
    """Error values and formulas are no data."""
    if cell.kind == "error":
        raise CellProblem(_("这一格是出错的公式结果（如 #N/A），请填写实际内容。"))
    if cell.formula:
        raise CellProblem(_("这一格是公式，请改为实际内容（复制后选择性粘贴为数值）。"))


def work_number(cell: Cell, today: date) -> str:
    if cell.merged:
        raise CellProblem(_("工号是合并单元格，几个人不能共用一个工号，请拆开填写。"))
    text = raw(cell).strip()
    if cell.imprecise:
        raise CellProblem(_("工号太长，显示成了科学计数，末尾几位已经丢失。请把这一列设为文本后重新填写。"))
    if FULL_WIDTH.search(unicodedata.normalize("NFC", text)) or any("ａ" <= sign.lower() <= "ｚ" for sign in text):
        raise CellProblem(_("工号含有全角字符，请改为半角。"))
    if STRAY.search(text):
        raise CellProblem(_("工号含有多余的空格或撇号，请删去。"))
    if len(text) > 32:
        raise CellProblem(_("工号超过 32 位，请检查这一列是否错位。"))
    if not (text.isascii() and text.replace("-", "").replace("_", "").isalnum()):
        raise CellProblem(_("工号只能由半角字母、数字和横线组成。"))
    return text


def name(cell: Cell, today: date) -> str:
    if cell.merged:
        raise CellProblem(_("姓名是合并单元格，请拆开，每行填写一个人。"))
    return _said(lambda: clean_name(raw(cell)))


def id_number(cell: Cell, today: date) -> IdNumber:
    if cell.imprecise:
        raise CellProblem(_("身份证号显示成了科学计数，末尾几位已经丢失。请把这一列设为文本后重新填写。"))
    return _said(lambda: read_id(raw(cell), today=today))


def phone(cell: Cell, today: date) -> str:
    if cell.kind == "text" and cell.imprecise:
        raise CellProblem(_("手机号显示成了科学计数，请把这一列设为文本后重新填写。"))
    return _said(lambda: read_phone(cell.text))


def email(cell: Cell, today: date) -> str:
    return _said(lambda: read_email(unicodedata.normalize("NFKC", cell.text)))


def _said(read: Callable[[], Any]) -> Any:
    """The reader's problem as a cell's problem."""
    try:
        return read()
    except DomainError as problem:
        raise CellProblem(problem.message) from problem
    except (IdProblem, ContactProblem) as problem:
        raise CellProblem(str(problem)) from problem


def gender(cell: Cell, today: date) -> str:
    found = tables.GENDERS.get(tables.plain(cell.text))
    if found is None:
        raise CellProblem(_("性别应填“男”或“女”。"))
    return found


def level(cell: Cell, today: date) -> str:
    found = tables.level_of(cell.text)
    if found is None:
        words = "、".join(str(choice.label) for choice in Level)
        raise CellProblem(_("没有这个职务层次。可填：%(words)s。") % {"words": words})
    return found


def rank(cell: Cell, today: date) -> str:
    found = tables.rank_of(cell.text)
    if found is None:
        words = "、".join(str(choice.label) for choice in Rank)
        raise CellProblem(_("没有这个职级。可填：%(words)s。") % {"words": words})
    return found


def post(cell: Cell, today: date) -> str:
    text = " ".join(cell.text.split())
    if len(text) > 60:
        raise CellProblem(_("职务超过 60 个字，请缩短。"))
    if not text.isprintable():
        raise CellProblem(_("职务中含有看不见的字符，请重新输入。"))
    return text


def starts_on(cell: Cell, today: date) -> date:
    found, _exact = day(cell)
    if found > today:
        raise CellProblem(_("任职日期晚于今天，请核对。"))
    return found


def birth_date(cell: Cell, today: date) -> tuple[date, bool]:
    """The day and whether it is exact; 出生年月 says only the month."""
    found, exact = day(cell)
    if found > today:
        raise CellProblem(_("出生日期晚于今天，请核对。"))
    return found, exact


def day(cell: Cell) -> tuple[date, bool]:
    """The day that the cell names and whether it is exact (2019.03 is the first of March, not exact)."""
    if isinstance(cell.value, datetime):
        return _possible(cell.value.year, cell.value.month, cell.value.day), True
    if isinstance(cell.value, date):
        return _possible(cell.value.year, cell.value.month, cell.value.day), True
    text = unicodedata.normalize("NFKC", cell.text).strip()
    if isinstance(cell.value, float) and re.fullmatch(r"\d{4}\.1", text):
        raise CellProblem(_("“%(text)s”分不清是 1 月还是 10 月，请写成完整日期。") % {"text": text})
    return _day_in(text)


def _day_in(text: str) -> tuple[date, bool]:
    exact = FULL_DAY.match(text) or COMPACT_DAY.match(text)
    if exact:
        year, month, number = (int(part) for part in exact.groups())
        return _possible(year, month, number), True
    if SERIAL.match(text):
        raise CellProblem(_("这是表格内部的日期序列号，请把单元格设为日期格式，或写成 2026-09-01。"))
    if SHORT_YEAR.match(text):
        raise CellProblem(_("年份只有两位，请写四位年份，如 1985-06-01。"))
    month_only = MONTH.match(text)
    if month_only:
        return _possible(int(month_only[1]), int(month_only[2] or month_only[3]), 1), False
    raise CellProblem(_("认不出这个日期，请写成 2026-09-01。"))


def _possible(year: int, month: int, number: int) -> date:
    try:
        found = date(year, month, number)
    except ValueError:
        raise CellProblem(_("没有这一天，请核对日期。")) from None
    if found < EARLIEST:
        raise CellProblem(_("日期早于 1900 年，请核对。"))
    return found


READERS: dict[str, Callable[[Cell, date], Any]] = {
    "work_number": work_number,
    "name": name,
    "post": post,
    "level": level,
    "rank": rank,
    "starts_on": starts_on,
    "id_number": id_number,
    "phone": phone,
    "gender": gender,
    "birth_date": birth_date,
    "email": email,
}
