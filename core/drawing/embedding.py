"""Typefaces inside a PDF: a small TrueType subset for each document, with a map back to Unicode that copies right."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from reportlab.pdfbase import pdfdoc

from core.drawing.typefaces import FontFile, Glyph

MORE_COMPONENTS = 0x0020
WORD_ARGUMENTS = 0x0001
ONE_SCALE, TWO_SCALES, FOUR_SCALES = 0x0008, 0x0040, 0x0080


class StreamObject(pdfdoc.PDFObject):  # type: ignore[misc]
    """A PDF stream whose bytes are ready: prepared once, put into many documents."""

    __RefOnly__ = 1

    def __init__(self, entries: str, data: bytes) -> None:
        self.entries = entries
        self.data = data

    def format(self, document: Any) -> bytes:
        """Return the object as it stands in the file."""
        head = f"<< {self.entries} /Length {len(self.data)} >>\nstream\n".encode("ascii")
        return head + self.data + b"\nendstream"


class DictionaryObject(pdfdoc.PDFObject):  # type: ignore[misc]
    """A PDF dictionary written from names and ready values, where a value may be another object."""

    __RefOnly__ = 1

    def __init__(self, **entries: object) -> None:
        self.entries = entries

    def format(self, document: Any) -> bytes:
        """Return the object as it stands in the file."""
        parts = [
            b"/" + key.encode("ascii") + b" " + self._value(value, document) for key, value in self.entries.items()
        ]
        return b"<< " + b" ".join(parts) + b" >>"

    def _value(self, value: object, document: Any) -> bytes:
        if isinstance(value, pdfdoc.PDFObject):
            return bytes(document.Reference(value).format(document))
        if isinstance(value, tuple):
            return b"[" + b" ".join(self._value(one, document) for one in value) + b"]"
        return str(value).encode("ascii")


def deflated(data: bytes, entries: str = "", level: int = 6) -> StreamObject:
    """Return a compressed stream object."""
    return StreamObject(f"{entries} /Filter /FlateDecode".strip(), zlib.compress(data, level))


class EmbeddedFont:
    """One font file within one document: hands out character codes and writes the subset at the end."""

    def __init__(self, font: FontFile, resource: str) -> None:
        self.font = font
        self.resource = resource
        self.codes: dict[tuple[int, str], int] = {}

    def code(self, glyph: Glyph) -> int:
        """Return the code of a glyph in this document (1, 2, … in order of use)."""
        key = (glyph.index, glyph.char)
        return self.codes.setdefault(key, len(self.codes) + 1)

    @property
    def base_name(self) -> str:
        """The font's name with the subset tag that the PDF format asks for."""
        digest = hashlib.sha256(repr((self.font.name, list(self.codes))).encode("utf-8")).digest()
        return "".join(chr(65 + byte % 26) for byte in digest[:6]) + "+" + self.font.name

    def addObjects(self, document: Any) -> None:
        """Write the font's objects into the document and list it among the page resources."""
        name = f"/{self.base_name}"
        left, bottom, right, top = (round(value) for value in self.font.bounds)
        program = build_subset(self.font, [index for index, _ in self.codes])
        descriptor = DictionaryObject(
            Type="/FontDescriptor", FontName=name, Flags=4, FontBBox=f"[{left} {bottom} {right} {top}]",
            ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=730, StemV=80,
            FontFile2=deflated(program, f"/Length1 {len(program)}"),
        )  # fmt: skip
        descendant = DictionaryObject(
            Type="/Font", Subtype="/CIDFontType2", BaseFont=name, CIDToGIDMap="/Identity", DW=1000,
            CIDSystemInfo="<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
            FontDescriptor=descriptor, W=self._widths(),
        )  # fmt: skip
        outer = DictionaryObject(
            Type="/Font", Subtype="/Type0", BaseFont=name, Encoding="/Identity-H",
            DescendantFonts=(descendant,), ToUnicode=deflated(to_unicode(char for _, char in self.codes)),
        )  # fmt: skip
        document.idToObject["BasicFonts"].dict[self.resource] = document.Reference(outer)

    def _widths(self) -> str:
        scale = 1000 / self.font.units
        widths = [self.font.metric(index)[0] * scale for index, _ in self.codes]
        odd = (f"{code} [{width:.6g}]" for code, width in enumerate(widths, 1) if width != 1000)
        return f"[0 [0] {' '.join(odd)}]"


def to_unicode(characters: Iterable[str]) -> bytes:
    """Return the map from codes 1, 2, … back to the characters, in UTF-16BE so that every plane copies right."""
    rows = [f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for code, char in enumerate(characters, 1)]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    text = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
    return text.encode("ascii")


def build_subset(font: FontFile, indexes: Sequence[int]) -> bytes:
    """Return a TrueType file in which glyph 1, 2, … are the given glyphs and glyph 0 is the mark for a missing one."""
    wanted = [0, *indexes]
    outlines = []
    for index in wanted:
        outlines.append(_renumbered(font.outline(index), wanted, len(indexes)))
    offsets = [0]
    for place, outline in enumerate(outlines):
        outlines[place] = outline + bytes(-len(outline) % 4)
        offsets.append(offsets[-1] + len(outlines[place]))
    metrics = (struct.pack(">HH", *font.metric(index)) for index in wanted)
    tables = {
        "glyf": b"".join(outlines),
        "head": _patched(font.table("head"), {8: b"\0\0\0\0", 50: b"\0\1"}),
        "hhea": _patched(font.table("hhea"), {34: struct.pack(">H", len(wanted))}),
        "hmtx": b"".join(metrics),
        "loca": struct.pack(f">{len(offsets)}L", *offsets),
        "maxp": _patched(font.table("maxp"), {4: struct.pack(">H", len(wanted))}),
    }
    return _font_program(tables)


def _renumbered(outline: bytes, wanted: list[int], own: int) -> bytes:
    """Return an outline whose parts point at the subset's numbers; parts not there yet are added to ``wanted``."""
    if len(outline) < 2 or outline[0] < 0x80:
        return outline
    edited = bytearray(outline)
    at, more = 10, True
    while more:
        flags, part = struct.unpack_from(">HH", edited, at)
        known = wanted.index(part, own + 1) if part in wanted[own + 1 :] else len(wanted)
        if known == len(wanted):
            wanted.append(part)
        struct.pack_into(">H", edited, at + 2, known)
        at += 4 + (4 if flags & WORD_ARGUMENTS else 2)
        at += 2 if flags & ONE_SCALE else 4 if flags & TWO_SCALES else 8 if flags & FOUR_SCALES else 0
        more = bool(flags & MORE_COMPONENTS)
    return bytes(edited)


def _patched(table: bytes, changes: dict[int, bytes]) -> bytes:
    edited = bytearray(table)
    for at, value in changes.items():
        edited[at : at + len(value)] = value
    return bytes(edited)


def _font_program(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">LHHHH", 0x00010000, count, 16 << power, power, 16 * (count - (1 << power)))
    at = 12 + 16 * count
    directory, body = [], []
    for tag, data in sorted(tables.items()):
        padded = data + bytes(-len(data) % 4)
        directory.append(struct.pack(">4sLLL", tag.encode("ascii"), _checksum(padded), at, len(data)))
        body.append(padded)
        at += len(padded)
    return head + b"".join(directory) + b"".join(body)


def _checksum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}L", data)
    return sum(words) & 0xFFFFFFFF
