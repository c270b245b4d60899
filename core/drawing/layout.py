"""The layout of a document as data: boxes in millimetres, checked when they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from core.drawing.text import Run
from core.drawing.typefaces import CHAINS, FaceName

JsonValue: TypeAlias = "str | int | float | bool | list[str]"
LayoutData: TypeAlias = dict[str, Any]

FIELD = re.compile(r"\{([a-z_]+)\}")
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
PLACE = ("kind", "x", "y", "w", "h", "when")
KINDS: dict[str, dict[str, JsonValue]] = {
    "text": {
        "text": "", "face": "serif", "size": 12.0, "smallest": 5.0, "align": "left", "valign": "top",
        "tracking": 0.0, "leading": 1.5, "indent": 0.0, "color": "#1f2733", "strong": [], "lines": 0, "border": False,
    },
    "image": {"border": "#e3e7ed"},
    "qr": {"content": "{verify_url}", "color": "#1f2733"},
    "seal": {"ring": "", "center": "", "star": True, "color": "#a8202a"},
    "frame": {"band": 9.0, "color": "#a8202a", "ground": True},
    "line": {"color": "#a8202a", "width": 0.2},
}  # fmt: skip


class LayoutError(ValueError):
    """A layout cannot be used; the sentence names the box and what is wrong."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its kind, its place in millimetres from the top-left corner, when it is drawn, and its options."""

    kind: str
    x: float
    y: float
    w: float
    h: float
    when: tuple[str, ...] = ()
    options: Mapping[str, JsonValue] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """An option that is a word."""
        return str(self.options[name])

    def number(self, name: str) -> float:
        """An option that is a number."""
        value = self.options[name]
        return float(value) if isinstance(value, (int, float)) else 0.0

    def flag(self, name: str) -> bool:
        """An option that is yes or no."""
        return bool(self.options[name])

    def names(self, name: str) -> tuple[str, ...]:
        """An option that is a list of field names."""
        value = self.options[name]
        return tuple(value) if isinstance(value, list) else ()

    def shown(self, present: frozenset[str]) -> bool:
        """Say whether the box is drawn: every named value present, every one after ``!`` absent."""
        return all((name[1:] not in present) if name[0] == "!" else (name in present) for name in self.when)


@dataclass(frozen=True, slots=True)
class Layout:
    """A page of boxes; sizes in millimetres."""

    version: int
    name: str
    width: float
    height: float
    boxes: tuple[Box, ...]

    @classmethod
    def from_dict(cls, data: LayoutData, fields: Iterable[str]) -> Layout:
        """Read and check a layout; ``fields`` are the field names that texts and conditions may use."""
        known = frozenset(fields)
        page = data.get("page", {})
        layout = cls(
            int(data.get("version", 1)), str(data.get("name", "")), float(page.get("width", 297)),
            float(page.get("height", 210)), tuple(_read_box(row, at) for at, row in enumerate(data["boxes"], 1)),
        )  # fmt: skip
        for at, box in enumerate(layout.boxes, 1):
            _check_place(layout, box, at)
            _check_fields(box, known, at)
        return layout

    def to_dict(self) -> LayoutData:
        """Return the layout as plain data for JSON."""
        page = {"width": self.width, "height": self.height}
        return {
            "version": self.version,
            "name": self.name,
            "page": page,
            "boxes": [_box_data(b) for b in self.boxes],
        }


def _box_data(box: Box) -> LayoutData:
    place: LayoutData = {"kind": box.kind, "x": box.x, "y": box.y, "w": box.w, "h": box.h}
    if box.when:
        place["when"] = list(box.when)
    return {**place, **{key: value for key, value in box.options.items() if value != KINDS[box.kind][key]}}


def _read_box(row: Mapping[str, Any], at: int) -> Box:
    kind = str(row.get("kind", ""))
    if kind not in KINDS:
        raise LayoutError(f"版面第{at}栏的类型“{kind}”无法识别。")
    options = {**KINDS[kind], **{key: value for key, value in row.items() if key not in PLACE}}
    for key, value in options.items():
        if key not in KINDS[kind]:
            raise LayoutError(f"版面第{at}栏有无法识别的设置“{key}”。")
        _check_type(KINDS[kind][key], value, key, at)
    if "face" in options and options["face"] not in CHAINS:
        raise LayoutError(f"版面第{at}栏的字体“{options['face']}”不在字库中。")
    try:
        x, y, w, h = (float(row[key]) for key in ("x", "y", "w", "h"))
    except (KeyError, TypeError, ValueError) as problem:
        raise LayoutError(f"版面第{at}栏缺少位置或大小（毫米）。") from problem
    return Box(kind, x, y, w, h, tuple(row.get("when", ())), options)


def _check_type(default: JsonValue, value: object, key: str, at: int) -> None:
    wanted: type | tuple[type, ...] = type(default)
    if isinstance(default, (int, float)) and not isinstance(default, bool):
        wanted = (int, float)
    wrong = isinstance(value, bool) and not isinstance(default, bool)
    if wrong or not isinstance(value, wanted):
        raise LayoutError(f"版面第{at}栏的设置“{key}”写法不对。")
    if key == "color" and not re.fullmatch(r"#[0-9a-fA-F]{6}", str(value)):
        raise LayoutError(f"版面第{at}栏的颜色要写成 #rrggbb。")


def _check_place(layout: Layout, box: Box, at: int) -> None:
    inside = box.x >= 0 and box.y >= 0 and box.x + box.w <= layout.width and box.y + box.h <= layout.height
    if not inside or box.w < 0 or box.h < 0 or (box.w == 0 and box.h == 0):
        raise LayoutError(f"版面第{at}栏超出了页面。")


def _check_fields(box: Box, known: frozenset[str], at: int) -> None:
    used = {name.removeprefix("!") for name in box.when} - {"photo"}
    for value in box.options.values():
        if isinstance(value, str):
            used.update(FIELD.findall(value))
        elif isinstance(value, list):
            used.update(value)
    unknown = sorted(used - known)
    if unknown:
        raise LayoutError(f"版面第{at}栏用到了没有的字段：{'、'.join(unknown)}。")


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its fields filled; a part in [square brackets] goes when one of its fields is empty."""
    return "".join(run.text for run in fill_runs(template, values, "serif", ()))


def fill_runs(template: str, values: Mapping[str, str], face: FaceName, strong: Sequence[str]) -> list[Run]:
    """Return a filled template as runs, the ``strong`` fields in the bold face. Values are never read as templates."""
    kept = OPTIONAL.sub(lambda part: _kept(part.group(1), values), template)
    bold: FaceName = "serif-bold" if face.startswith("serif") else "sans-bold"
    runs, at = [], 0
    for part in FIELD.finditer(kept):
        runs.append(Run(kept[at : part.start()], face))
        runs.append(Run(values[part.group(1)], bold if part.group(1) in strong else face))
        at = part.end()
    runs.append(Run(kept[at:], face))
    return [run for run in runs if run.text]


def _kept(part: str, values: Mapping[str, str]) -> str:
    return part if all(values[name] for name in FIELD.findall(part)) else ""
