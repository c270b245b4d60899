"""A recording as a package: a zip of one playlist and its segments, read in place and never unpacked.

``index.m3u8`` (or the only playlist at the top) names everything else by relative paths inside the package.
"""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal, InvalidOperation
from posixpath import dirname, join, normpath
from typing import BinaryIO

from django.utils.translation import gettext as _

from core.errors import DomainError

PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
TYPES = {
    ".m3u8": PLAYLIST_TYPE,
    ".ts": "video/mp2t",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".aac": "audio/aac",
    ".vtt": "text/vtt; charset=utf-8",
}
MOST_FILES = 5000
MOST_BYTES = 2 * 1024**3  # in all, as they come out of the package
MOST_PLAYLIST = 2 * 1024**2
MOST_RATIO = 100  # of one file: what comes out against what lies in the package
INDEX = "index.m3u8"
URI = re.compile(r'URI="([^"]*)"')
FORBIDDEN = ("#EXT-X-KEY", "#EXT-X-SESSION-KEY", "#EXT-X-BYTERANGE")


class Package:
    """An opened package; DomainError with a sentence when it is not what the player can play."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise DomainError(_("这个压缩包打不开，请重新打包后上传。")) from error
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise DomainError(_("压缩包里的文件太多或者太大：最多 5000 个文件，合计不超过 2 GB。"))
        self.entries = {entry.filename: entry for entry in entries if _is_fit(entry)}
        self.unfit = sorted(entry.filename for entry in entries if not _is_fit(entry))

    def open(self, name: str) -> tuple[BinaryIO, int, str]:
        """A file of the package, its size in bytes and its type; KeyError when it is not there."""
        entry = self.entries[name]
        return self._zip.open(entry), entry.file_size, TYPES[_suffix(name)]  # type: ignore[return-value]

    @property
    def index(self) -> str:
        """The playlist that the player opens first."""
        tops = [name for name in self.entries if name.endswith(".m3u8") and "/" not in name]
        if INDEX in tops or len(tops) == 1:
            return INDEX if INDEX in tops else tops[0]
        raise DomainError(_("压缩包最上层应有一个播放列表 index.m3u8。"))

    def playlist(self, name: str) -> list[str]:
        """The lines of a playlist."""
        entry = self.entries.get(name)
        if entry is None or entry.file_size > MOST_PLAYLIST:
            raise DomainError(_("播放列表“%s”不在压缩包里，或者过大。") % name)
        try:
            lines = self._zip.read(entry).decode("utf-8-sig").splitlines()
        except (UnicodeDecodeError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise DomainError(_("播放列表“%s”读不出来，请检查后重新打包。") % name) from error
        if not lines or lines[0].strip() != "#EXTM3U" or any(line.startswith(FORBIDDEN) for line in lines):
            raise DomainError(_("播放列表“%s”不符合要求：不能加密，也不能按字节分段。") % name)
        return [line.strip() for line in lines]

    def seconds(self) -> int:
        """How long the package plays, every playlist checked on the way."""
        if self.unfit:
            raise DomainError(_("压缩包里有不能播放的文件：%s。只放播放列表和分段。") % "、".join(self.unfit[:5]))
        index = self.index
        lines = self.playlist(index)
        named = self._named(index, lines)
        inner = [name for name in named if name.endswith(".m3u8")]
        lengths = [self._length(name, self.playlist(name)) for name in inner] or [self._length(index, lines)]
        return max(1, int(min(lengths)))

    def _named(self, playlist: str, lines: list[str]) -> list[str]:
        """What a playlist names, all of it in the package."""
        plain = [line for line in lines if line and not line.startswith("#")]
        tagged = [found.group(1) for line in lines if line.startswith("#") and (found := URI.search(line))]
        names = [normpath(join(dirname(playlist), name)) for name in [*plain, *tagged]]
        missing = sorted(set(names) - set(self.entries))
        if missing:
            raise DomainError(_("播放列表里的“%s”不在压缩包里。") % missing[0][:80])
        return names

    def _length(self, name: str, lines: list[str]) -> Decimal:
        self._named(name, lines)
        if "#EXT-X-ENDLIST" not in lines:
            raise DomainError(_("播放列表“%s”没有结尾，直播列表不能作为课时。") % name)
        try:
            spans = [Decimal(line[8:].split(",")[0]) for line in lines if line.startswith("#EXTINF:")]
            whole = sum(spans, Decimal(0))
        except InvalidOperation as error:
            raise DomainError(_("播放列表“%s”里的时长读不出来。") % name) from error
        if not whole.is_finite() or not 0 < whole < 360_000:
            raise DomainError(_("播放列表“%s”里的时长读不出来。") % name)
        return whole


def _suffix(name: str) -> str:
    return name[name.rfind(".") :].lower() if "." in name else ""


def _is_fit(entry: zipfile.ZipInfo) -> bool:
    """A file that the player may ask for: a known type, a plain path, not encrypted, not a bomb."""
    plain = entry.filename == normpath(entry.filename) and not entry.filename.startswith(("/", ".."))
    honest = entry.file_size <= MOST_RATIO * max(entry.compress_size, 1)
    known = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not entry.flag_bits & 1
    return plain and honest and known and "\\" not in entry.filename and _suffix(entry.filename) in TYPES


def seconds(file: BinaryIO) -> int | None:
    """Whole seconds, at least 1; None when the package cannot be played."""
    try:
        return Package(file).seconds()
    except DomainError:
        return None
