"""The one writer of exports: nothing that it writes is taken for a formula by a spreadsheet program."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import force_str
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.spreadsheets.cells import FORMULA_STARTS, as_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {".xlsx": XLSX, ".docx": DOCX, ".csv": CSV, ".pdf": "application/pdf", ".zip": "application/zip"}
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NARROWEST, WIDEST = 8, 48  # in characters of the spreadsheet's standard width
TEXT_FORMAT, DATE_FORMAT, MOMENT_FORMAT = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
FONT = "等线"


@dataclass(frozen=True)
class ColumnSpec:
    """One column of a sheet: heading, whether it holds codes (kept as text), its choices, its width."""

    label: str
    code: bool = False
    choices: Sequence[str] = ()
    width: int | None = None
    required: bool = False


@dataclass
class SheetSpec:
    """One sheet: columns, rows of values, an optional note over the heading, empty rows for a template."""

    name: str
    columns: Sequence[ColumnSpec | str]
    rows: Iterable[Sequence[Any]] = ()
    note: str = ""
    blank_rows: int = 0

    specs: list[ColumnSpec] = field(init=False)

    def __post_init__(self) -> None:
        self.specs = [c if isinstance(c, ColumnSpec) else ColumnSpec(str(c)) for c in self.columns]


def neutral(value: Any) -> Any:
    """``value`` as a cell may hold it: numbers and dates as they are, text that cannot start a formula."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, (date, time)):
        return value
    text = UNPRINTABLE.sub("", force_str(value))
    return f"'{text}" if text.lstrip(" \u3000\u00a0\ufeff\n").startswith(FORMULA_STARTS) else text


def display_width(text: str) -> int:
    """Columns on screen: a Chinese character takes two; the widest line counts."""
    lines = text.splitlines() or [""]
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines)


def write_xlsx(sheets: Sequence[SheetSpec]) -> bytes:
    """The workbook: frozen bold heading, fitting widths, codes as text, drop-downs where a column has choices."""
    book = Workbook(write_only=True)
    lists = _Lists(book)
    for spec in sheets:
        _write_sheet(book, spec, lists)
    lists.write()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Lists:
    """The choices of drop-downs, in a hidden sheet of their own: a list in the cell itself ends at 255 characters."""

    NAME = "选项"

    def __init__(self, book: Workbook) -> None:
        self.book, self.columns = book, []

    def range_of(self, choices: Sequence[str]) -> str:
        self.columns.append([str(choice) for choice in choices])
        letter = get_column_letter(len(self.columns))
        return f"='{self.NAME}'!${letter}$1:${letter}${len(choices)}"

    def write(self) -> None:
        if not self.columns:
            return
        sheet = self.book.create_sheet(self.NAME)
        sheet.sheet_state = "hidden"
        for row in range(max(map(len, self.columns))):
            sheet.append([neutral(c[row]) if row < len(c) else None for c in self.columns])


def _write_sheet(book: Workbook, spec: SheetSpec, lists: _Lists) -> None:
    sheet = book.create_sheet(sheet_name(spec.name))
    rows = [[neutral(value) for value in row] for row in spec.rows]
    heading = 2 if spec.note else 1
    sheet.freeze_panes = f"A{heading + 1}"
    for number, column in enumerate(spec.specs, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width or _fitting(column, rows, number - 1)
        if column.choices:
            _add_choices(sheet, lists.range_of(column.choices), letter, heading, len(rows) + spec.blank_rows)
    if spec.note:
        sheet.row_dimensions[1].height = 18 * (spec.note.count("\n") + 1)
        sheet.append([_note(sheet, spec.note)])
    sheet.append([_heading(sheet, column) for column in spec.specs])
    if rows:
        sheet.auto_filter.ref = f"A{heading}:{get_column_letter(len(spec.specs))}{heading + len(rows)}"
    for row in [*rows, *([None] * len(spec.specs) for _ in range(spec.blank_rows))]:
        sheet.append([_cell(sheet, value, spec.specs, n) for n, value in enumerate(row)])


def sheet_name(name: str) -> str:
    """A name that a spreadsheet program accepts: at most 31 characters, none of []:*?/\\."""
    return re.sub(r"[\[\]:*?/\\']", " ", UNPRINTABLE.sub("", str(name)))[:31].strip() or "表"


def _fitting(column: ColumnSpec, rows: Sequence[Sequence[Any]], place: int) -> int:
    texts = [str(row[place]) for row in rows[:200] if place < len(row) and row[place] is not None]
    longest = max(map(display_width, [str(column.label), *texts]))
    return min(WIDEST, max(NARROWEST, longest + 3))


def _add_choices(sheet: Any, formula: str, letter: str, heading: int, rows: int) -> None:
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "请从列表中选择", "这一列只能填写下拉列表中的内容。"
    rule.add(f"{letter}{heading + 1}:{letter}{heading + max(rows, 1)}")
    sheet.data_validations.append(rule)


def _note(sheet: Any, words: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, neutral(str(words)))
    cell.font, cell.alignment = Font(name=FONT, color="5F6B7A"), Alignment(vertical="center")
    return cell


def _heading(sheet: Any, column: ColumnSpec) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, neutral(str(column.label)))
    cell.font = Font(name=FONT, bold=True, color="A61B29" if column.required else "000000")
    cell.fill = PatternFill("solid", fgColor="E9EEF5")
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, value: Any, specs: Sequence[ColumnSpec], place: int) -> WriteOnlyCell:
    code = place < len(specs) and specs[place].code
    cell = WriteOnlyCell(sheet, as_text(value) if code and isinstance(value, (int, float)) else value)
    if isinstance(value, str):
        cell.data_type = "s"
    if code:
        cell.number_format = TEXT_FORMAT
    elif isinstance(value, datetime):
        cell.number_format = MOMENT_FORMAT
    elif isinstance(value, date):
        cell.number_format = DATE_FORMAT
    return cell


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_lines(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The csv in pieces: UTF-8 with a mark that Excel knows, CRLF, formulas neutralised."""
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf"
    yield writer.writerow([neutral(str(label)) for label in heading]).encode()
    for row in rows:
        yield writer.writerow([_csv_value(value) for value in row]).encode()


def _csv_value(value: Any) -> Any:
    value = neutral(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value


def file_name(name: str) -> str:
    """A name that every system accepts for a file."""
    return re.sub(r"[\\/:*?\"<>|\x00-\x1f\x7f\ud800-\udfff]", "_", name)


def disposition(name: str, *, inline: bool = False) -> str:
    """The header value with a name that old and new browsers understand (RFC 5987)."""
    name = file_name(name)
    plain = "".join(c if c.isascii() else "_" for c in name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _content_type(name: str) -> str:
    return next((kind for end, kind in TYPES.items() if name.lower().endswith(end)), "application/octet-stream")


def download_response(name: str, data: bytes, *, inline: bool = False) -> HttpResponse:
    """A file to keep, named as given, stored in no shared cache."""
    response = HttpResponse(data, content_type=_content_type(name))
    response["Content-Disposition"] = disposition(name, inline=inline)
    response["Cache-Control"] = "private, no-store"
    return response


def csv_response(name: str, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """The csv sent while it is being made."""
    response = StreamingHttpResponse(csv_lines(heading, rows), content_type=CSV)
    response["Content-Disposition"] = disposition(name)
    response["Cache-Control"] = "private, no-store"
    return response
