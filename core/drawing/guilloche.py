"""Fine line work: a woven frame with rosettes at its corners and a pale rosette for the ground."""

from __future__ import annotations

import math
from functools import lru_cache

from core.drawing.embedding import StreamObject
from core.drawing.ink import MM, Ink, Point, number, tint
from core.drawing.sheet import compiled

PHASES = 6
PERIOD = 9.0
HAIR = 0.09


@lru_cache(maxsize=32)
def compile_frame(width: float, height: float, band: float, color: str, ground: bool) -> StreamObject:
    """Return a frame ``width`` × ``height`` millimetres with a woven ``band``, room for its corners included."""
    room = corner_room(band)
    ink = Ink(height + 2 * room)
    middle = (room + width / 2, room + height / 2)
    if ground:
        draw_ground(ink, middle, min(width, height) * 0.36, tint(color, 0.1))
    _rules(ink, room, width, height, band, color)
    _weave(ink, room, width, height, band, color)
    _corners(ink, room, width, height, band, color)
    return compiled(ink, width + 2 * room)


def corner_room(band: float) -> float:
    """How far the corner rosettes reach beyond the frame, in millimetres."""
    return band * 0.32


def _rules(ink: Ink, room: float, width: float, height: float, band: float, color: str) -> None:
    ink.pen(color, 0.4)
    ink.rectangle(room, room, width, height)
    ink.pen(color, 0.15)
    for inset in (0.9, band - 0.9):
        ink.rectangle(room + inset, room + inset, width - 2 * inset, height - 2 * inset)
    ink.pen(color, 0.28)
    ink.rectangle(room + band, room + band, width - 2 * band, height - 2 * band)


def _weave(ink: Ink, room: float, width: float, height: float, band: float, color: str) -> None:
    """Lay the strands along the four sides; every side repeats one tile, so the file stays small."""
    ink.pen(tint(color, 0.8), HAIR)
    reach = band / 2 - 1.35
    for length, turned, places in (
        (width, False, (room + band / 2, room + height - band / 2)),
        (height, True, (room + band / 2, room + width - band / 2)),
    ):
        run = length - band
        count = round(run / PERIOD)
        tile = _tile(run / count, reach)
        for place in places:
            for step in range(count):
                along = room + band / 2 + step * run / count
                x, y = (place, along) if turned else (along, place)
                ink.raw(f"q {_matrix(x, ink.height - y, turned)} cm {tile} Q")


def _matrix(x: float, y: float, turned: bool) -> str:
    axes = "0 -1 1 0" if turned else "1 0 0 1"
    return f"{axes} {number(x * MM)} {number(y * MM)}"


def _tile(period: float, reach: float) -> str:
    """Return one period of all strands as curves about the origin."""
    strands = [_strand(period, reach, 1, phase / PHASES) for phase in range(PHASES)]
    strands += [_strand(period, reach * 0.5, 1, (phase + 0.5) / PHASES) for phase in range(PHASES)]
    return " ".join(strands)


def _strand(period: float, reach: float, waves: int, phase: float) -> str:
    pieces = 8 * waves
    step = 1 / pieces
    turn = 2 * math.pi * waves

    def place(t: float) -> Point:
        return t * period * MM, reach * MM * math.sin(turn * t + 2 * math.pi * phase)

    def slope(t: float) -> Point:
        third = step / 3
        return period * MM * third, reach * MM * turn * math.cos(turn * t + 2 * math.pi * phase) * third

    ops = [f"{_two(place(0))} m"]
    for piece in range(pieces):
        start, end = piece * step, (piece + 1) * step
        (x0, y0), (dx0, dy0), (x1, y1), (dx1, dy1) = place(start), slope(start), place(end), slope(end)
        ops.append(f"{_two((x0 + dx0, y0 + dy0))} {_two((x1 - dx1, y1 - dy1))} {_two((x1, y1))} c")
    return " ".join(ops) + " S"


def _two(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _corners(ink: Ink, room: float, width: float, height: float, band: float, color: str) -> None:
    radius = band / 2 + room
    corner = Ink(0)
    corner.brush("#ffffff")
    corner.circle((0, 0), radius, "f")
    corner.pen(color, 0.28)
    corner.circle((0, 0), radius * 0.97)
    corner.pen(color, 0.12)
    corner.circle((0, 0), radius * 0.88)
    corner.pen(tint(color, 0.85), HAIR)
    corner.raw(_turned_rings(radius * 0.6, radius * 0.24, 12, 4))
    corner.raw(_turned_rings(radius * 0.26, radius * 0.1, 8, 3))
    drawing = " ".join(corner.ops)
    inset = band / 2
    for x in (room + inset, room + width - inset):
        for y in (room + inset, room + height - inset):
            ink.raw(f"q {_matrix(x, ink.height - y, False)} cm {drawing} Q")


def draw_ground(ink: Ink, middle: Point, radius: float, color: str) -> None:
    """Draw the pale rosette that stands behind the text; ``radius`` in millimetres."""
    ink.pen(color, 0.12)
    ink.raw(f"q {_matrix(middle[0], ink.height - middle[1], False)} cm")
    for share, depth, petals in ((0.82, 0.17, 24), (0.52, 0.14, 18), (0.26, 0.1, 12)):
        ink.raw(_turned_rings(radius * share, radius * depth, petals, 6))
    ink.raw("Q")


def _turned_rings(radius: float, depth: float, petals: int, count: int) -> str:
    """Return one wavy ring about the origin, repeated ``count`` times and turned a little each time."""
    ring = Ink(0)
    ring.curve(rosette(radius, depth, petals), closed=True)
    turn = 2 * math.pi / petals / count
    cosine, sine = f"{math.cos(turn):.6f}", f"{math.sin(turn):.6f}"
    step = f"{ring.ops[0]} {cosine} {sine} -{sine} {cosine} 0 0 cm"
    return "q " + " ".join([step] * count) + " Q"


def rosette(radius: float, depth: float, petals: int) -> list[Point]:
    """Return points of a closed wavy ring about the origin."""
    count = petals * 8
    points = []
    for place in range(count):
        angle = 2 * math.pi * place / count
        reach = radius + depth * math.cos(petals * angle)
        points.append((reach * math.cos(angle), reach * math.sin(angle)))
    return points
