"""The certificate: what it says, where it says it, and what it refuses."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from core.drawing import (
    DEFAULT_LAYOUT,
    FIELDS,
    Layout,
    LayoutError,
    MissingGlyphs,
    PhotoError,
    TextDoesNotFit,
    check_layout,
    draw_certificate,
    draw_sample,
    missing_in,
    sample_values,
)
from core.drawing.layout import LayoutData
from tests.drawing.reading import codes_of, fonts_of, packed, picture_of, run, saved, text_of, words_of
from tests.drawing.samples import LONG_CLASS, LONG_NAME, LONG_UNIT, long_values, photo, values

VECTOR_ONLY = {"verify_url", "seal_ring", "seal_center"}
STORED = [field for field in FIELDS if not field.derived]
BODY = (
    "王敏同志（女），市大数据管理局副局长，于2026年9月7日至9月11日参加数字政府与依法行政领航班（第3期），"
    "学习期满，修完规定课程40学时，考核合格，准予结业。"
)


def draw(**changes: str) -> bytes:
    return draw_certificate(DEFAULT_LAYOUT, values(**changes))


def inside_some_box(word: object, boxes: list[tuple[float, float, float, float]]) -> bool:
    left, top, right, bottom = (getattr(word, name) for name in ("left", "top", "right", "bottom"))
    slack, hang = 0.6, 3.2  # leading above a line; the blank half of a mark that hangs at a line's end
    return any(
        left >= x - hang and right <= x + w + hang and top >= y - slack and bottom <= y + h + slack
        for x, y, w, h in boxes
    )


def outside(tmp_path: Path, layout: LayoutData, data: bytes) -> list[str]:
    boxes = [(b["x"], b["y"], b["w"], b["h"]) for b in layout["boxes"] if b["kind"] == "text"]
    return [word.text for word in words_of(tmp_path, data) if not inside_some_box(word, boxes)]


def test_it_says_what_the_values_say(tmp_path: Path) -> None:
    text = packed(text_of(tmp_path, draw_sample()))
    assert BODY in text
    for expected in ("结业证书", "领航示范结字〔2026〕第0001号", "领航示范培训中心（虚构）", "2026年9月14日",
                     "验证码：7K4M-Q2XW", "linghang.example.cn/verify", "本证书为结业证明，不是学历学位证书。",
                     "示范样本·不具效力"):  # fmt: skip
        assert expected in text


@pytest.mark.parametrize("field", STORED, ids=lambda field: field.key)
def test_the_sample_draws_every_field(tmp_path: Path, field: object) -> None:
    key, sample = field.key, field.sample  # type: ignore[attr-defined]
    plain = draw_sample()
    changed = draw(**{key: "甲乙丙"})
    assert changed != plain
    if key not in VECTOR_ONLY:
        assert packed(sample) in packed(text_of(tmp_path, plain))
        assert "甲乙丙" in packed(text_of(tmp_path, changed))


def test_the_code_on_a_rendered_page_leads_to_verification(tmp_path: Path) -> None:
    assert codes_of(tmp_path, draw_sample()) == [sample_values()["verify_url"]]
    assert codes_of(tmp_path, draw(verify_url="")) == []


def test_the_seal_stands_over_issuer_and_date(tmp_path: Path) -> None:
    seal = next(box for box in DEFAULT_LAYOUT["boxes"] if box["kind"] == "seal")
    issuer = next(word for word in words_of(tmp_path, draw_sample()) if word.text.startswith("领航示范培训中心"))
    day = next(word for word in words_of(tmp_path, draw_sample()) if word.text == "2026年9月14日")
    for word in (issuer, day):
        assert word.left < seal["x"] < word.right
        assert seal["y"] < word.top < word.bottom < seal["y"] + seal["h"]

    def red(data: bytes) -> int:
        scale = 100 / 25.4
        area = tuple(round(seal[a] * scale + (seal[b] * scale if b else 0)) for a, b in
                     (("x", ""), ("y", ""), ("x", "w"), ("y", "h")))  # fmt: skip
        part = picture_of(tmp_path, data, 100).crop(area)  # type: ignore[arg-type]
        return sum(1 for r, g, b in part.get_flattened_data() if r > 140 and g < 110 and b < 110)

    assert red(draw_sample()) > 2000
    assert red(draw(seal_ring="")) == 0


@pytest.mark.parametrize("with_photo", [False, True], ids=["plain", "photo"])
@pytest.mark.parametrize("case", ["sample", "long", "rare", "bare"])
def test_no_text_leaves_its_box(tmp_path: Path, case: str, with_photo: bool) -> None:
    bare = dict.fromkeys(("sex", "unit", "post", "marker", "note", "verify_code", "verify_site"), "")
    given = {"sample": values(), "long": long_values(), "rare": values(name="𠅤䶮"), "bare": values(**bare)}[case]
    data = draw_certificate(DEFAULT_LAYOUT, given, photo=photo() if with_photo else None)
    assert outside(tmp_path, DEFAULT_LAYOUT, data) == []
    assert packed(given["name"]) in packed(text_of(tmp_path, data))


def test_control_a_text_outside_its_box_is_found(tmp_path: Path) -> None:
    moved = {
        **DEFAULT_LAYOUT,
        "boxes": [{**b, "y": b["y"] + 3} for b in DEFAULT_LAYOUT["boxes"] if b["kind"] == "text"],
    }
    assert outside(tmp_path, moved, draw_sample()) != []


def test_long_and_short_names_and_rare_characters(tmp_path: Path) -> None:
    text = packed(text_of(tmp_path, draw_certificate(DEFAULT_LAYOUT, long_values())))
    assert LONG_NAME in text
    assert LONG_UNIT in text
    assert LONG_CLASS in text
    assert "𠅤䶮同志，于2026年" in packed(text_of(tmp_path, draw(name="𠅤䶮", sex="", unit="", post="")))


def test_names_that_cannot_be_drawn_are_refused_with_the_character() -> None:
    assert missing_in(values(name="王\ue001")) == {"\ue001"}
    assert missing_in(values(name="𠅤䶮")) == set()
    with pytest.raises(MissingGlyphs, match="U\\+E001"):
        draw(name="王\ue001")


def test_what_is_too_long_is_refused_instead_of_cut() -> None:
    with pytest.raises(TextDoesNotFit):
        draw(class_name="领航班" * 300)


def test_values_are_never_read_as_templates_or_markup(tmp_path: Path) -> None:
    name = "{unit}[x]<b>&amp;(y)\\"
    assert f"{name}同志" in packed(text_of(tmp_path, draw(name=name)))


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(ValueError, match="salary"):
        draw_certificate(DEFAULT_LAYOUT, values() | {"salary": "1"})


def test_size_fonts_and_structure(tmp_path: Path) -> None:
    for data in (
        draw_sample(),
        draw_sample(photo=photo()),
        draw_certificate(DEFAULT_LAYOUT, long_values(), photo=photo()),
    ):
        assert len(data) <= 120 * 1024
        assert all(font["embedded"] == "yes" and font["unicode"] == "yes" for font in fonts_of(tmp_path, data))
        assert "No syntax or stream encoding errors" in run("qpdf", "--check", saved(tmp_path, data))
    info = run("pdfinfo", saved(tmp_path, draw_sample()))
    assert "结业证书 领航示范结字〔2026〕第0001号" in info
    assert "(A4)" in info
    dated = run("pdfinfo", "-rawdates", saved(tmp_path, draw_sample()))
    assert "CreationDate:    D:20260914000000+08'00'" in dated


def test_the_same_values_give_the_same_bytes_in_any_process() -> None:
    code = "import hashlib; from core.drawing import draw_sample; print(hashlib.sha256(draw_sample()).hexdigest())"
    seen = set()
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
        seen.add(done.stdout)
    assert len(seen) == 1
    assert draw_sample() == draw_sample()
    assert draw(name="王玫") != draw(name="王敏")


def test_a_photo_is_cut_to_its_box_and_loses_what_the_camera_added(tmp_path: Path) -> None:
    plain = Image.open(io.BytesIO(photo(1200, 900)))
    exif = plain.getexif()
    exif[0x010F] = "SecretCameraMaker"
    out = io.BytesIO()
    plain.save(out, "JPEG", exif=exif)
    data = draw_sample(photo=out.getvalue())
    assert b"SecretCameraMaker" in out.getvalue()
    assert b"SecretCameraMaker" not in data
    listed = run("pdfimages", "-list", saved(tmp_path, data)).splitlines()[2].split()
    assert (listed[3], listed[4]) == ("372", "520")
    assert len(draw_sample(photo=photo(kind="PNG"))) < 120 * 1024


@pytest.mark.parametrize("broken", [b"", b"no picture", photo()[:200]], ids=["empty", "text", "cut off"])
def test_what_is_no_photo_is_refused_in_words(broken: bytes) -> None:
    with pytest.raises(PhotoError, match="照片"):
        draw_sample(photo=broken or b"\0")


def test_a_layout_survives_json_and_says_what_is_wrong() -> None:
    checked = check_layout(DEFAULT_LAYOUT)
    assert isinstance(checked, Layout)
    assert check_layout(checked.to_dict()) == checked
    assert draw_certificate(checked.to_dict(), sample_values()) == draw_sample()
    box = {"kind": "text", "x": 10, "y": 10, "w": 50, "h": 10, "text": "{name}"}
    for wrong, words in (
        ({"kind": "video"}, "无法识别"), ({"x": 280}, "超出了页面"), ({"text": "{salary}"}, "salary"),
        ({"sise": 3}, "sise"), ({"size": "big"}, "写法不对"), ({"color": "red"}, "颜色"), ({"w": None}, "位置或大小"),
        ({"face": "comic"}, "字体"), ({"strong": ["salary"]}, "salary"), ({"when": ["!salary"]}, "salary"),
    ):  # fmt: skip
        with pytest.raises(LayoutError, match=words):
            check_layout({"version": 1, "boxes": [{**box, **wrong}]})
    assert check_layout({"version": 1, "boxes": [box]}).boxes[0].number("size") == 12


def test_each_kind_of_box_leaves_a_mark() -> None:
    empty = draw_certificate({"version": 1, "boxes": []}, {})
    for box in (
        {"kind": "line", "x": 10, "y": 10, "w": 50, "h": 0},
        {"kind": "frame", "x": 10, "y": 10, "w": 277, "h": 190, "ground": False},
        {"kind": "seal", "x": 10, "y": 10, "w": 42, "h": 42, "ring": "示范中心", "center": "样章"},
        {"kind": "qr", "x": 10, "y": 10, "w": 30, "h": 30, "content": "固定内容"},
        {"kind": "text", "x": 10, "y": 10, "w": 30, "h": 30, "text": "文字"},
    ):
        assert draw_certificate({"version": 1, "boxes": [box]}, {}) != empty
