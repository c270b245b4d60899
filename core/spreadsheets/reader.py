"""Reading a workbook that a person uploads: xlsx, xls or csv, told apart by what is in it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from core.errors import DomainError
from core.spreadsheets import biff, package
from core.spreadsheets.cells import Sheet, Value, Workbook
from core.spreadsheets.package import Marks

MAX_BYTES = 20 * 1024 * 1024
MAX_SHEETS = 50
DELIMITERS = ",\t;|，"
NOT_TEXT = {
    b"%PDF": "PDF",
    b"\x89PNG": _("图片"),
    b"\xff\xd8\xff": _("图片"),
    b"Rar!": _("压缩包"),
    b"7z\xbc\xaf": _("压缩包"),
    b"GIF8": _("图片"),
}


def read_workbook(name: str, data: bytes, *, max_rows: int = 20000, max_columns: int = 100) -> Workbook:
    """The sheets of the file, typed by its content and not its name; DomainError says what is wrong with it."""
    if not data:
        raise DomainError(_("文件是空的，请重新选择。"), code="empty")
    if len(data) > MAX_BYTES:
        raise DomainError(_("文件超过 20 MB。请删去图片和多余的工作表，或分成几个文件上传。"), code="too_big")
    if data.startswith(b"PK"):
        sheets = _read_xlsx(data, max_rows, max_columns)
    elif data.startswith(biff.MAGIC):
        sheets = _read_xls(data, max_rows, max_columns)
    else:
        sheets = [_read_csv(data, max_rows, max_columns)]
    if not any(sheet.height for sheet in sheets):
        raise DomainError(_("表格里没有内容，请检查是否选错了文件。"), code="empty")
    return Workbook(name=name, sheets=sheets)


def _read_xlsx(data: bytes, max_rows: int, max_columns: int) -> list[Sheet]:
    parts = package.unpack(data)
    if "xl/workbook.xml" not in parts:
        raise DomainError(
            _("这个文件不是 Excel 表格（可能是 Word、演示文稿或压缩包）。请另存为 xlsx 后再上传。"), code="wrong_type"
        )
    package.refuse_entities(parts)
    marks = {
        sheet: package.look_through(sheet, parts[part], max_rows, max_columns)
        for sheet, part in package.sheet_parts(parts).items()
        if part in parts
    }
    return _read_by_calamine(package.repack(parts), marks)


def _read_xls(data: bytes, max_rows: int, max_columns: int) -> list[Sheet]:
    return _read_by_calamine(data, biff.look_through(data, max_rows, max_columns))


def _read_by_calamine(data: bytes, marks: dict[str, Marks]) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if len(book.sheet_names) > MAX_SHEETS:
            raise DomainError(_("工作表太多（超过 50 张）。请只保留需要的工作表。"), code="too_big")
        return [
            _sheet(book, meta.name, marks[meta.name], meta.visible != SheetVisibleEnum.Visible)
            for meta in book.sheets_metadata
            if meta.name in marks and meta.typ == SheetTypeEnum.WorkSheet
        ]
    except (CalamineError, OSError, ValueError) as trouble:
        raise package.broken() from trouble
    except BaseException as trouble:
        if type(trouble).__name__ == "PanicException":  # the reader's own word for a file it cannot follow
            raise package.broken() from trouble
        raise


def _sheet(book: Any, name: str, marks: Marks, hidden: bool) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    merges = [((a + 1, b + 1), (c + 1, d + 1)) for (a, b), (c, d) in sheet.merged_cell_ranges or []]
    return Sheet(
        name=name,
        grid=_trimmed([[_value(v) for v in row] for row in sheet.to_python(skip_empty_area=False)]),
        formulas=frozenset(marks.formulas),
        errors=frozenset(marks.errors),
        merges=merges,
        hidden=hidden,
    )


def _value(value: Any) -> Value:
    """Calamine's value in ours: "" is nothing, midnight is a date."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) else value
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    return value  # type: ignore[no-any-return]


def _trimmed(grid: list[list[Value]]) -> list[list[Value]]:
    """Without the empty rows at the end."""
    while grid and not any(value is not None and value != "" for value in grid[-1]):
        grid.pop()
    return grid


def _read_csv(data: bytes, max_rows: int, max_columns: int) -> Sheet:
    text = _decoded(data)
    start = text[:200].lstrip().lower()
    if start.startswith(("<html", "<!doctype", "<table", "<?xml", "<meta", "<head")):
        raise DomainError(_("这个文件其实是网页格式。请用表格软件打开，另存为 xlsx 后再上传。"), code="wrong_type")
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        grid = _bounded(rows, max_rows, max_columns)
    except csv.Error as trouble:
        raise DomainError(_("csv 文件的引号或换行不完整。请另存为 xlsx 后再上传。"), code="broken") from trouble
    formulas = frozenset(
        (r, c) for r, row in enumerate(grid, 1) for c, v in enumerate(row, 1) if str(v or "").startswith("=")
    )
    return Sheet(name="csv", grid=_trimmed(grid), formulas=formulas)


def _bounded(rows: Iterable[list[str]], max_rows: int, max_columns: int) -> list[list[Value]]:
    grid: list[list[Value]] = []
    for number, row in enumerate(rows, 1):
        filled = next((c for c in range(len(row), 0, -1) if row[c - 1].strip()), 0)
        if filled > max_columns or (filled and number > max_rows):
            raise package.far_cell("csv", (number, filled), max_rows, max_columns)
        if number <= max_rows:
            grid.append([value or None for value in row[:filled]])
    return grid


def _decoded(data: bytes) -> str:
    for magic, what in NOT_TEXT.items():
        if data.startswith(magic):
            raise DomainError(
                _("这个文件是%(what)s，不是表格。请上传 xlsx、xls 或 csv。") % {"what": what}, code="wrong_type"
            )
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for code in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if not any(char in text for char in "\0\x01\x02\x03\x04\x05\x06\x07\x08"):
            return text
    raise DomainError(_("认不出这个文件的内容。请上传 xlsx、xls，或 UTF-8、GB18030 编码的 csv。"), code="wrong_type")


def _delimiter(text: str) -> str:
    """The mark that occurs most evenly in the first lines; the comma when none does."""
    lines = [line for line in text[:20000].splitlines()[:20] if line.strip()]
    best, most = ",", 0
    for mark in DELIMITERS:
        counts = Counter(line.count(mark) for line in lines if line.count(mark))
        columns, times = max(counts.items(), key=lambda item: item[0] * item[1], default=(0, 0))
        if columns * times > most:
            best, most = mark, columns * times
    return best
