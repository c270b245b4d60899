"""The zip package of an xlsx, looked through before anything opens it: size, ratio, entities, far cells."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.spreadsheets.cells import Place, column_letters

MAX_FILES = 2000
MAX_UNPACKED = 150 * 1024 * 1024
FREE_UNPACKED = 10 * 1024 * 1024  # below this the ratio does not matter
MAX_RATIO = 100
DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
REFERENCE = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")


@dataclass
class Marks:
    """What a look through a sheet's XML finds that the values alone do not say."""

    formulas: set[Place] = field(default_factory=set)
    errors: set[Place] = field(default_factory=set)


def broken() -> DomainError:
    return DomainError(_("文件已损坏或不完整，无法打开。请用表格软件重新另存为 xlsx 后再上传。"), code="broken")


def too_big_inside() -> DomainError:
    return DomainError(
        _("文件展开后过大，可能是异常文件。请只保留需要的工作表，另存为新的 xlsx 后再上传。"), code="bomb"
    )


def far_cell(sheet: str, place: Place, max_rows: int, max_columns: int) -> DomainError:
    words = _(
        "工作表“%(sheet)s”的 %(cell)s 单元格有内容，超出可读取的范围（最多 %(rows)s 行、%(columns)s 列）。"
        "请删除多余的行和列，或分成几个文件上传。"
    ) % {
        "sheet": sheet,
        "cell": f"{column_letters(place[1])}{place[0]}",
        "rows": max_rows,
        "columns": max_columns,
    }
    return DomainError(words, code="too_far")


def unpack(data: bytes) -> dict[str, bytes]:
    """The XML parts by name, each read within bounds; DomainError for bombs, passwords and broken files."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_sizes(package, len(data))
            names = [i for i in package.infolist() if i.filename.lower().endswith((".xml", ".rels"))]
            return {info.filename.lstrip("/"): package.read(info) for info in names}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as trouble:
        raise broken() from trouble
    except RuntimeError as locked:  # zipfile's word for an encrypted member
        raise DomainError(_("文件设有打开密码。请去掉密码后再上传。"), code="password") from locked


def _check_sizes(package: zipfile.ZipFile, packed: int) -> None:
    infos = package.infolist()
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > MAX_FILES or unpacked > MAX_UNPACKED:
        raise too_big_inside()
    if unpacked > FREE_UNPACKED and unpacked > MAX_RATIO * packed:
        raise too_big_inside()


def repack(parts: dict[str, bytes]) -> bytes:
    """A package of these parts only, so that the reader sees nothing that was not looked at."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def refuse_entities(parts: dict[str, bytes]) -> None:
    if any(mark in content for content in parts.values() for mark in DOCTYPES):
        raise DomainError(
            _("文件里有表格不会使用的实体声明，已拒绝打开。请用表格软件重新另存后再上传。"), code="entities"
        )


def sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name → part name, in the order of the workbook."""
    try:
        book = ElementTree.fromstring(parts["xl/workbook.xml"])
        links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    except (KeyError, ParseError, DefusedXmlException, ValueError) as trouble:
        raise broken() from trouble
    targets = {link.get("Id"): link.get("Target") or "" for link in links}
    found = {}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] == "sheet":
            link = next((v for k, v in sheet.attrib.items() if k.rpartition("}")[2] == "id"), None)
            found[sheet.get("name") or ""] = _resolved(targets.get(link, ""))
    return found


def _resolved(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def look_through(name: str, content: bytes, max_rows: int, max_columns: int) -> Marks:
    """Find formulas and errors of one sheet; DomainError at the first filled cell outside the bounds."""
    scan = _Scan(name, max_rows, max_columns)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = scan.start
    try:
        parser.Parse(content, True)
    except expat.ExpatError as trouble:
        raise broken() from trouble
    return scan.marks


class _Scan:
    """Follows rows and cells through the XML; a cell without a reference comes after the one before."""

    def __init__(self, sheet: str, max_rows: int, max_columns: int) -> None:
        self.sheet, self.max_rows, self.max_columns = sheet, max_rows, max_columns
        self.marks = Marks()
        self.row = self.column = 0
        self.is_error = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self._cell(attributes)
        elif name in {"v", "f", "is"}:
            self._filled(name)
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdecimal() and len(number) < 9 else self.row + 1
            self.column = 0

    def _cell(self, attributes: dict[str, str]) -> None:
        match = REFERENCE.match(attributes.get("r", ""))
        if match:
            self.row, self.column = int(match[2]), _column_number(match[1])
        else:
            self.column += 1
        self.is_error = attributes.get("t") == "e"

    def _filled(self, name: str) -> None:
        if not self.column:  # a header's or a validation's formula, not a cell's
            return
        place = (self.row, self.column)
        if self.row > self.max_rows or self.column > self.max_columns:
            raise far_cell(self.sheet, place, self.max_rows, self.max_columns)
        if name == "f":
            self.marks.formulas.add(place)
        elif self.is_error:
            self.marks.errors.add(place)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
