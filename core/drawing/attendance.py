"""Sheets of attendance: to sign in by hand for a half day or a week, and the table of what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.drawing.flow import Page, Piece, draw_page, paginate, running_heads, text_piece
from core.drawing.grids import Grid, GridColumn, HeadCell, grid_pieces
from core.drawing.ink import INK, SECONDARY
from core.drawing.sheet import Sheet
from core.drawing.text import Style

LONG, SHORT = 297.0, 210.0
MARGIN = 15.0
TITLE = Style("serif-bold", 17, INK, "center", leading=1.4)
LINE = Style("sans", 9.5, SECONDARY, leading=1.5)
SIGNATURE_ROW, WEEK_ROW, TABLE_ROW = 10.4, 9.0, 6.6
NUMBER, GROUP, NAME, UNIT = 10.0, 14.0, 26.0, 46.0
SUM = 12.0
MOST_COLUMNS = 18
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Slot:
    """A half day of the timetable; ``half`` is 上午 or 下午."""

    day: date
    half: str


@dataclass(frozen=True, slots=True)
class Row:
    """A member on a sheet; ``marks`` one for each half day or none, ``totals`` one for each column of the sum."""

    name: str
    unit: str
    group: str = ""
    marks: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What stands above and below a sheet: its title, the line below it, the head and the note on each page."""

    title: str
    head: str = ""
    line: str = ""
    note: str = ""


def draw_sign_in_sheets(
    parts: Sequence[tuple[SheetWords, Sequence[Slot], Sequence[Row]]], *, created: date | None = None
) -> bytes:
    """Draw a sheet for each part: one half day upright with room to sign, several half days across.

    A row's marks stand where nobody is to sign.

    Raises ValueError for no parts or no rows, MissingGlyphs for characters not drawn.
    """
    if not parts or not all(rows for _, _, rows in parts):
        raise ValueError("没有需要打印的签到表。")
    wide = any(len(slots) > 1 for _, slots, _ in parts)
    pages = [_sign_in(words, slots, rows, wide) for words, slots, rows in parts]
    return _finish(pages, [words for words, _, _ in parts], wide, created)


def draw_attendance_table(
    words: SheetWords,
    slots: Sequence[Slot],
    rows: Sequence[Row],
    totals: Sequence[str],
    *,
    created: date | None = None,
) -> bytes:
    """Draw members by half days with their marks; long classes go on in further parts, the sums stand in the last.

    Raises ValueError for no half days or no rows, MissingGlyphs for characters not drawn.
    """
    if not slots or not rows:
        raise ValueError("没有需要打印的考勤。")
    most = MOST_COLUMNS if len(slots) <= MOST_COLUMNS else MOST_COLUMNS + 4
    starts = range(0, len(slots), most)
    parts: list[list[Page]] = []
    for at in starts:
        last = at + most >= len(slots)
        pieces = [*_titles(words, LONG), *_table(slots, rows, totals, at, min(at + most, len(slots)), last)]
        parts.append(paginate(pieces, 24, SHORT - 20))
    return _finish(parts, [words] * len(parts), True, created)


def _finish(parts: Sequence[list[Page]], words: Sequence[SheetWords], wide: bool, created: date | None) -> bytes:
    """Draw the pages of all parts; every page says its number among all of them."""
    sheet = Sheet(LONG if wide else SHORT, SHORT if wide else LONG, title=words[0].title, created=created)
    total, number = sum(map(len, parts)), 0
    for pages, said in zip(parts, words, strict=True):
        for page in pages:
            number += 1
            if number > 1:
                sheet.next_page()
            draw_page(sheet, page)
            running_heads(
                sheet, said.title, said.head, said.note, number, total, sheet.width, sheet.height, margin=MARGIN
            )
    return sheet.finish()


def _titles(words: SheetWords, width: float) -> list[Piece]:
    measure = width - 2 * MARGIN
    pieces = [text_piece(words.title, TITLE, x=MARGIN, width=measure, keep=True)]
    if words.line:
        pieces.append(text_piece(words.line, LINE, x=MARGIN, width=measure, keep=True, before=1.5))
    return [*pieces, Piece(2.5, lambda sheet, y: None, keep=True)]


