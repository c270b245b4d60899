"""What a paper consists of, as plain values: the same parts are drawn as PDF and written as a Word document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.drawing.tables import Column
from core.drawing.text import Align

Look = Literal["letter", "book"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is the title of the paper, 1 a chapter, 2 a heading within it."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``indent`` of its first line in ems, ``before`` millimetres above it, ``quiet`` for explanations."""

    text: str
    align: Align = "justify"
    indent: float = 2.0
    quiet: bool = False
    keep: bool = False
    before: float = 0.0


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, one below the other."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A list whose head stands again on each page; without rows the sentence ``empty``."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "没有内容。"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a form: ``span`` columns wide; a label is set in grey, in the middle."""

    text: str = ""
    span: int = 1
    label: bool = False
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a form, at least ``height`` millimetres high; ``foot`` stands at the right end of its last cell."""

    cells: tuple[Cell, ...]
    height: float = 10.0
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A ruled form; ``shares`` are the widths of its columns as parts of one."""

    shares: tuple[float, ...]
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """Who signs and when, at the right below a letter."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutLine:
    """A line to cut along; what follows up to the next break stays together below it."""

    words: str = "沿此线剪下"


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover page."""

    eyebrow: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...] = ()
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The chapters of the section with their pages."""

    title: str = "目录"


Part = Heading | Paragraph | Facts | Table | Form | Closing | CutLine | NewPage | Cover | Contents


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document with page numbers of its own: one unit's letter, one member's form."""

    parts: tuple[Part, ...]
    head: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper; ``look`` letter is set as official letters are, book as handbooks, lists and forms."""

    title: str
    sections: tuple[Section, ...]
    look: Look = "book"
    author: str = ""
    created: date | None = None


def chapters(parts: Sequence[Part]) -> list[str]:
    """Return the titles of the chapters in order."""
    return [part.text for part in parts if isinstance(part, Heading) and part.level == 1]


def page_runs(parts: Sequence[Part]) -> list[list[Part]]:
    """Split parts where a new page begins; a cover and the contents have pages of their own."""
    runs: list[list[Part]] = [[]]
    for part in parts:
        if isinstance(part, NewPage):
            runs.append([])
        elif isinstance(part, Cover | Contents):
            runs.extend([[part], []])
        else:
            runs[-1].append(part)
    return [run for run in runs if run]
