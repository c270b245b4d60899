"""Badges (胸卡): eight to an A4 page with marks to cut along; name, unit, group, photo where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.drawing.desk_cards import spaced_name
from core.drawing.ink import GREY, INK, LINE, PAPER, RED, SECONDARY
from core.drawing.photo import photo_name, prepare_photo
from core.drawing.sheet import Sheet
from core.drawing.text import Align, Block, Style, fit_text

WIDTH, HEIGHT = 210.0, 297.0
CARD_WIDTH, CARD_HEIGHT = 90.0, 60.0
COLUMNS, ROWS = 2, 4
PER_PAGE = COLUMNS * ROWS
LEFT = (WIDTH - COLUMNS * CARD_WIDTH) / 2
TOP = (HEIGHT - ROWS * CARD_HEIGHT) / 2
BAND = 13.0
PAD = 6.0
PHOTO = (25.0, 35.0)
MARK = 4.0


@dataclass(frozen=True, slots=True)
class Badge:
    """What one badge says; ``photo`` are the bytes of a picture, or empty."""

    name: str
    unit: str
    group: str = ""
    duty: str = ""
    photo: bytes = b""


def draw_badges(badges: Sequence[Badge], *, title: str, marker: str = "", created: date | None = None) -> bytes:
    """Draw the badges under the class's title and return the PDF's bytes.

    Raises ValueError for no badges, MissingGlyphs, TextDoesNotFit or PhotoError.
    """
    if not badges:
        raise ValueError("没有需要打印的胸卡。")
    sheet = Sheet(WIDTH, HEIGHT, title=f"胸卡 {title}", created=created)
    for first in range(0, len(badges), PER_PAGE):
        if first:
            sheet.next_page()
        _cut_marks(sheet)
        for place, badge in enumerate(badges[first : first + PER_PAGE]):
            x = LEFT + place % COLUMNS * CARD_WIDTH
            y = TOP + place // COLUMNS * CARD_HEIGHT
            _draw_badge(sheet, badge, title, marker, x, y)
    return sheet.finish()


def _cut_marks(sheet: Sheet) -> None:
    """Draw short lines outside the cards at every edge to cut along."""
    sheet.pen(GREY, 0.15)
    for column in range(COLUMNS + 1):
        x = LEFT + column * CARD_WIDTH
        sheet.line((x, TOP - MARK - 1), (x, TOP - 1))
        sheet.line((x, HEIGHT - TOP + 1), (x, HEIGHT - TOP + MARK + 1))
    for row in range(ROWS + 1):
        y = TOP + row * CARD_HEIGHT
        sheet.line((LEFT - MARK - 1, y), (LEFT - 1, y))
        sheet.line((WIDTH - LEFT + 1, y), (WIDTH - LEFT + MARK + 1, y))


def _draw_badge(sheet: Sheet, badge: Badge, title: str, marker: str, x: float, y: float) -> None:
    sheet.pen(LINE, 0.1)
    sheet.rectangle(x, y, CARD_WIDTH, CARD_HEIGHT)
    sheet.brush(RED)
    sheet.rectangle(x, y, CARD_WIDTH, BAND, "f")
    room = CARD_WIDTH - 2 * PAD
    band = fit_text(title, Style("serif-bold", 12, PAPER, "center", leading=1.2), room, BAND - 3, smallest=6)
    sheet.block(band, x + PAD, y + (BAND - band.height) / 2)
    left, width = x + PAD, room
    if badge.photo:
        width -= PHOTO[0] + 5
        left += PHOTO[0] + 5
        name = photo_name(badge.photo)
        sheet.image(name, lambda: prepare_photo(badge.photo, *PHOTO), x + PAD, y + BAND + 5, *PHOTO)
    _draw_words(sheet, badge, left, width, y + BAND, "left" if badge.photo else "center")
    if marker:
        sheet.text(marker, x + CARD_WIDTH / 2, y + CARD_HEIGHT - 4.4, Style("sans", 5.5, RED, align="center"))


def _draw_words(sheet: Sheet, badge: Badge, x: float, width: float, top: float, align: Align) -> None:
    """Stack name, unit and group in the middle of what the band leaves."""
    blocks = _words(badge, width, align)
    room = CARD_HEIGHT - BAND - 4
    y = top + 1 + (room - sum(block.height for block in blocks) - 2.4 * (len(blocks) - 1)) / 2
    for block in blocks:
        sheet.block(block, x, y)
        y += block.height + 2.4


def _words(badge: Badge, width: float, align: Align) -> list[Block]:
    name = Style("serif-bold", 27, INK, align, leading=1.15)
    small = Style("sans", 10, SECONDARY, align, leading=1.35)
    blocks = [fit_text(spaced_name(badge.name), name, width, 18, smallest=8, most_lines=2)]
    blocks.append(fit_text(badge.unit, small, width, 11, smallest=6, most_lines=2))
    line = " · ".join(part for part in (badge.group, badge.duty) if part)
    if line:
        strong = Style("sans-bold", 10, RED, align, leading=1.3)
        blocks.append(fit_text(line, strong, width, 5, smallest=6, most_lines=1))
    return blocks
