"""The certificate of completion: its fields, its default layout and its drawing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.drawing.dates import read_chinese_date
from core.drawing.guilloche import compile_frame, corner_room
from core.drawing.ink import GREY, INK, RED, SECONDARY
from core.drawing.layout import Box, Layout, LayoutData, fill, fill_runs
from core.drawing.photo import photo_name, prepare_photo
from core.drawing.qr import draw_qr
from core.drawing.seal import MARGIN, Seal, compile_seal
from core.drawing.sheet import Sheet
from core.drawing.text import POINT, Align, Style, fit_text
from core.drawing.typefaces import FACES, FaceName, missing_characters

Values = Mapping[str, str]
SEAL_RED = "#b8323c"


@dataclass(frozen=True, slots=True)
class Field:
    """A named value of a certificate: its label for people, a sample, and how it is read from the frozen values."""

    key: str
    label: str
    sample: str
    read: Callable[[Values], str]
    derived: bool = False


def _stored(key: str, label: str, sample: str) -> Field:
    return Field(key, label, sample, lambda values: values.get(key, ""))


def _affiliation(values: Values) -> str:
    return " ".join(part for part in (values.get("unit", ""), values.get("post", "")) if part)


FIELDS: tuple[Field, ...] = (
    _stored("name", "姓名", "王敏"),
    _stored("sex", "性别", "女"),
    _stored("unit", "单位", "市大数据管理局"),
    _stored("post", "职务", "副局长"),
    Field("affiliation", "单位和职务", "市大数据管理局 副局长", _affiliation, derived=True),
    _stored("class_name", "班次名称", "数字政府与依法行政领航班（第3期）"),
    _stored("dates", "起止日期", "2026年9月7日至9月11日"),
    _stored("hours", "学时", "40"),
    _stored("number", "证书编号", "领航示范结字〔2026〕第0001号"),
    _stored("issuer", "颁发单位", "领航示范培训中心（虚构）"),
    _stored("issued_on", "颁发日期", "2026年9月14日"),
    _stored("seal_ring", "印章环形文字", "领航示范培训中心"),
    _stored("seal_center", "印章中间文字", "样章"),
    _stored("verify_code", "验证码", "7K4M-Q2XW"),
    _stored("verify_url", "二维码内容", "https://linghang.example.cn/verify/?number=2026-0001&code=7K4MQ2XW"),
    _stored("verify_site", "验证网址", "linghang.example.cn/verify"),
    _stored("note", "说明", "本证书为结业证明，不是学历学位证书。"),
    _stored("marker", "示范标记", "示范样本·不具效力"),
)
KEYS = frozenset(field.key for field in FIELDS)
STORED = frozenset(field.key for field in FIELDS if not field.derived)

BODY = (
    "{name} 同志[（{sex}）]，[{affiliation}，]于{dates}参加{class_name}，"
    "学习期满，修完规定课程{hours}学时，考核合格，准予结业。"
)
_BODY_STYLE: LayoutData = {
    "kind": "text", "y": 78, "h": 46, "text": BODY, "face": "serif", "size": 17.5, "smallest": 9,
    "align": "justify", "valign": "middle", "leading": 1.9, "indent": 2, "strong": ["name"], "color": INK,
}  # fmt: skip

DEFAULT_LAYOUT: LayoutData = {
    "version": 1,
    "name": "结业证书（横版）",
    "page": {"width": 297, "height": 210},
    "boxes": [
        {"kind": "frame", "x": 10, "y": 10, "w": 277, "h": 190, "band": 9, "color": RED, "ground": True},
        {"kind": "text", "x": 200, "y": 26, "w": 64, "h": 6, "when": ["marker"], "text": "{marker}", "face": "sans",
         "size": 8.5, "align": "right", "valign": "middle", "color": RED, "lines": 1, "border": True},
        {"kind": "text", "x": 48.5, "y": 34, "w": 200, "h": 20, "text": "结业证书", "face": "serif-bold", "size": 46,
         "align": "center", "valign": "middle", "tracking": 0.55, "leading": 1.2, "color": RED, "lines": 1},
        {"kind": "text", "x": 58.5, "y": 59, "w": 180, "h": 7, "text": "{number}", "face": "serif", "size": 12,
         "align": "center", "valign": "middle", "tracking": 0.04, "color": SECONDARY, "lines": 1},
        {"kind": "image", "x": 33, "y": 79, "w": 31.5, "h": 44, "when": ["photo"]},
        {**_BODY_STYLE, "x": 74, "w": 190, "when": ["photo"]},
        {**_BODY_STYLE, "x": 42, "w": 213, "when": ["!photo"]},
        {"kind": "seal", "x": 217.5, "y": 135.5, "w": 41, "h": 41, "ring": "{seal_ring}", "center": "{seal_center}",
         "star": False, "color": SEAL_RED, "when": ["seal_ring"]},
        {"kind": "text", "x": 177, "y": 145, "w": 88, "h": 7, "text": "{issuer}", "face": "serif", "size": 15,
         "align": "center", "valign": "middle", "lines": 1, "color": INK},
        {"kind": "text", "x": 177, "y": 161.5, "w": 88, "h": 7, "text": "{issued_on}", "face": "serif", "size": 14,
         "align": "center", "valign": "middle", "lines": 1, "color": INK},
        {"kind": "qr", "x": 31.5, "y": 146, "w": 27, "h": 27, "content": "{verify_url}", "when": ["verify_url"]},
        {"kind": "text", "x": 64, "y": 149, "w": 100, "h": 21,
         "text": "证书编号：{number}[\n验证码：{verify_code}][\n扫码核验，或访问 {verify_site}]",
         "face": "sans", "size": 8.5, "leading": 1.85, "valign": "middle", "color": SECONDARY},
        {"kind": "text", "x": 48.5, "y": 180, "w": 200, "h": 5, "text": "{note}", "face": "sans", "size": 7.5,
         "align": "center", "valign": "middle", "color": GREY, "lines": 1, "when": ["note"]},
    ],
}  # fmt: skip


def sample_values() -> dict[str, str]:
    """Return a sample of every stored field, with nobody's data."""
    return {field.key: field.sample for field in FIELDS if not field.derived}


