"""How long a video file runs, read from its own header."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

Box = tuple[bytes, int, int]  # kind, where its content begins, where it ends
MOST_BOXES = 1000


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places of the file; ends quietly at the first that makes no sense."""
    for _ in range(MOST_BOXES):
        file.seek(start)
        head = file.read(8)
        if start + 8 > end or len(head) < 8:
            return
        size, kind = struct.unpack(">I4s", head)
        content = start + 8
        if size == 1:
            size, content = struct.unpack(">Q", file.read(8).rjust(8, b"\0"))[0], start + 16
        size = size or end - start
        if size < content - start:
            return
        yield kind, content, min(start + size, end)
        start += size


def _inside(file: BinaryIO, kind: bytes, start: int, end: int) -> tuple[int, int] | None:
    return next(((low, high) for name, low, high in _boxes(file, start, end) if name == kind), None)


def seconds(file: BinaryIO) -> int | None:
    """Whole seconds, rounded down, at least 1; None when the file is no MP4 with a header."""
    end = file.seek(0, 2)
    movie = _inside(file, b"moov", 0, end)
    header = _inside(file, b"mvhd", *movie) if movie else None
    if not header:
        return None
    file.seek(header[0])
    raw = file.read(32)
    layout, skip = (">IQ", 20) if raw[:1] == b"\x01" else (">II", 12)
    if len(raw) < skip + struct.calcsize(layout):
        return None
    scale, duration = struct.unpack_from(layout, raw, skip)
    return max(1, duration // scale) if scale and duration else None
