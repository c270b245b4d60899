"""One frame of a film: panels, lines, words and small drawings in 1280 × 720 units."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 720
SCALE = 2  # drawn twice as large, then reduced, for smooth edges
FONTS = Path("/usr/share/fonts/opentype/noto")
SC = 2  # the Simplified Chinese face inside the Noto CJK collections

INK, QUIET, LINE, GROUND, PAPER = "#1f2733", "#5b6675", "#e3e7ed", "#f6f7f9", "#ffffff"
RED, BLUE, AMBER, GREEN = "#a8202a", "#1e4e8c", "#b7791f", "#2f7d4f"
RED_WASH, BLUE_WASH, GREEN_WASH = "#fbeeee", "#edf3fa", "#edf6f0"


class Board:
    """One frame in 1280 × 720 units, drawn at SCALE."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), GROUND)
        self.draw = ImageDraw.Draw(self.image)

    def box(
        self,
        xy: tuple[float, float, float, float],
        *,
        fill: str = PAPER,
        edge: str = LINE,
        show: float = 1,
        radius: float = 8,
        width: float = 1.5,
    ) -> None:
        """A rounded panel; faded into the ground while `show` is below one."""
        self.draw.rounded_rectangle(
            [v * SCALE for v in xy], radius * SCALE, fade(fill, show), fade(edge, show), max(1, round(width * SCALE))
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = 26,
        color: str = INK,
        bold: bool = False,
        show: float = 1,
        anchor: str = "lm",
        on: str = GROUND,
        serif: bool = False,
    ) -> None:
        """One line of words at (x, y), anchored as Pillow does."""
        if show > 0:
            self.draw.text((x * SCALE, y * SCALE), words, fade(color, show, on), face(size, bold, serif), anchor)

    def bar(self, x: float, y: float, length: float, done: float, color: str, show: float = 1) -> None:
        """A horizontal bar of which the share `done` (0–1) is filled."""
        self.box((x, y, x + length, y + 16), fill=LINE, edge=LINE, show=show, radius=8, width=0)
        if done > 0.02:
            self.box((x, y, x + max(16, length * done), y + 16), fill=color, edge=color, radius=8, width=0)

    def arrow(
        self, start: tuple[float, float], end: tuple[float, float], *, show: float = 1, color: str = QUIET
    ) -> None:
        """A straight arrow to the right."""
        ink = fade(color, show)
        x, y = end
        self.draw.line([v * SCALE for v in (*start, x - 8, y)], ink, 3 * SCALE)
        self.draw.polygon([(a * SCALE, b * SCALE) for a, b in ((x, y), (x - 12, y - 8), (x - 12, y + 8))], ink)

    def rule(self, start: tuple[float, float], end: tuple[float, float], *, show: float = 1) -> None:
        """A plain line that joins boxes and arrows."""
        self.draw.line([v * SCALE for v in (*start, *end)], fade(QUIET, show), 3 * SCALE)

    def tag(self, x: float, y: float, words: str, *, color: str, wash: str, show: float = 1) -> None:
        """A small label on paper whose left middle is (x, y)."""
        if show <= 0:
            return
        width = face(19, True).getlength(words) / SCALE + 24
        self.box((x, y - 18, x + width, y + 18), fill=fade(wash, show, PAPER), edge=fade(color, show, PAPER), radius=6)
        self.text(x + 12, y, words, size=19, color=color, bold=True, show=show, on=wash)

    def tick(self, x: float, y: float, *, color: str = GREEN, show: float = 1) -> None:
        """A drawn check mark around (x, y)."""
        points = [(x - 9, y), (x - 2, y + 8), (x + 11, y - 9)]
        self.draw.line([v * SCALE for p in points for v in p], fade(color, show), 4 * SCALE, joint="curve")


@lru_cache(maxsize=64)
def face(size: int, bold: bool = False, serif: bool = False) -> ImageFont.FreeTypeFont:
    """The Chinese face of the product in the given size."""
    name = f"Noto{'Serif' if serif else 'Sans'}CJK-{'Bold' if bold else 'Regular'}.ttc"
    return ImageFont.truetype(FONTS / name, size * SCALE, index=SC)


def fade(color: str, show: float, on: str = GROUND) -> str:
    """Mix a colour into what lies beneath it."""
    pairs = zip(channels(color), channels(on), strict=True)
    return "#" + "".join(f"{round(a * show + b * (1 - show)):02x}" for a, b in pairs)


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue of #rrggbb."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def title(board: Board, words: str) -> None:
    """The line that says what this slide is about."""
    board.box((84, 126, 90, 166), fill=RED, edge=RED, radius=2, width=0)
    board.text(108, 146, words, size=36, bold=True)


def seal(board: Board, x: float, y: float, show: float) -> None:
    """A round specimen seal: visibly no real one."""
    if show <= 0:
        return
    ring = [(x - 29) * SCALE, (y - 29) * SCALE, (x + 29) * SCALE, (y + 29) * SCALE]
    board.draw.ellipse(ring, outline=fade(RED, show, PAPER), width=3 * SCALE)
    board.text(x, y, "样章", size=19, bold=True, color=RED, anchor="mm", show=show, on=PAPER)
