"""Rosters for the tests: synthetic rows, written as xlsx, xls or csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import xlwt
from openpyxl import Workbook

from tests.factories.people import synthetic_id, synthetic_name, synthetic_phone

HEADINGS = ("姓名", "工号", "单位", "职务", "职务层次", "职级", "身份证号", "手机号", "任职日期", "邮箱")
UNITS = ("市数据局", "市司法局", "市委党校", "市卫生健康委员会")


def row(number: int, **changes: Any) -> list[Any]:
    """A good row; ``changes`` by heading replace single cells."""
    values = {
        "姓名": synthetic_name(number),
        "工号": f"R{number:05d}",
        "单位": UNITS[number % len(UNITS)],
        "职务": "副处长",
        "职务层次": "县处级副职",
        "职级": "三级调研员",
        "身份证号": made_id(number),
        "手机号": synthetic_phone(5_000_000 + number),
        "任职日期": "2023-07-01",
        "邮箱": f"r{number}@example.cn",
    }
    return [(values | changes)[heading] for heading in HEADINGS]


def made_id(number: int) -> str:
    """Different for each number up to 40,000: the county stays, the day of birth and the order move."""
    return synthetic_id(number % 800, born=date(1970, 1, 1) + timedelta(days=number // 800 * 7))


def xlsx(rows: Sequence[Sequence[Any]], *, headings: Sequence[Any] = HEADINGS, title: str = "") -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "名单"
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
    sheet.append(list(headings))
    for values in rows:
        sheet.append(list(values))
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for place, values in enumerate([headings, *rows]):
        for column, value in enumerate(values):
            sheet.write(place, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(rows: Sequence[Sequence[Any]], *, headings: Sequence[str] = HEADINGS, encoding: str = "gb18030") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode(encoding)
