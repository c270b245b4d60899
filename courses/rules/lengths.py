"""How long a lesson counts: the length of its recording, the minutes its editor named, else the time to read it."""

from __future__ import annotations

import re

CHARACTERS_A_MINUTE = 300  # reading to understand, not skimming
WORDLESS = re.compile(r"<[^>]*>|&[a-z]+;|\s", re.IGNORECASE)


def reading_seconds(html: str) -> int:
    """Whole minutes that the text takes, in seconds: 300 characters a minute, tags and blanks not counted."""
    characters = len(WORDLESS.sub("", html))
    return -(-characters // CHARACTERS_A_MINUTE) * 60


def nominal_seconds(*, kind: str, recorded: int | None, minutes: int | None, text: str) -> int:
    """The length of a lesson in seconds, 0 where nothing is known.

    A course on another platform counts only what its editor named: that platform may count it as well.
    """
    if recorded:
        return recorded
    if minutes is not None:
        return minutes * 60
    return reading_seconds(text) if kind == "article" else 0
