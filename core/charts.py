"""Where the marks of a chart stand: pure geometry, drawn by templates as SVG and HTML, sharp on paper.

``data`` is ``{labels, unit, min, max, series: [{name, role, values, low, high, missing}]}``; a value that must not be
shown or does not exist is None. Roles: before, after, group.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Data = Mapping[str, Any]
WIDTH, HEIGHT, RADIUS = 420.0, 340.0, 104.0
CENTRE = (WIDTH / 2, HEIGHT / 2)
LABEL_CHARS = 6
JOINTS = "与和、及"


def bounds(data: Data) -> tuple[float, float]:
    """The ends of the scale; where the page gives none, from zero to the greatest figure."""
    values = [float(v) for one in data["series"] for v in one["values"] if v is not None]
    low = float(data.get("min") or 0)
    high = float(data.get("max") or max(values, default=1) or 1)
    return low, high if high > low else low + 1


def share(value: Any, scale: tuple[float, float]) -> float:
    """Where a value stands between the ends, 0 to 1, cut off at both."""
    low, high = scale
    return max(0.0, min(1.0, (float(value) - low) / (high - low)))


def ticks(data: Data, *, most: int = 5) -> list[float]:
    """Round figures along the scale, both ends among them where the scale is a short whole one."""
    low, high = bounds(data)
    span = high - low
    step = next(s * 10**p for p in range(-2, 8) for s in (1, 2, 5) if span / (s * 10**p) <= most)
    first = math.ceil(low / step) * step
    return [round(first + i * step, 6) for i in range(int((high - first) / step + 1e-9) + 1)]


def _point(angle: float, distance: float) -> tuple[float, float]:
    return CENTRE[0] + distance * math.sin(angle), CENTRE[1] - distance * math.cos(angle)


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _lines(label: str) -> list[str]:
    """A long name in two lines, broken beside 与 or 和 where there is one, so that no word is torn."""
    if len(label) <= LABEL_CHARS:
        return [label]
    middle = len(label) / 2
    joints = [i for i, sign in enumerate(label) if sign in JOINTS]
    if not joints:
        return [label[: math.ceil(middle)], label[math.ceil(middle) :]]
    joint = min(joints, key=lambda i: abs(i - middle))
    cut = joint if joint >= middle else joint + 1
    return [label[:cut], label[cut:]]


def _lift(lines: int, side: float, above: bool) -> float:
    """How far the first line stands from its point, so that the block never touches the ring."""
    if abs(side) > 0.2:
        return 5 - 9.5 * (lines - 1)
    return -2 - 18 * (lines - 1) if above else 14


def _axis_label(label: str, angle: float) -> dict[str, Any]:
    x, y = _point(angle, RADIUS + 16)
    side, lines = math.sin(angle), _lines(label)
    top = y + _lift(len(lines), side, y < CENTRE[1])
    anchor = "middle" if abs(side) <= 0.2 else "start" if side > 0 else "end"
    placed = [{"text": text, "x": f"{x:.1f}", "y": f"{top + 19 * i:.1f}"} for i, text in enumerate(lines)]
    return {"anchor": anchor, "lines": placed}


def _outline(series: Mapping[str, Any], angles: Sequence[float], scale: tuple[float, float]) -> dict[str, Any]:
    """The points of one line and the strokes between neighbours that both have a figure."""
    points = [
        None if value is None else _point(angle, RADIUS * share(value, scale))
        for angle, value in zip(angles, series["values"], strict=True)
    ]
    ring = [*points, points[0]] if len(points) > 2 else points
    strokes = [_joined([a, b]) for a, b in pairwise(ring) if a and b]
    area = _joined([p for p in points if p]) if all(points) else ""
    dots = [{"x": f"{p[0]:.1f}", "y": f"{p[1]:.1f}"} for p in points if p]
    return {"role": series.get("role", "group"), "strokes": [] if area else strokes, "area": area, "dots": dots}


def _tick(value: float, part: float) -> dict[str, str]:
    """A figure left of the upright axis."""
    return {"text": f"{value:g}", "x": f"{CENTRE[0] - 6:.1f}", "y": f"{CENTRE[1] - RADIUS * part + 4:.1f}"}


def radar(data: Data) -> dict[str, Any]:
    """Rings, axes, names and one outline per series, for three or more labels."""
    scale, count = bounds(data), len(data["labels"])
    angles = [2 * math.pi * i / count for i in range(count)]
    marks = ticks(data)
    return {
        "width": int(WIDTH),
        "height": int(HEIGHT),
        "rings": [_joined([_point(a, RADIUS * share(t, scale)) for a in angles]) for t in marks if t > scale[0]],
        "axes": [_joined([CENTRE, _point(a, RADIUS)]) for a in angles],
        "ticks": [_tick(t, share(t, scale)) for t in marks],
        "labels": [_axis_label(str(name), angle) for name, angle in zip(data["labels"], angles, strict=True)],
        "outlines": [_outline(one, angles, scale) for one in data["series"]],
    }


def _at(value: Any, scale: tuple[float, float]) -> str:
    return f"{100 * share(value, scale):.2f}"


def _mark(series: Mapping[str, Any], index: int, scale: tuple[float, float]) -> dict[str, Any] | None:
    value = series["values"][index]
    if value is None:
        return None
    low, high = ((series.get(end) or [None] * (index + 1))[index] for end in ("low", "high"))
    mark = {"role": series.get("role", "group"), "at": _at(value, scale)}
    if low is not None and high is not None:
        mark |= {"from": _at(low, scale), "width": f"{100 * (share(high, scale) - share(low, scale)):.2f}"}
    return mark


def _travel(marks: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
    """The stretch from before to after."""
    ends = {m["role"]: float(m["at"]) for m in marks}
    if "before" not in ends or "after" not in ends:
        return None
    low, high = sorted((ends["before"], ends["after"]))
    return {"from": f"{low:.2f}", "width": f"{high - low:.2f}"}


def tracks(data: Data) -> dict[str, Any]:
    """One track per label with its marks in per cent of the width: for paired dots and for bars."""
    scale = bounds(data)
    rows = []
    for index, label in enumerate(data["labels"]):
        marks = [m for m in (_mark(one, index, scale) for one in data["series"]) if m]
        rows.append({"label": label, "marks": marks, "travel": _travel(marks)})
    return {"rows": rows, "ticks": [{"text": f"{t:g}", "at": _at(t, scale)} for t in ticks(data)]}
