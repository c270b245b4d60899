"""Which bytes of a file a player asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

SINGLE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class ByteRange:
    """From ``first`` to ``last``, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(ValueError):
    """The file has no such bytes."""


def wanted(header: str, size: int) -> ByteRange | None:
    """The one range asked for; None for the whole file (no, several or an unreadable range)."""
    match = SINGLE.fullmatch(header.replace(" ", ""))
    if not match or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if first == "":
        return _last_bytes(int(last), size)
    begin, end = int(first), min(int(last) if last else size - 1, size - 1)
    if last and int(last) < begin:
        return None
    if begin >= size:
        raise Unsatisfiable(header)
    return ByteRange(begin, end)


def _last_bytes(count: int, size: int) -> ByteRange:
    if count == 0 or size == 0:
        raise Unsatisfiable(count)
    return ByteRange(max(0, size - count), size - 1)
