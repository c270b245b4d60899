"""Ruled grids over pages: cells with all their borders and a head of one or more rows that stands again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.drawing.flow import Piece
from core.drawing.ink import GROUND, INK, SECONDARY
from core.drawing.sheet import Sheet
from core.drawing.text import Align, Style, TextDoesNotFit, fit_text, set_text

RULE = "#9aa4b2"
PAD = 1.2


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column: its width in millimetres, how it is aligned, its size in points."""

    width: float
    align: Align = "center"
    size: float = 9.0


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A cell of the head: ``columns`` wide and ``rows`` high."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns from ``left`` on, and rows of a fixed height in millimetres; rows of the head are given place by place.

    ``head`` holds for each row of the head the column in which a cell begins, with the cell.
    """

    left: float
    columns: tuple[GridColumn, ...]
    head: tuple[tuple[tuple[int, HeadCell], ...], ...]
    head_height: float
    row_height: float

    @property
    def width(self) -> float:
        return sum(column.width for column in self.columns)

    def x(self, column: int) -> float:
        """The left edge of a column."""
        return self.left + sum(one.width for one in self.columns[:column])


def grid_pieces(grid: Grid, rows: Sequence[Sequence[str]]) -> list[Piece]:
    """Return the head and one piece for each row; the head stands again on top of each page."""
    head = Piece(grid.head_height * len(grid.head), lambda sheet, y: _draw_head(sheet, grid, y))
    return [replace(head, keep=True), *(replace(_row(grid, row), again=head) for row in rows)]


def _row(grid: Grid, row: Sequence[str]) -> Piece:
    if len(row) != len(grid.columns):
        raise ValueError("表格每一行的格数必须与列数相同。")

    def draw(sheet: Sheet, y: float) -> None:
        for place, (text, column) in enumerate(zip(row, grid.columns, strict=True)):
            _cell(sheet, text, Style("sans", column.size, INK, column.align), grid.x(place), y, column.width, grid)

    return Piece(grid.row_height, draw)


def _cell(sheet: Sheet, text: str, style: Style, x: float, y: float, width: float, grid: Grid) -> None:
    sheet.pen(RULE, 0.2)
    sheet.rectangle(x, y, width, grid.row_height)
    if text:
        _inside(sheet, text, style, x, y, width, grid.row_height)


def _draw_head(sheet: Sheet, grid: Grid, y: float) -> None:
    for row, cells in enumerate(grid.head):
        for column, cell in cells:
            x, top = grid.x(column), y + row * grid.head_height
            width = sum(one.width for one in grid.columns[column : column + cell.columns])
            height = grid.head_height * cell.rows
            sheet.brush(GROUND)
            sheet.pen(RULE, 0.2)
            sheet.rectangle(x, top, width, height, "B")
            _inside(sheet, cell.text, Style("sans-bold", 8.5, SECONDARY, "center"), x, top, width, height)


def _inside(sheet: Sheet, text: str, style: Style, x: float, y: float, width: float, height: float) -> None:
    """Set a text in the middle of a cell, smaller where it must, on two lines at most."""
    pad = min(PAD, width / 8)
    tight = replace(style, leading=1.2)
    try:
        block = fit_text(
            text, tight, width - 2 * pad, height - 0.8, smallest=4.5, most_lines=max(2, text.count("\n") + 1)
        )
    except TextDoesNotFit:
        block = set_text(_shortest(text, replace(tight, size=4.5), width - 2 * pad), replace(tight, size=4.5), width)
    sheet.block(block, x + pad, y + (height - block.height) / 2)


def _shortest(text: str, style: Style, width: float) -> str:
    """Cut a text that fits its cell at no size; the full one stands in the name list."""
    while text and len(set_text(f"{text}……", style, width).lines) > 2:
        text = text[:-1]
    return f"{text}……"
