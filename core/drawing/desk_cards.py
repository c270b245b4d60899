"""Desk cards (桌签): one name to an A4 sheet folded along its middle, to be read from both sides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.drawing.ink import GREY, INK
from core.drawing.sheet import Sheet
from core.drawing.text import POINT, Block, Style, fit_text

WIDTH, HEIGHT = 297.0, 210.0
FOLD = HEIGHT / 2
MARGIN = 20.0
NAME = Style("serif-bold", 150, INK, "center", tracking=0.06, leading=1.12)
SMALLEST = 20.0


def spaced_name(name: str) -> str:
    """Return a name of two characters with room for a third between them, as names stand in columns."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name


def draw_desk_cards(names: Sequence[str], *, title: str = "桌签", created: date | None = None) -> bytes:
    """Draw one sheet for each name and return the PDF's bytes.

    Raises ValueError for no names, MissingGlyphs, or TextDoesNotFit for a name that is longer than two lines.
    """
    if not names:
        raise ValueError("没有需要打印的桌签。")
    sheet = Sheet(WIDTH, HEIGHT, title=title, created=created)
    for number, name in enumerate(names):
        if number:
            sheet.next_page()
        _draw_card(sheet, _fitted(name))
    return sheet.finish()


def _fitted(name: str) -> Block:
    """Set a name on one line as large as it goes; only very long names of several parts take two."""
    text, room = spaced_name(name), FOLD - 2 * MARGIN
    lines = 1 if len(text) <= 16 else 2
    return fit_text(text, NAME, WIDTH - 2 * MARGIN, room, smallest=SMALLEST, most_lines=lines)


def _draw_card(sheet: Sheet, name: Block) -> None:
    """Draw the name upright below the fold and, turned, above it."""
    top = FOLD + (FOLD - name.height) / 2
    sheet.block(name, MARGIN, top)
    sheet.raw(f"q -1 0 0 -1 {WIDTH / POINT:.2f} {HEIGHT / POINT:.2f} cm")
    sheet.block(name, MARGIN, top)
    sheet.raw("Q")
    sheet.pen(GREY, 0.15, (1.2, 1.8))
    for left, right in ((0.0, 9.0), (WIDTH - 9, WIDTH)):
        sheet.line((left, FOLD), (right, FOLD))
