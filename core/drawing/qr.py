"""QR codes as one filled path."""

from __future__ import annotations

from functools import lru_cache

import segno

from core.drawing.ink import MM, Ink, number

QUIET = 2
MASK = 2


@lru_cache(maxsize=256)
def _rows(content: str) -> tuple[bytes, ...]:
    code = segno.make(content, error="m", micro=False, mask=MASK, boost_error=False)
    return tuple(bytes(row) for row in code.matrix)


def draw_qr(ink: Ink, content: str, x: float, y: float, size: float, color: str = "#1f2733") -> None:
    """Draw a QR code ``size`` millimetres wide on white, two modules of quiet zone included."""
    rows = _rows(content)
    module = size / (len(rows) + 2 * QUIET)
    ink.brush("#ffffff")
    ink.rectangle(x, y, size, size, "f")
    ink.brush(color)
    scale, left, bottom = (
        module * MM,
        x * MM + QUIET * module * MM,
        (ink.height - y - size) * MM + QUIET * module * MM,
    )
    ink.raw(f"q {scale:.5f} 0 0 {scale:.5f} {number(left)} {number(bottom)} cm")
    ink.raw(" ".join(_spans(rows)) + " f Q")


def _spans(rows: tuple[bytes, ...]) -> list[str]:
    """Return the dark modules as rectangles one module high, counted from the bottom."""
    spans = []
    for place, row in enumerate(reversed(rows)):
        at = row.find(1)
        while at >= 0:
            end = row.find(0, at)
            end = len(row) if end < 0 else end
            spans.append(f"{at} {place} {end - at} 1 re")
            at = row.find(1, end)
    return spans
