"""What a sheet holds once it is read: values with their place, and what is doubtful about them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Literal

Value = str | float | int | bool | date | datetime | time | None
Kind = Literal["blank", "text", "number", "date", "time", "flag", "error"]
Place = tuple[int, int]  # row and column, both from 1

EXACT_LIMIT = 10**15  # spreadsheets keep 15 digits: a longer number has lost its last ones
SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d{2}$")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def column_letters(column: int) -> str:
    """1 → A, 28 → AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its place, its typed value, whether it is computed, and whether digits were lost."""

    row: int
    column: int
    value: Value
    kind: Kind
    formula: bool = False
    merged: bool = False

    @property
    def label(self) -> str:
        """B3."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def is_blank(self) -> bool:
        return self.kind == "blank"

    @property
    def imprecise(self) -> bool:
        """A number of more than 15 digits, or the text 1.10101E+17: the last digits are lost."""
        if self.kind == "number":
            return isinstance(self.value, (int, float)) and abs(self.value) >= EXACT_LIMIT
        return self.kind == "text" and bool(SCIENTIFIC.match(str(self.value).strip()))

    @property
    def text(self) -> str:
        """The value as a person would type it: no .0, dates as 2026-11-23, our own formula guard taken off."""
        return as_text(self.value)


def as_text(value: Value) -> str:
    """See ``Cell.text``; surrounding spaces, also the wide one, are dropped."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return _unguarded(str(value)).strip()


def _unguarded(words: str) -> str:
    return words[1:] if words.startswith("'") and words[1:].startswith(FORMULA_STARTS) else words


def kind_of(value: Value) -> Kind:
    if value is None or (isinstance(value, str) and not value.strip()):
        return "blank"
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, (datetime, date)):
        return "date"
    return "time" if isinstance(value, (time, timedelta)) else "text"


@dataclass
class Sheet:
    """A grid read into memory; ``cell`` and ``row`` count from 1 and know no outside: beyond is blank."""

    name: str
    grid: list[list[Value]]
    formulas: frozenset[Place] = frozenset()
    errors: frozenset[Place] = frozenset()
    merges: list[tuple[Place, Place]] = field(default_factory=list)
    hidden: bool = False
    _covered: dict[Place, Place] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        bottom, right = self.height, self.width
        for first, last in self.merges:
            for row in range(first[0], min(last[0], bottom) + 1):
                for column in range(first[1], min(last[1], right) + 1):
                    self._covered[row, column] = first

    @cached_property
    def height(self) -> int:
        """The last row with a value, or with a formula that was saved without one."""
        return max(len(self.grid), max((row for row, _ in self.formulas | self.errors), default=0))

    @cached_property
    def width(self) -> int:
        computed = (column for _, column in self.formulas | self.errors)
        return max(max(map(len, self.grid), default=0), max(computed, default=0))

    def cell(self, row: int, column: int) -> Cell:
        """The cell at the place as it lies there: of a merged range only the first holds the value."""
        values = self.grid[row - 1] if 0 < row <= len(self.grid) else []
        value = values[column - 1] if 0 < column <= len(values) else None
        place = (row, column)
        kind: Kind = "error" if place in self.errors else kind_of(value)
        return Cell(row, column, value, kind, place in self.formulas, place in self._covered)

    def spread_cell(self, row: int, column: int) -> Cell:
        """The cell with the value of the merged range that covers it."""
        first = self._covered.get((row, column))
        if first is None or first == (row, column):
            return self.cell(row, column)
        there = self.cell(*first)
        return Cell(row, column, there.value, there.kind, there.formula, merged=True)

    def row(self, number: int) -> list[Cell]:
        return [self.cell(number, column) for column in range(1, self.width + 1)]

    def rows(self) -> list[list[Cell]]:
        return [self.row(number) for number in range(1, self.height + 1)]


@dataclass
class Workbook:
    """The sheets of a file in their order; hidden ones are marked."""

    name: str
    sheets: list[Sheet]

    @property
    def visible_sheets(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if not sheet.hidden]
