"""Characters as vector outlines, for drawings that are compiled once (seals)."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from core.drawing.ink import Ink, number
from core.drawing.typefaces import FontFile, Glyph

Matrix = tuple[float, float, float, float, float, float]


class _PathPen(BasePen):  # type: ignore[misc]
    """Collects an outline as PDF path operators."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.ops: list[str] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.ops.append(f"{_place(pt)} m")

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.ops.append(f"{_place(pt)} l")

    def _curveToOne(self, a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> None:
        self.ops.append(f"{_place(a)} {_place(b)} {_place(c)} c")

    def _closePath(self) -> None:
        self.ops.append("h")


def _place(point: tuple[float, float]) -> str:
    return f"{number(point[0])} {number(point[1])}"


@cache
def _opened(font: FontFile) -> TTFont:
    return TTFont(io.BytesIO(font.data), lazy=True)


def draw_outline(ink: Ink, glyph: Glyph, matrix: Matrix) -> None:
    """Fill one character; ``matrix`` maps the em square (baseline origin, y up) to points from the bottom left."""
    font = _opened(glyph.font)
    glyphs = font.getGlyphSet()
    pen = _PathPen(glyphs)
    a, b, c, d, e, f = matrix
    unit = glyph.font.units
    glyphs[font.getGlyphName(glyph.index)].draw(TransformPen(pen, (a / unit, b / unit, c / unit, d / unit, e, f)))
    if pen.ops:
        ink.raw(" ".join(pen.ops) + " f")
