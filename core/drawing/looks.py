"""How papers are set: letters by the measures of official documents, books and forms in the product's own hand."""

from __future__ import annotations

from dataclasses import dataclass

from core.drawing.ink import INK, SECONDARY
from core.drawing.parts import Look
from core.drawing.text import Style


@dataclass(frozen=True, slots=True)
class Setting:
    """The measures of a page in millimetres and the styles of its texts."""

    left: float
    width: float
    top: float
    bottom: float
    headings: tuple[Style, Style, Style]
    body: Style
    quiet: Style
    label: Style
    cell: Style
    head: Style
    gap: float  # between paragraphs
    running: bool  # head and foot lines on each page

    @property
    def right(self) -> float:
        return self.left + self.width


# 版心 156 × 225 mm, 3号 on 28 pt, 22 lines to a page: the measures offices are used to.
LETTER = Setting(
    left=28.0,
    width=156.0,
    top=37.0,
    bottom=262.0,
    headings=(
        Style("serif-bold", 22, INK, "center", leading=1.45),
        Style("sans-bold", 15, INK, leading=1.75),
        Style("serif-bold", 15, INK, leading=1.75),
    ),
    body=Style("serif", 15, INK, "justify", leading=1.75),
    quiet=Style("sans", 9.5, SECONDARY, leading=1.6),
    label=Style("sans", 11, SECONDARY, leading=1.5),
    cell=Style("sans", 11, INK, leading=1.45),
    head=Style("sans-bold", 10.5, SECONDARY, leading=1.4),
    gap=0.0,
    running=False,
)
BOOK = Setting(
    left=22.0,
    width=166.0,
    top=27.0,
    bottom=276.0,
    headings=(
        Style("serif-bold", 20, INK, "center", leading=1.45),
        Style("serif-bold", 15, INK, leading=1.5),
        Style("sans-bold", 11, INK, leading=1.6),
    ),
    body=Style("serif", 10.5, INK, "justify", leading=1.8),
    quiet=Style("sans", 8.5, SECONDARY, leading=1.65),
    label=Style("sans", 10, SECONDARY, leading=1.6),
    cell=Style("sans", 9.5, INK, leading=1.5),
    head=Style("sans-bold", 9, SECONDARY, leading=1.4),
    gap=1.2,
    running=True,
)
SETTINGS: dict[Look, Setting] = {"letter": LETTER, "book": BOOK}
