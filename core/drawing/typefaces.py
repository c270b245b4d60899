"""The vendored typefaces: glyph lookup with a fallback for each character, and the check for what cannot be drawn."""

from __future__ import annotations

import lzma
import struct
import sys
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

FONTS = Path(__file__).parent / "fonts"

FaceName = Literal["serif", "serif-bold", "sans", "sans-bold"]

FACES: tuple[FaceName, ...] = ("serif", "serif-bold", "sans", "sans-bold")
RARE = ("NotoSerifSC-Rare.ttf.xz", "RareMincho-B.ttf.xz", "RareMincho-A.ttf.xz")
CHAINS: dict[str, tuple[str, ...]] = {
    "serif": ("NotoSerifSC-Regular.ttf", *RARE),
    "serif-bold": ("NotoSerifSC-Bold.ttf", *RARE),
    "sans": ("NotoSansSC-Regular.ttf", *RARE),
    "sans-bold": ("NotoSansSC-Bold.ttf", *RARE),
}
SPACES = frozenset(" \u00a0\u2002\u2003\u2009\u202f\u3000")
CONTROLS = frozenset(map(chr, (*range(0x00, 0x20), *range(0x7F, 0xA0))))


class MissingGlyphs(ValueError):
    """A text holds characters that no vendored typeface can draw."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = frozenset(characters)
        shown = "、".join(f"{char}（U+{ord(char):04X}）" for char in sorted(self.characters))
        super().__init__(f"字库中没有这些字，无法打印：{shown}。请核对后再试，或联系管理员补充字库。")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as a typeface draws it; ``advance`` in thousandths of an em."""

    char: str
    font: FontFile
    index: int
    advance: float
    heavy: bool = False


class FontFile:
    """A TrueType file, read once: its character map, advances and outlines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name.split(".")[0]

    @cached_property
    def data(self) -> bytes:
        """The file's bytes; rare-character fonts are unpacked when the first such character appears."""
        raw = self.path.read_bytes()
        return lzma.decompress(raw) if self.path.suffix == ".xz" else raw

    @cached_property
    def tables(self) -> dict[str, tuple[int, int]]:
        """Offset and length of each table."""
        (count,) = struct.unpack_from(">H", self.data, 4)
        rows = (struct.unpack_from(">4sLLL", self.data, 12 + 16 * row) for row in range(count))
        return {tag.decode("ascii"): (offset, length) for tag, _, offset, length in rows}

    def table(self, tag: str) -> bytes:
        """The bytes of one table."""
        offset, length = self.tables[tag]
        return self.data[offset : offset + length]

    @cached_property
    def units(self) -> int:
        """Font units in one em."""
        return int(struct.unpack_from(">H", self.table("head"), 18)[0])

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """The box around all glyphs in thousandths of an em."""
        left, bottom, right, top = struct.unpack_from(">4h", self.table("head"), 36)
        scale = 1000 / self.units
        return left * scale, bottom * scale, right * scale, top * scale

    @cached_property
    def advances(self) -> array[int]:
        """Advance and left bearing of each glyph, alternating, in font units."""
        (full,) = struct.unpack_from(">H", self.table("hhea"), 34)
        return _big_endian("H", self.table("hmtx")[: full * 4])

    def metric(self, index: int) -> tuple[int, int]:
        """Advance and left bearing of a glyph in font units (the bearing as an unsigned 16-bit value)."""
        last = len(self.advances) // 2 - 1
        if index <= last:
            return self.advances[2 * index], self.advances[2 * index + 1]
        at = (last + 1) * 4 + (index - last - 1) * 2
        return self.advances[2 * last], int(struct.unpack_from(">H", self.table("hmtx"), at)[0])

    @cached_property
    def locations(self) -> array[int]:
        """Where each glyph's outline begins in the glyf table."""
        (long,) = struct.unpack_from(">h", self.table("head"), 50)
        if long:
            return _big_endian("I" if array("I").itemsize == 4 else "L", self.table("loca"))
        return array("I", (2 * half for half in _big_endian("H", self.table("loca"))))

    def outline(self, index: int) -> bytes:
        """The outline of a glyph as it stands in the file (empty for a blank glyph)."""
        offset, _ = self.tables["glyf"]
        return self.data[offset + self.locations[index] : offset + self.locations[index + 1]]

    @cached_property
    def characters(self) -> dict[int, int]:
        """Glyph index by code point."""
        cmap = self.table("cmap")
        (count,) = struct.unpack_from(">H", cmap, 2)
        offsets = {struct.unpack_from(">L", cmap, 8 + 8 * row)[0] for row in range(count)}
        found: dict[int, int] = {}
        for offset in sorted(offsets):
            found.update(_read_cmap(cmap, offset))
        return found

    def glyph(self, char: str) -> Glyph | None:
        """Return how this file draws a character, or None when the glyph is missing or empty."""
        index = self.characters.get(ord(char), 0)
        if not index or (char not in SPACES and self.locations[index] == self.locations[index + 1]):
            return None
        return Glyph(char, self, index, self.metric(index)[0] * 1000 / self.units)