def _sign_in(words: SheetWords, slots: Sequence[Slot], rows: Sequence[Row], wide: bool) -> list[Page]:
    width, height = (LONG, SHORT) if wide else (SHORT, LONG)
    grid = _week_grid(slots) if wide else _half_day_grid()
    blanks = len(grid.columns) - 4
    lines = [[str(n), row.group, row.name, row.unit, *(row.marks or [""] * blanks)] for n, row in enumerate(rows, 1)]
    pieces = [*_titles(words, width), *grid_pieces(grid, lines)]
    return paginate(pieces, 24, height - 20)


def _half_day_grid() -> Grid:
    free = SHORT - 2 * MARGIN - NUMBER - GROUP - NAME - 50
    widths = (NUMBER, GROUP, NAME, 50.0, free * 0.62, free * 0.38)
    heads = ("序号", "小组", "姓名", "单位", "签名", "备注")
    sizes = (9.0, 9.0, 11.0, 8.5, 9.0, 9.0)
    columns = tuple(
        GridColumn(w, "left" if head in ("单位",) else "center", size)
        for w, head, size in zip(widths, heads, sizes, strict=True)
    )
    return Grid(MARGIN, columns, (tuple((n, HeadCell(head)) for n, head in enumerate(heads)),), 9.0, SIGNATURE_ROW)


def _week_grid(slots: Sequence[Slot]) -> Grid:
    room = LONG - 2 * MARGIN - NUMBER - GROUP - NAME - UNIT
    return _slots_grid(slots, room / len(slots), WEEK_ROW, 9.0, ())


def _table(
    slots: Sequence[Slot], rows: Sequence[Row], totals: Sequence[str], start: int, end: int, last: bool
) -> list[Piece]:
    sums = tuple(totals) if last else ()
    room = LONG - 2 * MARGIN - NUMBER - GROUP - NAME - UNIT - SUM * len(sums)
    grid = _slots_grid(slots[start:end], min(room / (end - start), 14.0), TABLE_ROW, 8.5, sums)
    lines = [
        [str(n), row.group, row.name, row.unit, *row.marks[start:end], *(row.totals if last else ())]
        for n, row in enumerate(rows, 1)
    ]
    return grid_pieces(grid, lines)


def _slots_grid(slots: Sequence[Slot], width: float, row: float, size: float, sums: tuple[str, ...]) -> Grid:
    """The columns of a grid by half days: dates above their halves."""
    first = (
        GridColumn(NUMBER, size=8.5), GridColumn(GROUP, size=8.5), GridColumn(NAME, size=10),
        GridColumn(UNIT, "left", 8),
    )  # fmt: skip
    columns = (*first, *(GridColumn(width, size=size) for _ in slots), *(GridColumn(SUM, size=9) for _ in sums))
    upper = [(n, HeadCell(head, rows=2)) for n, head in enumerate(("序号", "小组", "姓名", "单位"))]
    upper += _days(slots, len(first))
    upper += [(len(first) + len(slots) + n, HeadCell(head, rows=2)) for n, head in enumerate(sums)]
    lower = [(len(first) + n, HeadCell(slot.half if width >= 9 else slot.half[0])) for n, slot in enumerate(slots)]
    return Grid(MARGIN, columns, (tuple(upper), tuple(lower)), 7.0, row)


def _days(slots: Sequence[Slot], first: int) -> list[tuple[int, HeadCell]]:
    """One cell over the halves of each day."""
    found: list[tuple[int, HeadCell]] = []
    for n, slot in enumerate(slots):
        if n and slots[n - 1].day == slot.day:
            continue
        count = sum(1 for other in slots if other.day == slot.day)
        found.append((first + n, HeadCell(f"{slot.day.month}.{slot.day.day}\n周{WEEKDAYS[slot.day.weekday()]}", count)))
    return found
