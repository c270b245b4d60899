"""Cutting text into words that can be found: Chinese by characters and pairs, everything else by words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
IS_CJK = re.compile(f"[{CJK}]")
LONGEST_WORD = 64  # characters of a word that are kept
LONGEST_QUERY = 64  # characters of a query that are read


def plain(text: str) -> str:
    """One width, lower case, no accents: as a person would call two words the same."""
    apart = unicodedata.normalize("NFKD", text).lower()
    return unicodedata.normalize("NFKC", "".join(c for c in apart if unicodedata.category(c) != "Mn"))


def _coded(word: str) -> str:
    """Rare characters beyond the basic plane as their number: SQLite's tokeniser does not know them."""
    return "".join(c if ord(c) < 0x10000 else f"u{ord(c):x}" for c in word)


def _words(text: str, *, singles: bool) -> Iterator[str]:
    for run in RUN.findall(plain(text)):
        if not IS_CJK.match(run):
            yield _coded(run[:LONGEST_WORD])
            continue
        if singles or len(run) == 1:
            yield from map(_coded, run)
        yield from (_coded(run[i : i + 2]) for i in range(len(run) - 1))


def indexed(text: str) -> str:
    """The words under which a text is found, single characters among them."""
    return " ".join(_words(text, singles=True))


def asked(text: str) -> str:
    """The words of a query, each once; empty when it has none (marks, pictures, broken characters)."""
    return " ".join(dict.fromkeys(_words(text[:LONGEST_QUERY], singles=False)))