def _big_endian(kind: str, raw: bytes) -> array[int]:
    values: array[int] = array(kind, raw)
    if sys.byteorder == "little":
        values.byteswap()
    return values


def _read_cmap(cmap: bytes, offset: int) -> dict[int, int]:
    (kind,) = struct.unpack_from(">H", cmap, offset)
    if kind == 12:
        return _read_groups(cmap, offset)
    return _read_segments(cmap, offset) if kind == 4 else {}


def _read_groups(cmap: bytes, offset: int) -> dict[int, int]:
    (count,) = struct.unpack_from(">L", cmap, offset + 12)
    found = {}
    for first, last, index in struct.iter_unpack(">LLL", cmap[offset + 16 : offset + 16 + 12 * count]):
        for code in range(first, last + 1):
            found[code] = index + code - first
    return found


def _read_segments(cmap: bytes, offset: int) -> dict[int, int]:
    (doubled,) = struct.unpack_from(">H", cmap, offset + 6)
    count = doubled // 2
    at = offset + 14
    ends = struct.unpack_from(f">{count}H", cmap, at)
    starts = struct.unpack_from(f">{count}H", cmap, at + doubled + 2)
    deltas = struct.unpack_from(f">{count}H", cmap, at + 2 * doubled + 2)
    ranges_at = at + 3 * doubled + 2
    ranges = struct.unpack_from(f">{count}H", cmap, ranges_at)
    found = {}
    for row in range(count):
        for code in range(starts[row], min(ends[row], 0xFFFE) + 1):
            index = code
            if ranges[row]:
                place = ranges_at + 2 * row + ranges[row] + 2 * (code - starts[row])
                (index,) = struct.unpack_from(">H", cmap, place)
                if not index:
                    continue
            found[code] = (index + deltas[row]) & 0xFFFF
    return found


@cache
def font_file(name: str) -> FontFile:
    """Return a vendored font by file name; each is read once in a process."""
    return FontFile(FONTS / name)


@cache
def find_glyph(face: FaceName, char: str) -> Glyph | None:
    """Return how a face draws a character: its own glyph, else the first of the rare-character fonts."""
    for place, name in enumerate(CHAINS[face]):
        glyph = font_file(name).glyph(char)
        if glyph is not None:
            heavy = place > 0 and face.endswith("bold")
            return Glyph(char, glyph.font, glyph.index, glyph.advance, heavy)
    return None


def is_ignorable(char: str) -> bool:
    """Say whether a character leaves no mark: control and format characters and variation selectors."""
    if char in CONTROLS or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return True
    return unicodedata.category(char) == "Cf"


def clean(text: str) -> str:
    """Return the text without marks that cannot be seen; tabs and other blanks become spaces."""
    if text.isprintable() and text.isascii():
        return text
    spaced = (
        " " if char == "\t" or (char.isspace() and char not in SPACES and char != "\n") else char for char in text
    )
    return "".join(char for char in spaced if char == "\n" or not is_ignorable(char))


def missing_characters(text: str, face: FaceName = "serif") -> set[str]:
    """Return the characters of a text that no vendored typeface can draw (missing or empty glyphs)."""
    return {char for char in set(clean(text)) if char != "\n" and find_glyph(face, char) is None}


def glyphs_of(text: str, face: FaceName) -> list[Glyph]:
    """Return the glyphs of a text; raise MissingGlyphs rather than leave a blank."""
    glyphs = [find_glyph(face, char) for char in text]
    drawn = [glyph for glyph in glyphs if glyph is not None]
    if len(drawn) != len(glyphs):
        raise MissingGlyphs(missing_characters(text, face))
    return drawn