def read_values(values: Values) -> dict[str, str]:
    """Return every field read from the frozen values; an unknown key raises ValueError."""
    unknown = sorted(set(values) - STORED)
    if unknown:
        raise ValueError(f"证书中没有这些字段：{'、'.join(unknown)}。")
    return {field.key: field.read(values) for field in FIELDS}


def missing_in(values: Values) -> set[str]:
    """Return the characters of a certificate's values that cannot be drawn in any of its faces."""
    text = "".join(value for key, value in values.items() if key != "verify_url")
    return {char for face in FACES for char in missing_characters(text, face)}


@lru_cache(maxsize=32)
def _layout(text: str) -> Layout:
    return Layout.from_dict(json.loads(text), KEYS)


def check_layout(layout: LayoutData) -> Layout:
    """Return a checked layout; raise LayoutError with a sentence for people."""
    return _layout(json.dumps(layout, ensure_ascii=False, sort_keys=True))


def draw_certificate(layout: LayoutData, values: Values, *, photo: bytes | None = None) -> bytes:
    """Draw a certificate and return the PDF's bytes, the same for the same input.

    Raises LayoutError, PhotoError, MissingGlyphs or TextDoesNotFit, each with a sentence for people.
    """
    checked = check_layout(layout)
    filled = read_values(values)
    title = f"结业证书 {filled['number']}".strip()
    sheet = Sheet(
        checked.width,
        checked.height,
        title=title,
        author=filled["issuer"],
        subject=filled["class_name"],
        created=read_chinese_date(filled["issued_on"]),
    )
    present = frozenset(key for key, value in filled.items() if value) | ({"photo"} if photo else frozenset())
    for box in checked.boxes:
        if box.shown(present):
            DRAW[box.kind](sheet, box, filled, photo)
    return sheet.finish()


