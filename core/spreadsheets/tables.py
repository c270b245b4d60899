"""Finding a table in a sheet that people made: title rows, merged headings, subtotals, repeated headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.spreadsheets.cells import Cell, Sheet, Workbook, as_text

HEADER_ROWS_SEARCHED = 30
SUBTOTAL = re.compile(r"^(合计|小计|总计|累计|共计|本页小计)[:：]?|^共\s*\d+\s*[人名条行项]")
NOTE = re.compile(
    r"^(注|说明|备注|填表说明|填报说明|填表人|制表人|填报人|审核人|填报单位|制表单位|填报日期|制表日期|联系人)\s*[\d一二三]*[:：]"
)
BRACKETED = re.compile(r"[(\[【〔].*?[)\]】〕]")


@dataclass(frozen=True)
class Column:
    """A column that is looked for: its key in code, its name for people, other names it goes by."""

    key: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False

    def names(self) -> set[str]:
        return {plain_label(name) for name in (self.label, *self.synonyms)}


@dataclass(frozen=True)
class TableRow:
    """One data row: ``number`` is its row in the sheet, ``cells`` are by column key."""

    number: int
    cells: dict[str, Cell]

    def text(self, key: str) -> str:
        """The trimmed text under the column; empty when the column is not there."""
        return self.cells[key].text if key in self.cells else ""


@dataclass
class Table:
    """What was found: the header, which column lies where, the data rows, and what was passed over and why."""

    sheet: str
    header_row: int
    columns: dict[str, int] = field(default_factory=dict)
    missing: list[Column] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    repeated: list[tuple[int, str]] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


def plain_label(label: str) -> str:
    """A heading without what varies: width, case, spaces, asterisks, colons, remarks in brackets."""
    text = BRACKETED.sub("", unicodedata.normalize("NFKC", label).lower())
    return re.sub(r"[\s*:：.、/_-]", "", text)


def find_table(
    sheet: Sheet,
    columns: Sequence[Column],
    *,
    mapping: Mapping[str, int] | None = None,
    header_row: int | None = None,
) -> Table:
    """The table under the row with the most known headings.

    ``mapping`` (key → column from 1) replaces what was found for these keys; ``header_row`` names the row.
    DomainError (code no_header) when no row has a known heading and none is named.
    """
    row = header_row or _best_row(sheet, columns)
    if row is None:
        raise DomainError(no_header_sentence(sheet, columns), code="no_header")
    depth = _header_depth(sheet, row)
    table = Table(sheet=sheet.name, header_row=row)
    _assign(table, _labels(sheet, row, depth), columns, mapping or {})
    _collect(table, sheet, row + depth)
    return table


def find_table_in(workbook: Workbook, columns: Sequence[Column], *, sheet: str | None = None) -> Table:
    """The table of the named sheet, else of the visible sheet with the most known headings."""
    candidates = [s for s in workbook.visible_sheets if sheet in (None, s.name)]
    if not candidates:
        raise DomainError(_("文件里没有名为“%(sheet)s”的工作表。") % {"sheet": sheet or ""}, code="no_sheet")
    best = max(candidates, key=lambda s: _best_score(s, columns))
    return find_table(best, columns)


def no_header_sentence(sheet: Sheet, columns: Sequence[Column]) -> str:
    wanted = "、".join(str(c.label) for c in columns if c.required) or "、".join(str(c.label) for c in columns[:4])
    return _("在工作表“%(sheet)s”里没有找到表头。请确认有一行写着%(wanted)s等列名，或手工指定各列。") % {
        "sheet": sheet.name,
        "wanted": wanted,
    }


def _score(sheet: Sheet, row: int, columns: Sequence[Column]) -> int:
    labels = {plain_label(label) for label in _labels(sheet, row, _header_depth(sheet, row)).values()}
    return sum(1 for column in columns if labels & column.names())


def _scores(sheet: Sheet, columns: Sequence[Column]) -> list[tuple[int, int]]:
    rows = range(1, min(sheet.height, HEADER_ROWS_SEARCHED) + 1)
    return [(_score(sheet, row, columns), -row) for row in rows]


def _best_score(sheet: Sheet, columns: Sequence[Column]) -> int:
    return max(_scores(sheet, columns), default=(0, 0))[0]


def _best_row(sheet: Sheet, columns: Sequence[Column]) -> int | None:
    score, row = max(_scores(sheet, columns), default=(0, 0))
    return -row if score >= min(2, len(columns)) else None


def _header_depth(sheet: Sheet, row: int) -> int:
    """2 where headings are merged over two rows, as 姓名 beside 联系方式 over 手机号 and 邮箱."""
    spans = [last[0] - first[0] + 1 for first, last in sheet.merges if first[0] == row]
    return 2 if 2 in spans else 1


def _labels(sheet: Sheet, row: int, depth: int) -> dict[int, str]:
    """Column → heading; the lower of two rows wins where it says something."""
    found = {}
    for column in range(1, sheet.width + 1):
        words = [as_text(sheet.cell(r, column).value) for r in range(row, row + depth)]
        label = next((w for w in reversed(words) if w), "")
        if label:
            found[column] = label
    return found


def _assign(table: Table, labels: dict[int, str], columns: Sequence[Column], mapping: Mapping[str, int]) -> None:
    """Fill ``columns``, ``missing``, ``unknown`` and ``repeated``."""
    table.columns = {key: place for key, place in mapping.items() if place}
    taken = set(table.columns.values())
    open_columns = [c for c in columns if c.key not in mapping]
    for place, label in labels.items():
        if place in taken:
            continue
        match = next((c for c in open_columns if plain_label(label) in c.names()), None)
        if match is None:
            table.unknown.append((place, label))
        elif match.key in table.columns:
            table.repeated.append((place, label))
        else:
            table.columns[match.key] = place
    table.missing = [c for c in columns if c.required and c.key not in table.columns]


def _collect(table: Table, sheet: Sheet, start: int) -> None:
    headings = {plain_label(as_text(sheet.cell(table.header_row, p).value)) for p in table.columns.values()} - {""}
    for number in range(start, sheet.height + 1):
        cells = {key: sheet.spread_cell(number, place) for key, place in table.columns.items()}
        reason = _why_skipped(sheet, number, cells, headings)
        if reason is None:
            table.rows.append(TableRow(number, cells))
        elif reason:
            table.skipped.append((number, reason))


def _why_skipped(sheet: Sheet, number: int, cells: dict[str, Cell], headings: set[str]) -> str | None:
    """None for a data row; "" for a blank row; otherwise the reason to show."""
    own = [c for c in sheet.row(number) if not c.is_blank or c.formula]
    if not own:
        return ""
    first = own[0].text
    if SUBTOTAL.match(first.replace(" ", "").replace("\u3000", "")):
        return _("合计行")
    if NOTE.match(first):
        return _("说明行")
    filled = [c for c in cells.values() if not c.is_blank]
    repeats = sum(1 for c in filled if plain_label(c.text) in headings)
    if filled and repeats >= max(1, (len(filled) + 1) // 2) and repeats >= min(2, len(cells)):
        return _("重复的表头")
    return None
