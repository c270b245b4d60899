"""Ink: drawing operators in the making, measured in millimetres from the top-left corner of a page or form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MM = 72 / 25.4
Point = tuple[float, float]

INK = "#1f2733"
SECONDARY = "#5b6675"
LINE = "#e3e7ed"
GROUND = "#f6f7f9"
PAPER = "#ffffff"
RED = "#a8202a"
BLUE = "#1e4e8c"
AMBER = "#b7791f"
GREEN = "#2f7d4f"
GREY = "#8a94a3"


def number(value: float) -> str:
    """Return a number as PDF writes it, with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def rgb(color: str) -> str:
    """Return ``#rrggbb`` as three PDF numbers; anything else raises ValueError."""
    if len(color) != 7 or color[0] != "#":
        raise ValueError(f"颜色要写成 #rrggbb：{color}")
    return " ".join(f"{int(color[at : at + 2], 16) / 255:.4g}" for at in (1, 3, 5))


def tint(color: str, share: float) -> str:
    """Return a colour mixed with white; ``share`` 1 is the full colour, 0 is paper."""
    parts = (255 - (255 - int(color[at : at + 2], 16)) * share for at in (1, 3, 5))
    return "#" + "".join(f"{round(part):02x}" for part in parts)


class Ink:
    """A list of PDF drawing operators for an area ``height`` millimetres high."""

    def __init__(self, height: float) -> None:
        self.height = height
        self.ops: list[str] = []

    def x(self, value: float) -> str:
        """A horizontal place in points."""
        return number(value * MM)

    def y(self, value: float) -> str:
        """A vertical place in points, counted from the bottom as PDF does."""
        return number((self.height - value) * MM)

    def at(self, point: Point) -> str:
        """A place as PDF writes it."""
        return f"{self.x(point[0])} {self.y(point[1])}"

    def pen(self, color: str, width: float = 0.2, dash: Sequence[float] = ()) -> None:
        """Choose the colour and width (millimetres) of lines; ``dash`` are lengths on and off."""
        pattern = " ".join(number(part * MM) for part in dash)
        self.ops.append(f"{rgb(color)} RG {number(width * MM)} w [{pattern}] 0 d")

    def brush(self, color: str) -> None:
        """Choose the colour of areas and text."""
        self.ops.append(f"{rgb(color)} rg")

    def line(self, start: Point, end: Point) -> None:
        """Draw a straight line."""
        self.ops.append(f"{self.at(start)} m {self.at(end)} l S")

    def polyline(self, points: Iterable[Point], paint: str = "S") -> None:
        """Draw straight lines through points; ``paint`` is PDF's operator (S open, s closed, f filled, b both)."""
        places = [self.at(point) for point in points]
        self.ops.append(f"{places[0]} m " + " ".join(f"{place} l" for place in places[1:]) + f" {paint}")

    def rectangle(self, x: float, y: float, width: float, height: float, paint: str = "S") -> None:
        """Draw a rectangle by its top-left corner and size."""
        self.ops.append(f"{self.at((x, y + height))} {number(width * MM)} {number(height * MM)} re {paint}")

    def rounded(self, x: float, y: float, width: float, height: float, radius: float, paint: str = "S") -> None:
        """Draw a rectangle with round corners."""
        r = min(radius, width / 2, height / 2)
        k = r * 0.4477
        right, bottom = x + width, y + height
        self.ops.append(f"{self.at((x + r, y))} m {self.at((right - r, y))} l")
        self._corner((right - k, y), (right, y + k), (right, y + r))
        self.ops.append(f"{self.at((right, bottom - r))} l")
        self._corner((right, bottom - k), (right - k, bottom), (right - r, bottom))
        self.ops.append(f"{self.at((x + r, bottom))} l")
        self._corner((x + k, bottom), (x, bottom - k), (x, bottom - r))
        self.ops.append(f"{self.at((x, y + r))} l")
        self._corner((x, y + k), (x + k, y), (x + r, y))
        self.ops.append(f"h {paint}")

    def _corner(self, first: Point, second: Point, end: Point) -> None:
        self.ops.append(f"{self.at(first)} {self.at(second)} {self.at(end)} c")

    def circle(self, center: Point, radius: float, paint: str = "S") -> None:
        """Draw a circle."""
        x, y = center
        k = radius * 0.5523
        self.ops.append(f"{self.at((x + radius, y))} m")
        self._corner((x + radius, y + k), (x + k, y + radius), (x, y + radius))
        self._corner((x - k, y + radius), (x - radius, y + k), (x - radius, y))
        self._corner((x - radius, y - k), (x - k, y - radius), (x, y - radius))
        self._corner((x + k, y - radius), (x + radius, y - k), (x + radius, y))
        self.ops.append(f"h {paint}")

    def curve(self, points: Sequence[Point], closed: bool = False) -> None:
        """Draw a smooth curve through points (Catmull-Rom as Bézier pieces)."""
        count = len(points)
        ring = [points[place % count] for place in range(-1, count + 2)]
        if not closed:
            ring[0], ring[-2], ring[-1] = points[0], points[-1], points[-1]
        pieces = [f"{self.at(points[0])} m"]
        for place in range(1, count + (1 if closed else 0)):
            before, start, end, after = ring[place - 1 : place + 3]
            first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
            second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
            pieces.append(f"{self.at(first)} {self.at(second)} {self.at(end)} c")
        self.ops.append(" ".join(pieces) + (" s" if closed else " S"))

    def raw(self, operators: str) -> None:
        """Add operators as they are."""
        self.ops.append(operators)

    def data(self) -> bytes:
        """Return the operators as bytes."""
        return "\n".join(self.ops).encode("ascii")
