"""The radar of dimensions, drawn from lines: blue dashed before, red after, grey dotted for the group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from core.drawing.competency import DimensionResult
from core.drawing.ink import BLUE, GREY, INK, LINE, RED, SECONDARY, Point, tint
from core.drawing.sheet import Sheet
from core.drawing.text import POINT, Block, Style, set_text

LEVELS = 5
DISTANCE = 2.5
Values = Sequence["Decimal | None"]


def draw_radar(sheet: Sheet, dimensions: Sequence[DimensionResult], middle: Point, radius: float) -> None:
    """Draw the radar about ``middle``; a dimension without a level leaves a gap, never a zero."""
    count = len(dimensions)
    if count < 3:
        return
    _grid(sheet, middle, radius, count)
    _series(sheet, [d.group for d in dimensions], middle, radius, GREY, (0.5, 0.9))
    _series(sheet, [None if d.insufficient else d.before for d in dimensions], middle, radius, BLUE, (2.0, 1.0))
    _series(sheet, [None if d.insufficient else d.after for d in dimensions], middle, radius, RED, ())
    for place, dimension in enumerate(dimensions):
        _label(sheet, dimension, _spoke(middle, radius + DISTANCE, place, count), math.tau * place / count)


def _spoke(middle: Point, reach: float, place: int, count: int) -> Point:
    angle = math.tau * place / count
    return middle[0] + reach * math.sin(angle), middle[1] - reach * math.cos(angle)


def _grid(sheet: Sheet, middle: Point, radius: float, count: int) -> None:
    for ring in range(LEVELS, 0, -1):
        corners = [_spoke(middle, radius * ring / LEVELS, place, count) for place in range(count)]
        sheet.brush(tint("#e3e7ed", 0.35) if ring % 2 else "#ffffff")
        sheet.pen(LINE, 0.2)
        sheet.polyline(corners, "b")
    for place in range(count):
        sheet.line(middle, _spoke(middle, radius, place, count))
    for ring in range(1, LEVELS + 1):
        style = Style("sans", 6, SECONDARY)
        sheet.text(f"L{ring}", middle[0] + 0.8, middle[1] - radius * ring / LEVELS - 0.2, style)


def _series(sheet: Sheet, values: Values, middle: Point, radius: float, color: str, dash: Sequence[float]) -> None:
    """Draw one line: closed when every level is known, else only between neighbours that are."""
    count = len(values)
    places = [
        None if value is None else _spoke(middle, radius * float(value) / LEVELS, place, count)
        for place, value in enumerate(values)
    ]
    known = [point for point in places if point is not None]
    sheet.pen(color, 0.55, dash)
    if known and len(known) == count:
        sheet.polyline(known, "s")
    else:
        for place, start in enumerate(places):
            end = places[(place + 1) % count]
            if start is not None and end is not None:
                sheet.line(start, end)
    sheet.pen(color, 0.35)
    sheet.brush(color if not dash else "#ffffff")
    for point in known:
        sheet.circle(point, 0.85 if not dash else 0.7, "b")


def label_room(dimensions: Sequence[DimensionResult]) -> float:
    """Return how far the labels reach above and below the figure, in millimetres."""
    return DISTANCE + max(_label_height(d, _name(d)) for d in dimensions)


def _name(dimension: DimensionResult) -> Block:
    color = SECONDARY if dimension.insufficient else INK
    return set_text(dimension.name, Style("sans-bold", 8, color, align="center", leading=1.3), 30.0)


def _label_height(dimension: DimensionResult, name: Block) -> float:
    return name.height + (3.4 if dimension.insufficient else 0.0)


def _label(sheet: Sheet, dimension: DimensionResult, point: Point, angle: float) -> None:
    across, down = math.sin(angle), -math.cos(angle)
    name = _name(dimension)
    seen = max(line.width for line in name.lines) * POINT
    height = _label_height(dimension, name)
    left = point[0] - name.width / 2 + across * seen / 2
    top = point[1] - height / 2 + down * height / 2
    sheet.block(name, left, top)
    if dimension.insufficient:
        style = Style("sans", 6.5, SECONDARY, align="center")
        sheet.text("证据不足", left + name.width / 2, top + name.height, style)


def draw_legend(sheet: Sheet, x: float, y: float, group: bool) -> None:
    """Draw the key to the lines, in words."""
    entries: list[tuple[str, str, tuple[float, ...]]] = [("培训前", BLUE, (2.0, 1.0)), ("培训后", RED, ())]
    if group:
        entries.append(("同班平均", GREY, (0.5, 0.9)))
    for name, color, dash in entries:
        sheet.pen(color, 0.55, dash)
        sheet.line((x, y), (x + 9, y))
        sheet.pen(color, 0.35)
        sheet.brush(color if not dash else "#ffffff")
        sheet.circle((x + 4.5, y), 0.8, "b")
        sheet.text(name, x + 11, y - 2.2, Style("sans", 8, INK, leading=1.5))
        x += 27
