"""Into how many parts a short message is cut, by which it is paid."""

from __future__ import annotations

WHOLE = 70  # UTF-16 units of a message of one part
PART = 67  # of each part where there are more: three carry the order


def units(text: str) -> int:
    """UTF-16 units: two for a character outside the basic plane."""
    return len(text.encode("utf-16-le")) // 2


def segments(text: str, *, sign: str = "") -> int:
    """The parts of the text behind the provider's 【sign】; none for no text."""
    length = units(text) + (units(sign) + 2 if sign else 0)
    if not text:
        return 0
    return 1 if length <= WHOLE else -(-length // PART)
