"""A PDF document in the making, on ReportLab's canvas: pages in millimetres from the top-left corner."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

from reportlab import rl_config
from reportlab.lib.utils import TimeStamp
from reportlab.pdfgen.canvas import Canvas

from core.drawing.embedding import EmbeddedFont, StreamObject, deflated
from core.drawing.ink import MM, Ink, number, rgb
from core.drawing.text import POINT, Block, Line, Style, set_text
from core.drawing.typefaces import FontFile, Glyph

rl_config.useA85 = 0
PRODUCER = "Linghang"
ASCENT = 0.88
HEAVY_STROKE = 0.028
UNDATED = date(2000, 1, 1)


class Sheet(Ink):
    """A document of equal pages; drawing goes to the current page. ``created`` is the date it carries inside."""

    def __init__(
        self,
        width: float,
        height: float,
        *,
        title: str,
        author: str = "",
        subject: str = "",
        created: date | None = None,
    ) -> None:
        super().__init__(height)
        self.width = width
        self._buffer = io.BytesIO()
        self._canvas = Canvas(
            self._buffer,
            pagesize=(width * MM, height * MM),
            pageCompression=1,
            invariant=1,
            lang="zh-CN",
            pdfVersion=(1, 7),
        )
        self._document = self._canvas._doc
        self._document._timeStamp = _stamp(created or UNDATED)
        self._fonts: dict[str, EmbeddedFont] = {}
        self._forms: dict[str, str] = {}
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(subject)
        self._canvas.setCreator(PRODUCER)
        self._canvas.setProducer(PRODUCER)

    def next_page(self) -> None:
        """Close the current page and begin another."""
        self._flush()
        self._canvas.showPage()

    def finish(self) -> bytes:
        """Close the last page and return the document's bytes, the same for the same drawing."""
        self.next_page()
        self._canvas.save()
        return self._buffer.getvalue()

    def _flush(self) -> None:
        self._canvas._code.extend(self.ops)
        self.ops = []

    def font(self, font: FontFile) -> EmbeddedFont:
        """Return the document's subset of a font file."""
        known = self._fonts.get(font.name)
        if known is None:
            known = self._fonts[font.name] = EmbeddedFont(font, f"F{len(self._fonts) + 1}")
            self._document.delayedFonts.append(known)
        return known

    def form(self, name: str, make: Callable[[], StreamObject], x: float = 0.0, y: float = 0.0) -> None:
        """Place a prepared drawing by its lower left corner, counted from the lower left corner of the page."""
        self._place(name, make, f"1 0 0 1 {number(x * MM)} {number(y * MM)} cm")

    def image(
        self, name: str, make: Callable[[], StreamObject], x: float, y: float, width: float, height: float
    ) -> None:
        """Place a prepared image by its top-left corner and size."""
        matrix = f"{number(width * MM)} 0 0 {number(height * MM)} {self.at((x, y + height))} cm"
        self._place(name, make, matrix)

    def _place(self, name: str, make: Callable[[], StreamObject], matrix: str) -> None:
        if name not in self._forms:
            made = make()
            self._document.addForm(name, StreamObject(made.entries, made.data))
            self._forms[name] = self._document.getXObjectName(name)
        if name not in self._canvas._formsinuse:
            self._canvas._formsinuse.append(name)
        self.raw(f"q {matrix} /{self._forms[name]} Do Q")

    def text(self, text: str, x: float, y: float, style: Style, width: float = 0.0) -> Block:
        """Draw one text with its first line's top at ``y``; without a width it stays on one line. Return what was set.

        With ``right`` or ``center`` and no width, ``x`` is the right end or the middle.
        """
        if width:
            return self.block(set_text(text, style, width), x, y)
        block = set_text(text, _left(style), 10_000)
        seen = block.lines[0].width * POINT
        shift = {"right": seen, "center": seen / 2}.get(style.align, 0.0)
        return self.block(block, x - shift, y)

    def block(self, block: Block, x: float, y: float) -> Block:
        """Draw a set block with the top of its first line at ``y``."""
        size = block.style.size
        step = size * block.style.leading * POINT
        down = y + (size * (block.style.leading - 1) / 2 + ASCENT * size) * POINT
        for place, line in enumerate(block.lines):
            if line.glyphs:
                self._line(line, x + line.offset * POINT, down + place * step, block.style)
        return block

    def _line(self, line: Line, x: float, baseline: float, style: Style) -> None:
        spaced = style.tracking >= 0.15
        if spaced:
            self.raw(f"/Span << /ActualText <FEFF{line.text.encode('utf-16-be').hex().upper()}> >> BDC")
        self.raw(f"BT {rgb(style.color)} rg {self.at((x, baseline))} Td")
        for glyphs, advances in _stretches(line):
            self._show(glyphs, advances, style)
        self.raw("ET")
        if spaced:
            self.raw("EMC")

    def _show(self, glyphs: list[Glyph], advances: list[float], style: Style) -> None:
        font = self.font(glyphs[0].font)
        heavy = glyphs[0].heavy
        if heavy:
            self.raw(f"{rgb(style.color)} RG {number(HEAVY_STROKE * style.size)} w 2 Tr")
        pieces, pending = [], ""
        for glyph, advance in zip(glyphs, advances, strict=True):
            pending += f"{font.code(glyph):04X}"
            shift = glyph.advance - advance * 1000 / style.size
            if abs(shift) >= 0.05:
                pieces.append(f"<{pending}> {number(shift)}")
                pending = ""
        if pending:
            pieces.append(f"<{pending}>")
        self.raw(f"/{font.resource} {number(style.size)} Tf [{' '.join(pieces)}] TJ")
        if heavy:
            self.raw("0 Tr")


def _stamp(day: date) -> TimeStamp:
    """Return the start of a day in China as the time a document was made; nothing depends on the clock."""
    stamp = TimeStamp(invariant=1)
    stamp.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
    stamp.dhh, stamp.dmm = 8, 0
    return stamp


def _stretches(line: Line) -> list[tuple[list[Glyph], list[float]]]:
    """Split a line where the font changes."""
    parts: list[tuple[list[Glyph], list[float]]] = []
    for glyph, advance in zip(line.glyphs, line.advances, strict=True):
        last = parts[-1][0][-1] if parts else None
        if last is None or last.font is not glyph.font or last.heavy != glyph.heavy:
            parts.append(([], []))
        parts[-1][0].append(glyph)
        parts[-1][1].append(advance)
    return parts


def _left(style: Style) -> Style:
    return Style(style.face, style.size, style.color, "left", style.tracking, style.leading)


def compiled(ink: Ink, width: float) -> StreamObject:
    """Return a drawing as a form that many documents can hold; compressed once."""
    box = f"[0 0 {number(width * MM)} {number(ink.height * MM)}]"
    return deflated(ink.data(), f"/Type /XObject /Subtype /Form /BBox {box} /Resources << >>", level=9)
