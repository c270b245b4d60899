"""Ruled forms: rows of cells that grow with their text and go on over pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.drawing.flow import Piece
from core.drawing.ink import INK
from core.drawing.looks import Setting
from core.drawing.parts import Cell, Form, FormRow
from core.drawing.sheet import Sheet
from core.drawing.text import POINT, Block, Style, set_text

PAD_X, PAD_Y = 2.4, 1.8
RULE = 0.25
MOST = 150.0  # millimetres of text in one row before it goes on in the next


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    width: float
    block: Block
    middle: bool


def form_pieces(form: Form, setting: Setting, *, keep: bool = False) -> list[Piece]:
    """Return one piece for each row; ``keep`` holds the whole form together."""
    rows = [part for row in form.rows for part in _parts(row, form, setting)]
    pieces = [_row_piece(row, form, setting) for row in rows]
    return [replace(piece, keep=keep and place < len(pieces) - 1) for place, piece in enumerate(pieces)]


def _parts(row: FormRow, form: Form, setting: Setting) -> list[FormRow]:
    """Split a row whose last cell holds more text than one row may; only the last part carries the foot."""
    cell = row.cells[-1]
    width = _widths(row, form, setting)[-1] - 2 * PAD_X
    block = set_text(cell.text, _style(cell, setting), width)
    most = max(int(MOST / (block.style.size * block.style.leading * POINT)), 1)
    if len(block.lines) <= most:
        return [row]
    texts = ["".join(line.text for line in block.lines[at : at + most]) for at in range(0, len(block.lines), most)]
    parts = []
    for place, text in enumerate(texts):
        cells = [replace(c, text=f"{c.text}（续）") if c.label and place else c for c in row.cells[:-1]]
        last = place == len(texts) - 1
        parts.append(FormRow((*cells, replace(cell, text=text)), 10.0, row.foot if last else ""))
    return parts


def _widths(row: FormRow, form: Form, setting: Setting) -> list[float]:
    widths, at = [], 0
    for cell in row.cells:
        widths.append(sum(form.shares[at : at + cell.span]) * setting.width)
        at += cell.span
    if at != len(form.shares):
        raise ValueError("表格每一行的格数必须与列数相同。")
    return widths


def _style(cell: Cell, setting: Setting) -> Style:
    base = setting.label if cell.label else setting.cell
    align = "center" if cell.label else cell.align
    return Style(base.face, base.size, base.color, align, leading=base.leading)


def _row_piece(row: FormRow, form: Form, setting: Setting) -> Piece:
    boxes = _boxes(row, form, setting)
    foot = set_text(row.foot, Style("sans", setting.cell.size, INK, "right", leading=1.5), boxes[-1].width - 2 * PAD_X)
    extra = foot.height + 2 if row.foot else 0.0
    height = max(row.height, max(box.block.height for box in boxes) + 2 * PAD_Y + extra)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.pen(INK, RULE)
        for box in boxes:
            sheet.rectangle(box.x, y, box.width, height)
            down = (height - box.block.height) / 2 if box.middle else PAD_Y
            sheet.block(box.block, box.x + PAD_X, y + down)
        if row.foot:
            sheet.block(foot, boxes[-1].x + PAD_X, y + height - foot.height - PAD_Y)

    return Piece(height, draw)


def _boxes(row: FormRow, form: Form, setting: Setting) -> Sequence[_Box]:
    x, found = setting.left, []
    for cell, width in zip(row.cells, _widths(row, form, setting), strict=True):
        block = set_text(cell.text, _style(cell, setting), width - 2 * PAD_X)
        found.append(_Box(x, width, block, middle=cell.label or (not row.foot and row.height <= 16)))
        x += width
    return found
