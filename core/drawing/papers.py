"""Papers drawn from their parts: letters, handbooks, lists and forms as A4 documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.drawing.flow import HEIGHT, WIDTH, Page, Piece, draw_page, paginate, running_heads, text_piece
from core.drawing.forms import form_pieces
from core.drawing.guilloche import draw_ground
from core.drawing.ink import GREY, INK, LINE, RED, SECONDARY, tint
from core.drawing.looks import SETTINGS, Setting
from core.drawing.parts import (
    Closing,
    Contents,
    Cover,
    CutLine,
    Document,
    Facts,
    Form,
    Heading,
    Paragraph,
    Part,
    Section,
    Table,
    chapters,
    page_runs,
)
from core.drawing.sheet import Sheet
from core.drawing.tables import table_pieces
from core.drawing.text import POINT, Block, Style, fit_text, set_text, text_width

Numbers = Mapping[str, int]
CLOSING_RIGHT = 4.0  # ems that the date keeps free at the right of a letter


@dataclass(frozen=True, slots=True)
class _Laid:
    """The pages of a section and on which page each chapter begins."""

    pages: list[Page]
    numbers: dict[str, int]


def draw_document(document: Document) -> bytes:
    """Draw a paper and return the PDF's bytes; each section counts its pages anew.

    Raises ValueError for a document without sections, MissingGlyphs for characters not drawn.
    """
    if not document.sections:
        raise ValueError("没有需要打印的内容。")
    setting = SETTINGS[document.look]
    sheet = Sheet(WIDTH, HEIGHT, title=document.title, author=document.author, created=document.created)
    for place, section in enumerate(document.sections):
        laid = _lay(section.parts, setting)
        for number, page in enumerate(laid.pages, 1):
            if place or number > 1:
                sheet.next_page()
            draw_page(sheet, page)
            if not _is_cover(section, number):
                _frame(sheet, document, section, setting, number, len(laid.pages))
    return sheet.finish()


def _is_cover(section: Section, number: int) -> bool:
    return number == 1 and bool(section.parts) and isinstance(section.parts[0], Cover)


def _lay(parts: Sequence[Part], setting: Setting) -> _Laid:
    """Lay a section out; the contents take as many lines with numbers as without."""
    numbers = _lay_once(parts, setting, {}).numbers
    return _lay_once(parts, setting, numbers)


def _lay_once(parts: Sequence[Part], setting: Setting, numbers: Numbers) -> _Laid:
    titles, pages, found = chapters(parts), [], {}
    for run in page_runs(parts):
        marks: dict[int, str] = {}
        pieces: list[Piece] = []
        for part in run:
            made = _pieces(part, setting, titles, numbers, held=_is_held(run, part), last=part is run[-1])
            if isinstance(part, Heading) and part.level == 1:
                marks[id(made[0])] = part.text
            pieces.extend(made)
        for page in paginate(pieces, setting.top, setting.bottom):
            pages.append(page)
            found.update({marks[id(p)]: len(pages) for _, p in page.placed if id(p) in marks})
    return _Laid(pages, found)


def _is_held(run: Sequence[Part], part: Part) -> bool:
    """Say whether a part stands below a line to cut along, and so has to stay on its page."""
    place = next(at for at, one in enumerate(run) if one is part)
    return any(isinstance(one, CutLine) for one in run[:place])


def _frame(sheet: Sheet, document: Document, section: Section, setting: Setting, number: int, total: int) -> None:
    """Draw what stands on each page outside its text: heads and page numbers."""
    if setting.running:
        running_heads(sheet, document.title, section.head, section.note, number, total, margin=setting.left)
        return
    style = Style("serif", 12, INK, align="center")
    sheet.text(f"— {number} —", WIDTH / 2, setting.bottom + 7, style)
    if section.note:
        sheet.text(section.note, setting.left, 16, Style("sans", 8, RED), setting.width)
    if section.head and number > 1:
        sheet.text(section.head, setting.left, 24, Style("sans", 8, SECONDARY), setting.width)


def _pieces(
    part: Part, setting: Setting, titles: Sequence[str], numbers: Numbers, *, held: bool, last: bool
) -> list[Piece]:
    match part:
        case Heading():
            return [_heading(part, setting)]
        case Paragraph():
            return _paragraph(part, setting, held and not last)
        case Facts():
            return _facts(part, setting)
        case Table():
            return _table(part, setting)
        case Form():
            return form_pieces(part, setting, keep=held)
        case Closing():
            return [_closing(part, setting)]
        case CutLine():
            return [_cut(part, setting)]
        case Cover():
            return [Piece(setting.bottom - setting.top, lambda sheet, y: _cover(sheet, part, setting))]
        case Contents():
            return _contents(part, setting, titles, numbers)
    return []


def _heading(part: Heading, setting: Setting) -> Piece:
    style = setting.headings[part.level]
    before = (0.0, 7.0, 4.0)[part.level] if setting.running else 0.0
    after = (6.0, 3.0, 1.0)[part.level] if setting.running else (9.0, 0.0, 0.0)[part.level]
    ruled = setting.running and part.level == 1
    block = set_text(part.text, style, setting.width - (4.5 if ruled else 0))
    height = block.height + after

    def draw(sheet: Sheet, y: float) -> None:
        if ruled:
            sheet.brush(RED)
            sheet.rectangle(setting.left, y + 1.2, 1.2, block.height - 2.4, "f")
        sheet.block(block, setting.left + (4.5 if ruled else 0), y)

    return Piece(height, draw, keep=True, before=before)


def _paragraph(part: Paragraph, setting: Setting, held: bool) -> list[Piece]:
    """One piece for each line, so that a paragraph may go on overleaf, never with a single line there or here."""
    base = setting.quiet if part.quiet else setting.body
    style = replace(base, align=part.align, indent=0.0 if part.quiet else part.indent)
    block = set_text(part.text, style, setting.width)
    step = style.size * style.leading * POINT
    last = len(block.lines) - 1
    pieces = []
    for place, line in enumerate(block.lines):
        one = Block((line,), style, setting.width, step)
        stays = held or part.keep or (last > 0 and place in (0, last - 1))
        pieces.append(
            Piece(step, _drawn(one, setting.left), stays, (part.before or setting.gap) if place == 0 else 0.0)
        )
    return pieces


def _drawn(block: Block, x: float):  # type: ignore[no-untyped-def]
    return lambda sheet, y: sheet.block(block, x, y)


def _facts(part: Facts, setting: Setting) -> list[Piece]:
    label = max((text_width(name, "sans", setting.label.size) for name, _ in part.rows), default=0.0) + 6
    pieces = []
    for name, value in part.rows:
        left = set_text(name, setting.label, label)
        right = set_text(value, setting.cell, setting.width - label)
        pieces.append(_pair(left, right, setting.left, label))
    return pieces


def _pair(left: Block, right: Block, x: float, label: float) -> Piece:
    shift = (left.style.size * left.style.leading - right.style.size * right.style.leading) / 2 * POINT

    def draw(sheet: Sheet, y: float) -> None:
        sheet.block(left, x, y)
        sheet.block(right, x + label, y + max(shift, 0))

    return Piece(max(left.height, right.height) + 1.6, draw)


def _table(part: Table, setting: Setting) -> list[Piece]:
    if not part.rows:
        return [text_piece(part.empty, setting.quiet, x=setting.left, width=setting.width, before=1)]
    pieces = table_pieces(part.columns, part.rows, setting.left, setting.width, head=setting.head, cell=setting.cell)
    return [replace(pieces[0], before=2.0), *pieces[1:], Piece(3.0, lambda sheet, y: None)]


def _closing(part: Closing, setting: Setting) -> Piece:
    """The lines below a letter, centred over one another as the issuer stands over its date."""
    style = replace(setting.body, align="left", indent=0.0)
    widths = [text_width(line, style.face, style.size) for line in part.lines]
    step = style.size * style.leading * POINT
    free = CLOSING_RIGHT * style.size * POINT
    middle = setting.right - free - min(max(widths), setting.width - free) / 2

    def draw(sheet: Sheet, y: float) -> None:
        for place, (line, width) in enumerate(zip(part.lines, widths, strict=True)):
            sheet.text(line, middle - width / 2, y + step * (place + 1), style)

    return Piece(step * (len(part.lines) + 1), draw)


def _cut(part: CutLine, setting: Setting) -> Piece:
    style = Style("sans", 8, GREY, align="center", leading=1.2)

    def draw(sheet: Sheet, y: float) -> None:
        width = text_width(part.words, style.face, style.size)
        middle, down = WIDTH / 2, y + 9
        sheet.pen(GREY, 0.2, (1.6, 1.4))
        sheet.line((8, down), (middle - width / 2 - 3, down))
        sheet.line((middle + width / 2 + 3, down), (WIDTH - 8, down))
        sheet.text("✂", 4, down - 1.8, Style("sans", 8, GREY, leading=1.2))
        sheet.text(part.words, middle, down - 1.7, style)

    return Piece(15.0, draw, keep=True)


def _cover(sheet: Sheet, part: Cover, setting: Setting) -> None:
    draw_ground(sheet, (WIDTH - 38, 58), 62, tint(RED, 0.16))
    sheet.brush(RED)
    sheet.rectangle(setting.left, 34, 16, 1.6, "f")
    sheet.text(part.eyebrow, setting.left, 39, Style("sans", 11, SECONDARY), setting.width)
    title = fit_text(part.title, Style("serif-bold", 30, INK, leading=1.4), setting.width, 50, smallest=16)
    sheet.block(title, setting.left, 92)
    y = 92 + title.height + 4
    sheet.text(part.subtitle, setting.left, y, Style("serif", 20, INK, tracking=0.3))
    if part.marker:
        sheet.text(part.marker, setting.left, y + 16, Style("sans", 9, RED), setting.width)
    sheet.pen(RED, 0.4)
    sheet.line((setting.left, 208), (setting.right, 208))
    down = 216.0
    for name, value in part.facts:
        sheet.text(name, setting.left, down, Style("sans", 11, SECONDARY, leading=1.6))
        style = Style("sans", 11, INK, leading=1.6)
        down += sheet.text(value, setting.left + 26, down, style, setting.width - 26).height + 2


def _contents(part: Contents, setting: Setting, titles: Sequence[str], numbers: Numbers) -> list[Piece]:
    head = replace(setting.headings[0], align="left")
    pieces = [text_piece(part.title, head, x=setting.left, width=setting.width), Piece(6, lambda sheet, y: None)]
    style = Style("serif", 12, INK, leading=1.6)

    def line(title: str) -> Piece:
        def draw(sheet: Sheet, y: float) -> None:
            sheet.text(title, setting.left, y, style)
            number = str(numbers.get(title, ""))
            start = setting.left + text_width(title, style.face, style.size) + 3
            end = setting.right - text_width(number, style.face, style.size) - 3
            sheet.pen(LINE, 0.5, (0.5, 1.6))
            sheet.line((start, y + 4.6), (end, y + 4.6))
            sheet.text(number, setting.right, y, replace(style, align="right"))

        return Piece(10.0, draw)

    return [*pieces, *(line(title) for title in titles)]
