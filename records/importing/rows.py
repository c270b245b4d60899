"""One row of the file as values; what is wrong with it is a sentence about a cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from core.spreadsheets.cells import Cell
from core.spreadsheets.tables import TableRow
from people.roster.directory import Directory, UnitEntry
from people.roster.values import CellProblem, day, refuse_computed, work_number
from records.importing.columns import CHOICES, LABELS, REQUIRED
from records.models import Category, Mode

MOST_DAYS, MOST_HOURS = Decimal(400), Decimal(3000)
SAME = ("bucket", "category", "mode", "days", "hours", "earned_on", "label", "evidence_no")
USUAL_MODE = {"central": Mode.OFF_JOB, "online": Mode.ONLINE, "basic": Mode.OTHER_CENTRAL}


@dataclass
class Row:
    """A row read: values by column, then the person it is about and what has to be done."""

    sheet: str
    source: TableRow
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    user_id: int | None = None
    unit_id: int | None = None
    action: str = ""
    known: Any = None

    @property
    def good(self) -> bool:
        return not self.problems

    @property
    def external_id(self) -> str:
        return str(self.values.get("external_id", ""))

    def wrong(self, key: str, reason: str) -> None:
        """Only the first problem of a cell counts."""
        self.problems.setdefault(key, reason)

    def line(self) -> dict[str, Any]:
        """What a credited line says, by its fields."""
        title, organiser = self.values["title"], self.values.get("organiser", "")
        label = f"{title}（{organiser}）" if organiser else title
        return {
            "bucket": self.values["bucket"],
            "category": self.values.get("category", Category.OTHER),
            "mode": self.values.get("mode", USUAL_MODE[self.values["bucket"]]),
            "days": self.values.get("days", Decimal(0)),
            "hours": self.values.get("hours", Decimal(0)),
            "earned_on": self.values["ends_on"],
            "label": label[:120],
            "evidence_no": self.values.get("certificate_no") or self.external_id,
        }


def read_row(sheet: str, source: TableRow, units: Directory, today: date) -> Row:
    """The row's values, the unit as it stood on its day; problems are noted, nothing is raised."""
    row = Row(sheet, source)
    for key in sorted(source.cells, key=lambda name: name == "unit"):
        cell = source.cells[key]
        try:
            refuse_computed(cell)
            if not cell.is_blank:
                row.values[key] = _unit(units, cell, row, today) if key == "unit" else READERS[key](cell, today)
        except CellProblem as problem:
            row.wrong(key, str(problem))
    for key in REQUIRED:
        if key not in row.values:
            row.wrong(key, _("没有填写%(label)s。") % {"label": LABELS[key]})
    _check_together(row)
    return row


def _unit(units: Directory, cell: Cell, row: Row, today: date) -> UnitEntry:
    units.today = row.values.get("ends_on", today)
    return units.find(cell.text)


def _check_together(row: Row) -> None:
    first, last = row.values.get("starts_on"), row.values.get("ends_on")
    if first and last and last < first:
        row.wrong("ends_on", _("结束日期早于开始日期，请核对。"))
    if first and last and first.year != last.year:
        row.wrong("starts_on", _("跨年度的培训请按年度拆成两行，各用一个外部编号。"))
    if not {"days", "hours"} & row.problems.keys() and not (row.values.get("days") or row.values.get("hours")):
        row.wrong("hours", _("天数和学时至少填写一项。"))


def _text(most: int) -> Callable[[Cell, date], str]:
    def read(cell: Cell, today: date) -> str:
        if cell.imprecise:
            raise CellProblem(_("编号太长，显示成了科学计数，末尾几位已经丢失。请把这一列设为文本后重新填写。"))
        words = " ".join(cell.text.split())
        if len(words) > most:
            raise CellProblem(_("超过 %(n)s 个字，请缩短。") % {"n": most})
        if not words.isprintable():
            raise CellProblem(_("含有看不见的字符，请重新输入。"))
        return words

    return read


def _past_day(cell: Cell, today: date) -> date:
    found, exact = day(cell)
    if not exact:
        raise CellProblem(_("只有年月，请写明是哪一天，如 2026-09-01。"))
    if found > today:
        raise CellProblem(_("日期晚于今天，请核对。"))
    return found


def _number(most: Decimal) -> Callable[[Cell, date], Decimal]:
    def read(cell: Cell, today: date) -> Decimal:
        try:
            value = Decimal(cell.text)
        except InvalidOperation:
            raise CellProblem(_("请填写数字，例如 40 或 2.5。")) from None
        if not value.is_finite() or value != value.quantize(Decimal("0.01")):
            raise CellProblem(_("请填写数字，最多两位小数。"))
        if not 0 <= value <= most:
            raise CellProblem(_("应在 0 和 %(n)s 之间，请核对。") % {"n": most})
        return value

    return read


def _choice(choices: type[TextChoices]) -> Callable[[Cell, date], str]:
    def read(cell: Cell, today: date) -> str:
        words = {str(label): value for value, label in choices.choices}
        short = {word.removesuffix("培训"): value for word, value in words.items()}
        found = words.get(cell.text) or short.get(cell.text)
        if found is None:
            raise CellProblem(_("可填：%(words)s。") % {"words": "、".join(words)})
        return str(found)

    return read


READERS: dict[str, Callable[[Cell, date], Any]] = {
    "external_id": _text(60),
    "work_number": work_number,
    "name": _text(50),
    "title": _text(80),
    "organiser": _text(36),
    "starts_on": _past_day,
    "ends_on": _past_day,
    "days": _number(MOST_DAYS),
    "hours": _number(MOST_HOURS),
    "certificate_no": _text(80),
    **{key: _choice(choices) for key, choices in CHOICES.items()},
}