def draw_sample(layout: LayoutData | None = None, *, photo: bytes | None = None) -> bytes:
    """Draw a layout with the sample values."""
    return draw_certificate(layout or DEFAULT_LAYOUT, sample_values(), photo=photo)


def _draw_text(sheet: Sheet, box: Box, values: Values, photo: bytes | None) -> None:
    face = _face(box.text("face"))
    runs = fill_runs(box.text("text"), values, face, box.names("strong"))
    if not runs:
        return
    style = Style(
        face, box.number("size"), box.text("color"), _align(box.text("align")), box.number("tracking"),
        box.number("leading"), box.number("indent"),
    )  # fmt: skip
    block = fit_text(runs, style, box.w, box.h, smallest=box.number("smallest"), most_lines=int(box.number("lines")))
    spare = box.h - block.height
    top = box.y + {"middle": spare / 2, "bottom": spare}.get(box.text("valign"), 0.0)
    sheet.block(block, box.x, top)
    if box.flag("border"):
        _draw_border(sheet, box, max(line.width for line in block.lines) * POINT, style)


def _draw_border(sheet: Sheet, box: Box, width: float, style: Style) -> None:
    left = {"right": box.x + box.w - width, "center": box.x + (box.w - width) / 2}.get(style.align, box.x)
    sheet.pen(style.color, 0.25)
    sheet.rounded(left - 2.2, box.y, width + 4.4, box.h, 1.0)


def _face(name: str) -> FaceName:
    found: dict[str, FaceName] = {face: face for face in FACES}
    return found[name]


def _align(name: str) -> Align:
    found: dict[str, Align] = {"left": "left", "center": "center", "right": "right", "justify": "justify"}
    return found.get(name, "left")


def _draw_image(sheet: Sheet, box: Box, values: Values, photo: bytes | None) -> None:
    if photo is None:
        return
    sheet.image(photo_name(photo), lambda: prepare_photo(photo, box.w, box.h), box.x, box.y, box.w, box.h)
    sheet.pen(box.text("border"), 0.2)
    sheet.rectangle(box.x, box.y, box.w, box.h)


def _draw_qr(sheet: Sheet, box: Box, values: Values, photo: bytes | None) -> None:
    content = fill(box.text("content"), values)
    if content:
        draw_qr(sheet, content, box.x, box.y, min(box.w, box.h), box.text("color"))


def _draw_seal(sheet: Sheet, box: Box, values: Values, photo: bytes | None) -> None:
    ring, center = fill(box.text("ring"), values), fill(box.text("center"), values)
    diameter = min(box.w, box.h) - 2 * MARGIN
    seal = Seal(ring, center, box.flag("star") or not center, diameter, box.text("color"))
    side = diameter + 2 * MARGIN
    x, y = box.x + (box.w - side) / 2, box.y + (box.h + side) / 2
    sheet.form(seal.name, lambda: compile_seal(seal), x, sheet.height - y)


def _draw_frame(sheet: Sheet, box: Box, values: Values, photo: bytes | None) -> None:
    band, color, ground = box.number("band"), box.text("color"), box.flag("ground")
    room = corner_room(band)
    name = f"frame-{box.w:g}-{box.h:g}-{band:g}-{color[1:]}-{ground:d}"
    bottom = sheet.height - box.y - box.h - room
    sheet.form(name, lambda: compile_frame(box.w, box.h, band, color, ground), box.x - room, bottom)


def _draw_line(sheet: Sheet, box: Box, values: Values, photo: bytes | None) -> None:
    sheet.pen(box.text("color"), box.number("width"))
    sheet.line((box.x, box.y), (box.x + box.w, box.y + box.h))


DRAW: dict[str, Callable[[Sheet, Box, Values, bytes | None], None]] = {
    "text": _draw_text,
    "image": _draw_image,
    "qr": _draw_qr,
    "seal": _draw_seal,
    "frame": _draw_frame,
    "line": _draw_line,
}
