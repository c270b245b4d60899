"""A round seal drawn from lines and outlines: a ring of text, a star or a word in the middle."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache

from core.drawing.embedding import StreamObject
from core.drawing.ink import MM, RED, Ink
from core.drawing.outlines import draw_outline
from core.drawing.sheet import compiled
from core.drawing.typefaces import clean, glyphs_of

CENTER_RISE = 0.38
MARGIN = 0.5


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal: ``diameter`` in millimetres, text on the ring, a word (样章) and a star in the middle."""

    ring: str
    center: str = ""
    star: bool = True
    diameter: float = 40.0
    color: str = RED

    @property
    def name(self) -> str:
        """A name for the drawing, the same for equal seals."""
        parts = (self.ring, self.center, self.star, self.diameter, self.color)
        return f"seal-{hashlib.sha256(repr(parts).encode('utf-8')).hexdigest()[:16]}"


@lru_cache(maxsize=64)
def compile_seal(seal: Seal) -> StreamObject:
    """Return the seal as a prepared form whose side is the diameter and half a millimetre on each side."""
    side = seal.diameter + 2 * MARGIN
    ink = Ink(side)
    middle = (side / 2, side / 2)
    radius = seal.diameter / 2
    ink.brush(seal.color)
    ink.pen(seal.color, radius * 0.062)
    ink.circle(middle, radius * 0.969)
    ink.pen(seal.color, radius * 0.012)
    ink.circle(middle, radius * 0.895)
    _ring_text(ink, seal, side / 2, radius)
    if seal.star:
        _star(ink, middle, radius * (0.24 if seal.center else 0.29), -radius * (0.1 if seal.center else 0))
    if seal.center:
        _center_text(ink, seal, side / 2, radius)
    return compiled(ink, side)


def _ring_text(ink: Ink, seal: Seal, middle: float, radius: float) -> None:
    """Set the ring's text along the upper arc, each character upright to the centre."""
    glyphs = glyphs_of(clean(seal.ring).replace("\n", ""), "serif-bold")
    if not glyphs:
        return
    sweep = math.radians(min(216.0 if len(glyphs) < 12 else 262.0, 28.0 * (len(glyphs) - 1)))
    step = sweep / max(len(glyphs) - 1, 1) if len(glyphs) > 1 else 0.0
    size = radius * 0.27
    path = radius * 0.72
    narrow = min(0.94, (step * path * 1.02 / size) if step else 1.0)
    for place, glyph in enumerate(glyphs):
        angle = sweep / 2 - place * step
        turn = (math.cos(angle), math.sin(angle))
        x = middle - path * turn[1]
        y = middle + path * turn[0]
        width, height = size * narrow * MM, size * MM
        left, down = width * glyph.advance / 2000, height * CENTER_RISE
        origin = (x * MM - left * turn[0] + down * turn[1], y * MM - left * turn[1] - down * turn[0])
        draw_outline(ink, glyph, (width * turn[0], width * turn[1], -height * turn[1], height * turn[0], *origin))


def _star(ink: Ink, middle: tuple[float, float], radius: float, rise: float) -> None:
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    corners = []
    for place in range(10):
        reach = radius if place % 2 == 0 else inner
        angle = math.radians(36 * place)
        corners.append((middle[0] + reach * math.sin(angle), middle[1] + rise - reach * math.cos(angle)))
    ink.polyline(corners, "h f")


def _center_text(ink: Ink, seal: Seal, middle: float, radius: float) -> None:
    """Set the word in the middle, lower and smaller when a star stands there too."""
    glyphs = glyphs_of(clean(seal.center).replace("\n", ""), "serif-bold")
    room = 1.2 if len(seal.ring) < 12 else 0.68
    size = radius * (min(0.26, room / len(glyphs)) if seal.star else min(0.42, 1.1 / len(glyphs)))
    gap = size * (0.08 if seal.star else 0.16)
    total = sum(glyph.advance for glyph in glyphs) / 1000 * size + gap * (len(glyphs) - 1)
    x = middle - total / 2
    y = middle - radius * (0.46 if seal.star else 0.03) - CENTER_RISE * size
    for glyph in glyphs:
        scale = size * MM
        draw_outline(ink, glyph, (scale, 0, 0, scale, x * MM, y * MM))
        x += glyph.advance / 1000 * size + gap
