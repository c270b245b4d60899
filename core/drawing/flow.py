"""Pages that fill from top to bottom: pieces with known heights, headings that stay with what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.drawing.ink import GREY, LINE, SECONDARY
from core.drawing.sheet import Sheet
from core.drawing.text import Block, Style, set_text, text_width

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 25.0, 278.0
MEASURE = RIGHT - LEFT

Draw = Callable[[Sheet, float], None]


@dataclass(frozen=True, slots=True)
class Piece:
    """Something ``height`` millimetres high, drawn from a top edge downwards.

    ``keep`` holds it together with the next piece; ``before`` is room above it (none at the top of a page);
    ``room`` is how much must be free below its top for it to stay on the page; ``again`` is drawn at the top
    of the next page when the page breaks before this piece.
    """

    height: float
    draw: Draw
    keep: bool = False
    before: float = 0.0
    room: float = 0.0
    again: Piece | None = None


@dataclass(slots=True)
class Page:
    """The pieces of one page with their tops."""

    placed: list[tuple[float, Piece]] = field(default_factory=list)


def paginate(pieces: Sequence[Piece], top: float = TOP, bottom: float = BOTTOM) -> list[Page]:
    """Distribute pieces over pages; a piece higher than a page stands alone on one."""
    pages = [Page()]
    y = top
    for place, piece in enumerate(pieces):
        gap = piece.before if pages[-1].placed else 0.0
        needed = _needed(pieces, place)
        needed = needed if needed <= bottom - top else piece.height
        if pages[-1].placed and y + gap + max(needed, piece.room) > bottom + 1e-6:
            pages.append(Page())
            y, gap = top, 0.0
            if piece.again is not None:
                pages[-1].placed.append((y, piece.again))
                y += piece.again.height
        pages[-1].placed.append((y + gap, piece))
        y += gap + piece.height
    return pages


def _needed(pieces: Sequence[Piece], place: int) -> float:
    """Return the height of a piece and of all that must stay with it."""
    total = 0.0
    for piece in pieces[place:]:
        total += piece.height + (piece.before if total else 0.0)
        if not piece.keep:
            break
    return total


def draw_page(sheet: Sheet, page: Page) -> None:
    """Draw the pieces of a page."""
    for y, piece in page.placed:
        piece.draw(sheet, y)


def block_piece(block: Block, x: float, *, keep: bool = False, before: float = 0.0) -> Piece:
    """Return a piece that draws a set block."""

    def draw(sheet: Sheet, y: float) -> None:
        sheet.block(block, x, y)

    return Piece(block.height, draw, keep, before)


def text_piece(
    text: str,
    style: Style,
    *,
    x: float = LEFT,
    width: float = MEASURE,
    keep: bool = False,
    before: float = 0.0,
) -> Piece:
    """Return a piece that draws a paragraph."""
    return block_piece(set_text(text, style, width), x, keep=keep, before=before)


def running_heads(
    sheet: Sheet,
    left: str,
    right: str,
    note: str,
    number: int,
    total: int,
    width: float = WIDTH,
    height: float = HEIGHT,
    margin: float = LEFT,
) -> None:
    """Draw the running header, and the footer with the note and page x / y; ``margin`` at the left and the right."""
    end = width - margin
    style = Style("sans", 7.5, SECONDARY)
    start = shortened(left, style, (end - margin) * 0.6)
    room = end - margin - text_width(start, style.face, style.size) - 8
    sheet.text(start, margin, 12.5, style)
    sheet.text(shortened(right, style, room), end, 12.5, Style("sans", 7.5, SECONDARY, align="right"))
    sheet.pen(LINE, 0.25)
    sheet.line((margin, 18.0), (end, 18.0))
    sheet.line((margin, height - 15.5), (end, height - 15.5))
    small = Style("sans", 7, GREY)
    sheet.text(shortened(note, small, (end - margin) * 0.75), margin, height - 13.8, small)
    sheet.text(f"第 {number} 页 / 共 {total} 页", end, height - 13.8, Style("sans", 7, SECONDARY, align="right"))


def shortened(text: str, style: Style, width: float) -> str:
    """Return a text that fits one line, cut with …… where it must be (running heads only)."""
    if text_width(text, style.face, style.size, style.tracking) <= width:
        return text
    while text and text_width(f"{text}……", style.face, style.size, style.tracking) > width:
        text = text[:-1]
    return f"{text}……"
