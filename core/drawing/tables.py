"""Plain list documents: a title, a table whose header repeats on each page, and page x / y."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.drawing.flow import LEFT, Piece, draw_page, paginate, running_heads, text_piece
from core.drawing.ink import GROUND, INK, LINE, RED, SECONDARY
from core.drawing.sheet import Sheet
from core.drawing.text import Align, Block, Style, set_text, text_width

PAD = 1.6
HEAD = Style("sans-bold", 8.5, SECONDARY, leading=1.4)
CELL = Style("sans", 9, INK, leading=1.45)
LEAST = 9.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width (0: by content) and how its cells are aligned."""

    title: str
    share: float = 0.0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class _Grid:
    left: float
    widths: tuple[float, ...]
    aligns: tuple[Align, ...]


def draw_table_document(
    title: str,
    subtitle: str,
    columns: Sequence[Column | str],
    rows: Sequence[Sequence[str]],
    footer: str = "",
    *,
    landscape: bool = False,
    empty: str = "没有符合条件的记录。",
    created: date | None = None,
) -> bytes:
    """Draw a list as an A4 document and return the PDF's bytes.

    Raises ValueError when a row has not as many cells as there are columns, MissingGlyphs for characters not drawn.
    """
    heads = [column if isinstance(column, Column) else Column(column) for column in columns]
    if any(len(row) != len(heads) for row in rows):
        raise ValueError("表格每一行的格数必须与列数相同。")
    width, height = (297.0, 210.0) if landscape else (210.0, 297.0)
    pieces = [*title_pieces(title, subtitle, width), *table_pieces(heads, rows, LEFT, width - 2 * LEFT)]
    if not rows:
        pieces.append(text_piece(empty, Style("sans", 9, SECONDARY), width=width - 2 * LEFT, before=3))
    return _finish(
        pieces, Sheet(width, height, title=title, subject=subtitle, created=created), title, subtitle, footer
    )


def _finish(pieces: list[Piece], sheet: Sheet, title: str, subtitle: str, footer: str) -> bytes:
    pages = paginate(pieces, bottom=sheet.height - 21)
    for number, page in enumerate(pages, 1):
        if number > 1:
            sheet.next_page()
        draw_page(sheet, page)
        running_heads(sheet, title, subtitle, footer, number, len(pages), sheet.width, sheet.height)
    return sheet.finish()


def title_pieces(title: str, subtitle: str, width: float) -> list[Piece]:
    """Return a document's title and the line below it."""
    measure = width - 2 * LEFT
    pieces = [text_piece(title, Style("serif-bold", 18, INK, leading=1.4), width=measure, keep=True)]
    if subtitle:
        pieces.append(text_piece(subtitle, Style("sans", 9.5, SECONDARY), width=measure, keep=True, before=1))
    pieces.append(Piece(4, lambda sheet, y: None, keep=True))
    return pieces


def table_pieces(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    left: float,
    width: float,
    *,
    head: Style = HEAD,
    cell: Style = CELL,
) -> list[Piece]:
    """Return the header and one piece for each row; the header stands again on top of each new page."""
    grid = _Grid(left, _widths(columns, rows, width, cell), tuple(column.align for column in columns))
    header = _row_piece([column.title for column in columns], grid, head, header=True)
    body = [_row_piece(row, grid, cell) for row in rows]
    first = Piece(header.height, header.draw, keep=True)
    return [first, *(Piece(piece.height, piece.draw, again=header) for piece in body)]


def column_widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: float, size: float
) -> tuple[float, ...]:
    """Return the widths of columns in millimetres for text of a size in points."""
    return _widths(columns, rows, width, Style("sans", size))


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: float, cell: Style = CELL
) -> tuple[float, ...]:
    """Return the columns' widths: given shares first, the rest in proportion to what their cells need."""
    fixed = sum(column.share for column in columns) * width
    needs = [0.0 if column.share else _need(column, rows, at, cell) for at, column in enumerate(columns)]
    spare = max(width - fixed, 0.0)
    total = sum(needs) or 1.0
    if total <= spare:
        extra = (spare - total) / max(sum(1 for need in needs if need), 1)
        needs = [need + extra if need else 0.0 for need in needs]
    else:
        needs = _squeezed(needs, spare)
    return tuple(column.share * width if column.share else need for column, need in zip(columns, needs, strict=True))


def _squeezed(needs: list[float], spare: float) -> list[float]:
    """Return widths that fit: narrow columns keep what they need, wide ones share what is left."""
    left, open_columns = spare, [at for at, need in enumerate(needs) if need]
    widths = [0.0] * len(needs)
    for at in sorted(open_columns, key=lambda at: needs[at]):
        widths[at] = min(needs[at], left / max(len(open_columns), 1))
        left -= widths[at]
        open_columns.remove(at)
    return widths


def _need(column: Column, rows: Sequence[Sequence[str]], at: int, cell: Style) -> float:
    head = text_width(column.title, HEAD.face, cell.size - 0.5)
    sample = rows[:: max(len(rows) // 400, 1)]
    cells = (text_width(line, cell.face, cell.size) for row in sample for line in row[at].split("\n"))
    return min(max([head, LEAST, *cells]) + 2 * PAD + 0.3, 90.0)


def _row_piece(cells: Sequence[str], grid: _Grid, style: Style, header: bool = False) -> Piece:
    blocks = [
        _cell(text, style, width, align) for text, width, align in zip(cells, grid.widths, grid.aligns, strict=True)
    ]
    height = max(block.height for block in blocks) + 2 * PAD

    def draw(sheet: Sheet, y: float) -> None:
        _draw_row(sheet, blocks, grid, y, height, header)

    return Piece(height, draw)


def _cell(text: str, style: Style, width: float, align: Align) -> Block:
    return set_text(text, Style(style.face, style.size, style.color, align, 0.0, style.leading), width - 2 * PAD)


def _draw_row(sheet: Sheet, blocks: Sequence[Block], grid: _Grid, y: float, height: float, header: bool) -> None:
    width = sum(grid.widths)
    if header:
        sheet.brush(GROUND)
        sheet.rectangle(grid.left, y, width, height, "f")
        sheet.pen(RED, 0.4)
        sheet.line((grid.left, y), (grid.left + width, y))
    sheet.pen(LINE, 0.2)
    sheet.line((grid.left, y + height), (grid.left + width, y + height))
    x = grid.left
    for block, column in zip(blocks, grid.widths, strict=True):
        sheet.block(block, x + PAD, y + PAD)
        x += column
