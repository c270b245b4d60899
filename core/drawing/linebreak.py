"""Where a line of Chinese text may end: no closing mark begins a line, no opening mark ends one, no number is split."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

OPENING = frozenset("（〔［｛《〈「『【〖“‘([{«￥¥$＄£€№#＃@")
CLOSING = frozenset("，。、；：？！）〕］｝》〉」』】〗”’…—～·•々ー％%‰℃°,.;:?!)]}»﹐﹑﹒﹔﹕﹖﹗－–")
HALF_BLANK_RIGHT = frozenset("，。、；：）〕］｝》〉」』】〗”’．")
HALF_BLANK_LEFT = frozenset("（〔［｛《〈「『【〖“‘")
CONNECTORS = frozenset("._-/@:+#&=?~',%‐‑")
UNITS = frozenset("年月日时分秒期号次天个名人班届岁元级项门课学周页")
SPACE = " "


@cache
def is_word(char: str) -> bool:
    """Say whether a character belongs to a Latin word or a number."""
    if "０" <= char <= "９" or "Ａ" <= char <= "Ｚ" or "ａ" <= char <= "ｚ":
        return True
    kind = unicodedata.category(char)
    return (kind[0] in "LM" or kind == "Nd") and unicodedata.east_asian_width(char) not in "WF"


def may_break(text: str, at: int) -> bool:
    """Say whether a line may end before ``text[at]``."""
    before, after = text[at - 1], text[at]
    last = text[:at].rstrip(SPACE)[-1:] if before == SPACE else before
    if after in CLOSING or last in OPENING or before == "\u00a0" or after == "\u00a0":
        return False
    if unicodedata.combining(after) or after == SPACE:
        return False
    return not _holds_together(text, at, before, after)


def _holds_together(text: str, at: int, before: str, after: str) -> bool:
    if is_word(before):
        if is_word(after) or (before.isdigit() and after in UNITS):
            return True
        return after in CONNECTORS and at + 1 < len(text) and is_word(text[at + 1])
    if is_word(after):
        if before in CONNECTORS:
            return at < 2 or text[at - 2] != SPACE
        return before == "第"
    return False


@dataclass(frozen=True, slots=True)
class Measured:
    """A text with the advance of each character and the size of an em, all in points."""

    text: str
    advances: Sequence[float]
    em: float

    def width(self, start: int, end: int) -> float:
        """Return the width of a part set as a line: a closing mark at its end takes half its room."""
        return sum(self.advances[start:end]) - (self.blank_after(end) if end > start else 0.0)

    def blank_after(self, end: int) -> float:
        """Return the blank half of a full-width closing mark that ends a line."""
        full = self.advances[end - 1] >= 0.9 * self.em
        return self.em / 2 if full and self.text[end - 1] in HALF_BLANK_RIGHT else 0.0


def break_lines(measured: Measured, measure: float, indent: float = 0.0) -> list[tuple[int, int]]:
    """Return the lines of a text as (start, end) pairs; ``indent`` is taken off each paragraph's first line.

    A newline ends a paragraph. A word wider than the whole measure is the only thing that is cut.
    """
    lines: list[tuple[int, int]] = []
    start = 0
    for paragraph in measured.text.split("\n"):
        end = start + len(paragraph)
        lines.extend(_break_paragraph(measured, start, end, measure, indent))
        start = end + 1
    return lines


def _break_paragraph(measured: Measured, start: int, end: int, measure: float, indent: float) -> list[tuple[int, int]]:
    lines = []
    first, room = start, measure - indent
    while start < end:
        cut = _next_cut(measured, start, end, room)
        lines.append((start, _without_spaces(measured.text, start, cut)))
        start = cut
        while start < end and measured.text[start] == SPACE:
            start += 1
        room = measure
    return lines or [(first, first)]


def _next_cut(measured: Measured, start: int, end: int, room: float) -> int:
    """Return where the line that begins at ``start`` ends."""
    text, width, best = measured.text, 0.0, start
    for at in range(start, end):
        if at > start and text[at] != SPACE and may_break(text, at):
            best = at
        width += measured.advances[at]
        if text[at] != SPACE and width - measured.blank_after(at + 1) > room + 1e-6:
            return best if best > start else _forced_cut(text, start, max(at, start + 1))
    return end


def _forced_cut(text: str, start: int, forced: int) -> int:
    """Cut an over-long word, still without a closing mark at the start or an opening one at the end of a line."""
    for at in range(forced, start, -1):
        if text[at : at + 1] not in CLOSING and text[at - 1] not in OPENING:
            return at
    return forced


def _without_spaces(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] == SPACE:
        end -= 1
    return end


def without_orphan(measured: Measured, lines: list[tuple[int, int]], least: float) -> list[tuple[int, int]]:
    """Return the lines with the last one at least ``least`` wide, if the line before can spare it."""
    if len(lines) < 2 or measured.width(*lines[-1]) >= least or "\n" in measured.text[lines[-2][1] : lines[-1][0]]:
        return lines
    (start, _), (_, end) = lines[-2], lines[-1]
    for at in range(lines[-1][0] - 1, start, -1):
        if may_break(measured.text, at) and measured.width(at, end) >= least:
            return [*lines[:-2], (start, _without_spaces(measured.text, start, at)), (at, end)]
    return lines
