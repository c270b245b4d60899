"""Every character is drawn or named: the fallback chain, the check before a batch, and what a viewer copies."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from core.drawing import MissingGlyphs, missing_characters
from core.drawing import embedding as embedding_module
from core.drawing.embedding import build_subset
from core.drawing.sheet import Sheet
from core.drawing.text import Style
from core.drawing.typefaces import CHAINS, FONTS, FaceName, FontFile, clean, find_glyph, font_file
from tests.drawing.reading import fonts_of, packed, run, saved, text_of

RARE = "䶮㛃𬭩𠅤𪚥𫖯"
FACES: tuple[FaceName, ...] = ("serif", "serif-bold", "sans", "sans-bold")


def drawn(text: str, face: FaceName = "serif") -> bytes:
    sheet = Sheet(210, 60, title="字")
    sheet.text(text, 10, 10, Style(face, 14), 190)
    return sheet.finish()


@pytest.mark.parametrize("face", FACES)
def test_every_general_standard_character_is_drawn_by_the_face_itself(face: FaceName) -> None:
    listed = (FONTS / "general-standard-8105.txt").read_text("utf-8").split()
    characters = "".join(listed)
    assert len(characters) == 8105
    own = font_file(CHAINS[face][0])
    assert [char for char in characters if own.glyph(char) is None] == []


def test_rare_ideographs_up_to_extension_f_have_a_glyph() -> None:
    blocks = ((0x3400, 0x4DB5), (0x4E00, 0x9FA5), (0x20000, 0x2A6D6), (0x2A700, 0x2B734), (0x2B740, 0x2B81D),
              (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0))  # fmt: skip
    text = "".join(chr(code) for low, high in blocks for code in range(low, high + 1))
    assert missing_characters(text) == set()


def test_punctuation_numbers_and_signs_are_drawn() -> None:
    text = "，。、；：？！（）〔〕【】《》“”‘’—…·①⑳→←↑↓★☆○●□■℃％‰№ａＺ０９àéüāǎ✂\u3000 "
    for face in FACES:
        assert missing_characters(text, face) == set()


def test_what_cannot_be_drawn_is_named_before_anything_is_drawn() -> None:
    assert missing_characters("王敏\ue000😀") == {"\ue000", "😀"}
    with pytest.raises(MissingGlyphs) as refused:
        drawn("王\ue000敏")
    assert refused.value.characters == {"\ue000"}
    assert "U+E000" in str(refused.value)


def test_an_empty_glyph_counts_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "blank.ttf"
    pen = TTGlyphPen(None)
    for point, draw in (((0, 0), pen.moveTo), ((500, 0), pen.lineTo), ((250, 500), pen.lineTo)):
        draw(point)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank", "full", "space"])
    builder.setupCharacterMap({ord("王"): "blank", ord("敏"): "full", 32: "space"})
    empty = TTGlyphPen(None).glyph()
    builder.setupGlyf({".notdef": empty, "blank": empty, "full": pen.glyph(), "space": empty})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "blank", "full", "space"), (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupPost()
    builder.save(path)
    font = FontFile(path)
    assert font.glyph("王") is None
    assert font.glyph("敏") is not None
    assert font.glyph(" ") is not None


def test_marks_that_cannot_be_seen_are_dropped() -> None:
    assert clean("王\u200b敏\u0007\ufeff\ufe01\t同志") == "王敏 同志"


@pytest.mark.parametrize("face", FACES)
def test_rare_characters_copy_as_themselves(tmp_path: Path, face: FaceName) -> None:
    assert packed(text_of(tmp_path, drawn(f"王{RARE}敏é", face))) == f"王{RARE}敏é"


def test_control_the_usual_unicode_map_would_copy_as_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = embedding_module.to_unicode

    def usual(characters: object) -> bytes:
        wrong = right(characters)  # type: ignore[arg-type]
        return wrong.replace(f"<{'𠅤'.encode('utf-16-be').hex().upper()}>".encode(), f"<{ord('𠅤'):04X}>".encode())

    monkeypatch.setattr(embedding_module, "to_unicode", usual)
    assert "𠅤" not in text_of(tmp_path, drawn("王𠅤敏"))


def test_fonts_are_embedded_subset_and_mapped(tmp_path: Path) -> None:
    fonts = fonts_of(tmp_path, drawn(f"王敏{RARE}"))
    assert {font["name"].split("+")[1] for font in fonts} == {"NotoSerifSC-Regular", "RareMincho-B"}
    assert all((f["embedded"], f["subset"], f["unicode"]) == ("yes", "yes", "yes") for f in fonts)


def test_a_subset_keeps_each_outline_also_of_composed_letters() -> None:
    font = font_file("NotoSansSC-Regular.ttf")
    glyphs = [find_glyph("sans", char) for char in "éÅ王ü敏İ"]
    indexes = [glyph.index for glyph in glyphs if glyph is not None]
    before, after = TTFont(font.path), TTFont(io.BytesIO(build_subset(font, indexes)))
    for place, index in enumerate(indexes, 1):
        expected = before["glyf"][before.getGlyphName(index)].getCoordinates(before["glyf"])[0]
        assert list(after["glyf"][after.getGlyphName(place)].getCoordinates(after["glyf"])[0]) == list(expected)


def test_documents_are_clean_and_repeat_byte_for_byte(tmp_path: Path) -> None:
    first = drawn(f"王敏{RARE}")
    assert drawn(f"王敏{RARE}") == first
    assert drawn(f"王玫{RARE}") != first
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", saved(tmp_path, first))


def test_the_vendored_fonts_are_the_listed_ones() -> None:
    for line in (FONTS / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 35_000_000
    assert {"OFL-Noto-serif.txt", "OFL-Noto-sans.txt", "OFL-Hanazono.txt"} <= {p.name for p in FONTS.iterdir()}


def test_the_kit_stands_alone() -> None:
    code = "import sys, core.drawing; print(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert run(sys.executable, "-c", code).strip() == "False"
    control = subprocess.run(
        [sys.executable, "-c", code.replace("core.drawing", "django")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert control.stdout.strip() == "True"
