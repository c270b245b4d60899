"""The old xls (OLE container with BIFF8 records), looked through before anything opens it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.spreadsheets.package import Marks, broken, far_cell

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
END = 0xFFFFFFFA  # sector numbers from here on are marks, not places

BOF, BOUNDSHEET, FILEPASS, FORMULA, BOOLERR = 0x0809, 0x0085, 0x002F, 0x0006, 0x0205
DIMENSIONS, STRINGS = 0x0200, 0x00FC
LARGEST_AREA = 20_000_000  # cells between the corners that a sheet claims
SINGLE = {0x0203, 0x0204, 0x00FD, 0x027E, BOOLERR, FORMULA}  # number, label, shared text, short number …
MANY = {0x00BD}  # a run of short numbers in one row


@dataclass
class Container:
    """The named streams of an OLE file, read by following its sector chains."""

    data: bytes
    size: int = 512
    mini: int = 64
    fat: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        shift, mini_shift = struct.unpack_from("<HH", self.data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise broken()
        self.size = 1 << shift
        self.fat = self._table(self._fat_sectors())

    def _fat_sectors(self) -> Iterator[int]:
        yield from (n for n in struct.unpack_from("<109I", self.data, 76) if n < END)
        following, left = struct.unpack_from("<II", self.data, 68)
        per = self.size // 4 - 1
        while following < END and left:
            *numbers, following = struct.unpack(f"<{per + 1}I", self._sector(following))
            left -= 1
            yield from (n for n in numbers if n < END)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        part = self.data[start : start + self.size]
        return part.ljust(self.size, b"\0")

    def _table(self, sectors: Iterator[int]) -> list[int]:
        limit = len(self.data) // self.size + 1
        numbers: list[int] = []
        for count, sector in enumerate(sectors):
            if count > limit:
                raise broken()
            numbers += struct.unpack(f"<{self.size // 4}I", self._sector(sector))
        return numbers

    def chain(self, first: int) -> bytes:
        """The bytes of a chain of sectors; a ring is broken."""
        parts, seen, number = [], set(), first
        while number < END:
            if number in seen or number >= len(self.fat):
                raise broken()
            seen.add(number)
            parts.append(self._sector(number))
            number = self.fat[number]
        return b"".join(parts)

    def streams(self) -> dict[str, tuple[int, int]]:
        """Name → first sector and size."""
        directory = self.chain(struct.unpack_from("<I", self.data, 48)[0])
        found = {}
        for start in range(0, len(directory) - 127, 128):
            length = struct.unpack_from("<H", directory, start + 64)[0]
            name = directory[start : start + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if name:
                found[name] = struct.unpack_from("<II", directory, start + 116)
        return found

    def stream(self, name: str) -> bytes:
        first, size = self.streams()[name]
        if size < struct.unpack_from("<I", self.data, 56)[0]:
            return self._small(first, size)
        return self.chain(first)[:size]

    def _small(self, first: int, size: int) -> bytes:
        root = self.chain(self.streams()["Root Entry"][0])
        table = self.chain(struct.unpack_from("<I", self.data, 60)[0])
        numbers = struct.unpack(f"<{len(table) // 4}I", table)
        parts, left, number = [], len(numbers) + 1, first
        while number < len(numbers) and left:
            parts.append(root[number * self.mini : (number + 1) * self.mini])
            number, left = numbers[number], left - 1
        return b"".join(parts)[:size]


def records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Position, number and content of each BIFF record."""
    at = 0
    while at + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, at)
        yield at, number, stream[at + 4 : at + 4 + length]
        at += 4 + length


def look_through(data: bytes, max_rows: int, max_columns: int) -> dict[str, Marks]:
    """Formulas and errors per sheet; DomainError for passwords, broken files and filled cells out of bounds."""
    try:
        container = Container(data)
        names = container.streams()
        if "EncryptedPackage" in names:
            raise DomainError(_("文件设有打开密码。请去掉密码后再上传。"), code="password")
        book = next((n for n in ("Workbook", "Book") if n in names), None)
        if book is None:
            raise DomainError(
                _("这个文件不是表格（可能是旧版 Word 或其他文件）。请上传 xlsx、xls 或 csv。"), code="wrong_type"
            )
        return _look(container.stream(book), max_rows, max_columns)
    except (struct.error, KeyError, IndexError, MemoryError) as trouble:
        raise broken() from trouble


def _look(stream: bytes, max_rows: int, max_columns: int) -> dict[str, Marks]:
    starts: dict[int, str] = {}
    marks: dict[str, Marks] = {}
    sheet = ""
    for at, number, content in records(stream):
        if number == FILEPASS:
            raise DomainError(_("文件设有打开密码。请去掉密码后再上传。"), code="password")
        _refuse_false_claims(number, content, len(stream))
        if number == BOUNDSHEET:
            starts[struct.unpack_from("<I", content)[0]] = _sheet_name(content)
        elif number == BOF and at in starts:
            sheet = starts[at]
            marks[sheet] = Marks()
        elif sheet and (number in SINGLE or number in MANY):
            _mark(marks[sheet], sheet, number, content, max_rows, max_columns)
    return marks


def _refuse_false_claims(number: int, content: bytes, size: int) -> None:
    """A reader reserves memory by these two records before it looks further."""
    if number == STRINGS and struct.unpack_from("<I", content, 4)[0] > size:
        raise broken()
    if number == DIMENSIONS:
        top, bottom, left, right = struct.unpack_from("<IIHH", content)
        if bottom < top or right < left or (bottom - top) * (right - left) > LARGEST_AREA:
            raise broken()


def _sheet_name(content: bytes) -> str:
    length, wide = content[6], content[7] & 1
    return (
        content[8 : 8 + length * 2].decode("utf-16-le", "replace")
        if wide
        else content[8 : 8 + length].decode("latin-1")
    )


def _mark(marks: Marks, sheet: str, number: int, content: bytes, max_rows: int, max_columns: int) -> None:
    row, column = struct.unpack_from("<HH", content)
    last = struct.unpack_from("<H", content, len(content) - 2)[0] if number in MANY else column
    if row >= max_rows or last >= max_columns:
        raise far_cell(sheet, (row + 1, last + 1), max_rows, max_columns)
    place = (row + 1, column + 1)
    if number == FORMULA:
        marks.formulas.add(place)
        if content[6] == 2 and content[12:14] == b"\xff\xff":
            marks.errors.add(place)
    elif number == BOOLERR and content[7]:
        marks.errors.add(place)
