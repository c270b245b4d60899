"""Setting text: plain strings (never markup) into lines that fit a width, and blocks that shrink to fit a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core.drawing.linebreak import (
    HALF_BLANK_LEFT,
    HALF_BLANK_RIGHT,
    Measured,
    break_lines,
    may_break,
    without_orphan,
)
from core.drawing.typefaces import FaceName, Glyph, clean, glyphs_of

Align = Literal["left", "center", "right", "justify"]
POINT = 25.4 / 72
SHRINK = 0.97


class TextDoesNotFit(ValueError):
    """A text is too long for its box even at the smallest size."""

    def __init__(self, text: str) -> None:
        shown = text if len(text) <= 40 else f"{text[:40]}……"
        super().__init__(f"文字太长，在版面中放不下：“{shown}”。请缩短文字，或在模板中放大这一栏。")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face."""

    text: str
    face: FaceName


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks: ``size`` in points, ``tracking`` and ``indent`` in ems, ``leading`` as a multiple of the size."""

    face: FaceName = "sans"
    size: float = 10.0
    color: str = "#1f2733"
    align: Align = "left"
    tracking: float = 0.0
    leading: float = 1.5
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line ready to draw: glyphs with their advances in points, its width and its offset within the measure."""

    glyphs: tuple[Glyph, ...]
    advances: tuple[float, ...]
    width: float
    offset: float

    @property
    def text(self) -> str:
        """The line's characters."""
        return "".join(glyph.char for glyph in self.glyphs)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size; ``width`` and ``height`` in millimetres."""

    lines: tuple[Line, ...]
    style: Style
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Shaped:
    glyphs: tuple[Glyph, ...]
    measured: Measured


def shape(runs: Sequence[Run], size: float, tracking: float = 0.0) -> _Shaped:
    """Return glyphs and advances of runs; marks that meet share their blank halves."""
    glyphs: list[Glyph] = []
    for run in runs:
        for part, line in enumerate(clean(run.text).split("\n")):
            if part:
                glyphs.append(_newline(run.face))
            glyphs.extend(_line_glyphs(line, run.face))
    text = "".join(glyph.char for glyph in glyphs)
    extra = tracking * size
    advances = [glyph.advance * size / 1000 + extra for glyph in glyphs]
    for at in range(len(text) - 1):
        if _marks_meet(text[at], text[at + 1]) and advances[at] - extra >= 0.9 * size:
            advances[at] -= size / 2
    return _Shaped(tuple(glyphs), Measured(text, advances, size + extra))


@lru_cache(maxsize=4096)
def _line_glyphs(text: str, face: FaceName) -> tuple[Glyph, ...]:
    return tuple(glyphs_of(text, face))


@lru_cache(maxsize=8)
def _newline(face: FaceName) -> Glyph:
    space = glyphs_of(" ", face)[0]
    return Glyph("\n", space.font, space.index, 0.0)


def _marks_meet(before: str, after: str) -> bool:
    if before in HALF_BLANK_RIGHT:
        return after in HALF_BLANK_RIGHT or after in HALF_BLANK_LEFT
    return before in HALF_BLANK_LEFT and after in HALF_BLANK_LEFT


def text_width(text: str, face: FaceName, size: float, tracking: float = 0.0) -> float:
    """Return the width of a line of text in millimetres."""
    advances = shape([Run(text, face)], size, tracking).measured.advances
    return (sum(advances) - (tracking * size if advances else 0.0)) * POINT


def set_text(text: str | Sequence[Run], style: Style, width: float) -> Block:
    """Set text into lines ``width`` millimetres wide."""
    runs = [Run(text, style.face)] if isinstance(text, str) else text
    shaped = shape(runs, style.size, style.tracking)
    measured, measure = shaped.measured, width / POINT
    tracking = style.tracking * style.size
    spans = break_lines(measured, measure + tracking, style.indent * style.size)
    if style.align in ("justify", "left"):
        spans = without_orphan(measured, spans, 2.6 * style.size)
    if style.align == "center" and len(spans) > 1:
        spans = _balanced(measured, spans, measure + tracking)
    lines = [_set_line(shaped, span, style, measure, _ends(measured.text, span)) for span in spans]
    return Block(tuple(lines), style, width, len(lines) * style.size * style.leading * POINT)


def _balanced(measured: Measured, spans: list[tuple[int, int]], measure: float) -> list[tuple[int, int]]:
    """Return as many lines as before, of widths as even as can be."""
    low, high = measure / len(spans), measure
    for _ in range(8):
        middle = (low + high) / 2
        if len(break_lines(measured, middle)) > len(spans):
            low = middle
        else:
            high = middle
    return break_lines(measured, high)


def _ends(text: str, span: tuple[int, int]) -> bool:
    return span[1] >= len(text) or text[span[1]] == "\n"


def _set_line(shaped: _Shaped, span: tuple[int, int], style: Style, measure: float, last: bool) -> Line:
    start, end = span
    text = shaped.measured.text
    advances = list(shaped.measured.advances[start:end])
    if advances:
        advances[-1] -= style.tracking * style.size
    width = sum(advances)
    seen = width - (shaped.measured.blank_after(end) if end > start else 0.0)
    indent = style.indent * style.size if start == 0 or text[start - 1] == "\n" else 0.0
    if style.align in ("left", "justify") and advances and _opens(text[start], advances[0], style.size):
        indent -= style.size / 2
    room = measure - indent
    if (style.align == "justify" and not last) or seen > room + 1e-6:
        _stretch(text, start, end, advances, room - seen)
        width = seen = room
    offset = {"center": (room - seen) / 2, "right": room - seen}.get(style.align, 0.0) + indent
    return Line(shaped.glyphs[start:end], tuple(advances), width, offset)


def _opens(char: str, advance: float, size: float) -> bool:
    """Say whether a line begins with a mark whose blank half hangs out to the left."""
    return char in HALF_BLANK_LEFT and advance >= 0.9 * size


def _stretch(text: str, start: int, end: int, advances: list[float], spare: float) -> None:
    """Spread the spare room of a justified line over its places between characters, never within words."""
    gaps = [at for at in range(start + 1, end) if text[at - 1] == " " or may_break(text, at)]
    gaps = gaps or list(range(start + 1, end))
    for at in gaps:
        advances[at - 1 - start] += spare / len(gaps)


def fit_text(
    text: str | Sequence[Run],
    style: Style,
    width: float,
    height: float,
    *,
    smallest: float = 5.0,
    most_lines: int = 0,
) -> Block:
    """Set text so that it fits a box in millimetres, shrinking it step by step; raise TextDoesNotFit if it cannot."""
    size = style.size
    while size >= smallest:
        block = set_text(text, _resized(style, size), width)
        few = not most_lines or len(block.lines) <= most_lines
        if few and _ink_height(block) <= height + 1e-6 and all(_fits(line, width) for line in block.lines):
            return block
        size *= SHRINK
    raise TextDoesNotFit(text if isinstance(text, str) else "".join(run.text for run in text))


def _ink_height(block: Block) -> float:
    """The height that the characters themselves take: the first and last line need no leading outside."""
    return block.height - (block.style.leading - 1) * block.style.size * POINT


def _fits(line: Line, width: float) -> bool:
    return sum(line.advances) + line.offset <= width / POINT + line_slack(line)


def line_slack(line: Line) -> float:
    """The blank half of a closing mark that may stand beyond the measure."""
    ends = bool(line.glyphs) and line.glyphs[-1].char in HALF_BLANK_RIGHT
    return line.advances[-1] / 2 + 1e-6 if ends else 1e-6


def _resized(style: Style, size: float) -> Style:
    return Style(style.face, size, style.color, style.align, style.tracking, style.leading, style.indent)
