"""A packed folder of photos named by work number: which entries may be read, and why the others are refused."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from core.errors import DomainError

MOST_FILES = 500
MOST_BYTES = 100 * 1024 * 1024  # packed
MOST_PHOTO_BYTES = 10 * 1024 * 1024  # one photo, unpacked
MOST_RATIO = 20  # photos hardly shrink
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
SLACK = 64 * 1024  # below this size the ratio says nothing
MOST_DIRECTORY = 1024 * 1024  # the list of files at the end of the folder
END, END_64, END_SIZE = b"PK\x05\x06", b"PK\x06\x07", 22
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, IndexError, ValueError,
    struct.error, UnicodeError, MemoryError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A file of the folder: its place, its name for people, the work number it is named by, why it is refused."""

    place: int
    name: str
    work_number: str
    refusal: str = ""


def read_entries(folder: BinaryIO, known: Collection[str], *, strangers: Collection[str] = ()) -> list[Entry]:
    """Every file of the folder; ``known`` are the work numbers that may have a photo here, in capitals.

    ``strangers`` are members who may not (left, cancelled). DomainError for what is no folder, or too much of one.
    """
    infos = [(n, info) for n, info in enumerate(_open(folder).infolist()) if not _is_litter(info)]
    if not infos:
        raise DomainError(_("压缩包是空的，请放入以工号命名的照片后重新打包。"), code="empty")
    if len(infos) > MOST_FILES:
        raise DomainError(_("压缩包里有 %(n)s 个文件，超过 500 个，请分批上传。") % {"n": len(infos)}, code="too_many")
    seen: set[str] = set()
    entries = []
    for n, info in infos:
        name = _name(info)
        number = PurePosixPath(name.replace("\\", "/")).stem.strip().upper()
        refusal = _refusal(info, name) or _nobody(number, known, strangers, seen)
        seen.add(number)
        entries.append(Entry(n, _shown(name), number, refusal))
    return entries


def read_photo(folder: BinaryIO, place: int) -> bytes:
    """The bytes of one file, never more than a photo may have whatever the folder says about it."""
    opened = _open(folder)
    try:
        with opened.open(opened.infolist()[place]) as file:
            content = file.read(MOST_PHOTO_BYTES + 1)
    except UNREADABLE as broken:
        raise DomainError(_("文件已损坏，不能解压。")) from broken
    if len(content) > MOST_PHOTO_BYTES:
        raise DomainError(_("照片超过 10 MB，请压缩后再上传。"))
    return content


def _open(folder: BinaryIO) -> zipfile.ZipFile:
    _check_directory(folder)
    try:
        return zipfile.ZipFile(folder)
    except UNREADABLE as broken:
        raise _no_folder() from broken


def _no_folder() -> DomainError:
    return DomainError(_("这个文件不是 zip 压缩包，请用 zip 格式重新打包。"), code="wrong_type")


def _check_directory(folder: BinaryIO) -> None:
    """Refuse by its end a folder that would fill the memory with its list of files."""
    size = folder.seek(0, 2)
    if size > MOST_BYTES:
        raise DomainError(_("压缩包超过 100 MB，请分批上传。"), code="too_big")
    folder.seek(max(0, size - 0xFFFF - END_SIZE))
    tail = folder.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        raise _no_folder()
    (directory,) = struct.unpack_from("<I", tail, at + 12)
    if directory > MOST_DIRECTORY or tail[max(0, at - 20) :].startswith(END_64):
        raise DomainError(_("压缩包里的文件太多，请不超过 500 个，分批上传。"), code="too_many")


def _is_litter(info: zipfile.ZipInfo) -> bool:
    """Folders, and what operating systems leave behind."""
    return info.is_dir() or info.filename.startswith(LITTER[0]) or info.filename.endswith(LITTER[1:])


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was written: packers in China write GB18030 without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _shown(name: str) -> str:
    return "".join(c for c in name if c.isprintable())[-80:] or _("未命名文件")


def _refusal(info: zipfile.ZipInfo, name: str) -> str:
    """Why the file is refused for what it is, or nothing."""
    if _leads_elsewhere(name):
        return _("文件名含有路径，不接收。")
    if info.flag_bits & 0x1:
        return _("文件加了密码，请去掉密码后重新打包。")
    if not name.lower().endswith(SUFFIXES):
        return _("不是照片（jpg、png、webp）。")
    if info.file_size > MOST_PHOTO_BYTES:
        return _("照片超过 10 MB，请压缩后再上传。")
    if info.file_size > SLACK and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        return _("压缩比例异常，不接收。")
    return "" if info.file_size else _("文件是空的。")


def _leads_elsewhere(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\x00" in name


def _nobody(number: str, known: Collection[str], strangers: Collection[str], seen: set[str]) -> str:
    """Why the name leads to nobody, or nothing."""
    if number in seen:
        return _("这个工号的照片出现了两次，只取第一张。")
    if number in strangers:
        return _("这名学员已不在班，不接收照片。")
    return "" if number in known else _("本班没有这个工号，请用工号命名照片。")
