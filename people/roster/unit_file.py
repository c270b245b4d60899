"""The file of units that may come with a roster: code, name, parent, uscc, valid_from, valid_to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.spreadsheets.reader import read_workbook
from core.spreadsheets.tables import TableRow, find_table_in
from people.models import Unit
from people.roster.columns import UNIT_COLUMNS, UNIT_LABELS
from people.roster.directory import Directory, UnitEntry
from people.roster.report import Finding
from people.roster.values import CellProblem, day, refuse_computed, shown
from people.services.units import clean_code, clean_unit_name, clean_uscc

MOST_UNITS = 5000


@dataclass(frozen=True)
class UnitRow:
    """One good row: the unit as it will be, and the unit above as it was written."""

    number: int
    entry: UnitEntry
    parent_text: str


@dataclass
class UnitPlan:
    """Units to make, those above first, and what was wrong."""

    new: list[UnitEntry]
    errors: list[Finding]
    warnings: list[Finding]


def plan_units(data: bytes, book: Directory) -> UnitPlan:
    """Check the file and add its new units to the directory; units already known stay as they are."""
    table = find_table_in(read_workbook(_("单位表"), data), UNIT_COLUMNS)
    if table.missing:
        words = "、".join(column.label for column in table.missing)
        raise DomainError(_("单位表缺少这些列：%(columns)s。") % {"columns": words}, code="missing_columns")
    if len(table.rows) > MOST_UNITS:
        raise DomainError(_("单位表超过 %(n)s 行，请分批导入。") % {"n": MOST_UNITS}, code="too_many")
    plan = UnitPlan([], [], [])
    rows = _read_rows(table.sheet, table.rows, plan)
    _place(table.sheet, rows, book, plan)
    return plan


def _finding(sheet: str, row: TableRow, key: str, reason: str) -> Finding:
    value = shown(row.cells[key]) if key in row.cells else ""
    return Finding(sheet, row.number, UNIT_LABELS[key], value, reason)


def _read_rows(sheet: str, rows: Sequence[TableRow], plan: UnitPlan) -> list[tuple[TableRow, UnitRow]]:
    good: list[tuple[TableRow, UnitRow]] = []
    first: dict[str, int] = {}
    for row in rows:
        problem = _read(row)
        if isinstance(problem, UnitRow) and problem.entry.code in first:
            reason = _("与第 %(n)s 行的单位代码重复。") % {"n": first[problem.entry.code]}
            plan.errors.append(_finding(sheet, row, "code", reason))
        elif isinstance(problem, UnitRow):
            first[problem.entry.code] = row.number
            good.append((row, problem))
        else:
            plan.errors.append(_finding(sheet, row, *problem))
    return good


def _read(row: TableRow) -> UnitRow | tuple[str, str]:
    """The row's unit, or the column with the first problem and its sentence."""
    key = "code"
    try:
        for key, cell in row.cells.items():  # noqa: B007 - key names the cell in the finding
            refuse_computed(cell)
        key = "code"
        code = clean_code(row.text("code"))
        key = "name"
        name = clean_unit_name(row.text("name"))
        key = "uscc"
        uscc = clean_uscc(row.text("uscc")) or ""
        key = "valid_from"
        begins = _day(row, "valid_from")
        key = "valid_to"
        ends = _day(row, "valid_to")
        if begins and ends and ends < begins:
            raise CellProblem(_("撤销日期早于设立日期。"))
    except DomainError as problem:
        return key, problem.message
    except CellProblem as problem:
        return key, str(problem)
    entry = UnitEntry(code=code, name=name, uscc=uscc, valid_from=begins, valid_to=ends)
    return UnitRow(row.number, entry, row.text("parent"))


def _day(row: TableRow, key: str) -> date | None:
    return day(row.cells[key])[0] if row.text(key) else None


def _place(sheet: str, rows: list[tuple[TableRow, UnitRow]], book: Directory, plan: UnitPlan) -> None:
    """Hang each new unit below its parent, whichever order the rows stand in."""
    waiting = []
    for raw, row in rows:
        if row.entry.code in book.entries:
            _compare(sheet, raw, row, book, plan)
        else:
            waiting.append((raw, row))
    names = _names(row for _raw, row in waiting)
    while waiting:
        ready = [(raw, row) for raw, row in waiting if _parent_ready(row, names, book)]
        if not ready:
            break
        for raw, row in ready:
            _hang(sheet, raw, row, names, book, plan)
        waiting = [pair for pair in waiting if pair not in ready]
    for raw, row in waiting:
        reason = _("没有上级单位“%(name)s”，或者上下级互相循环。") % {"name": row.parent_text}
        plan.errors.append(_finding(sheet, raw, "parent", reason))


def _names(rows: object) -> dict[str, str]:
    """Name → code of the file's own units, for parents written by name."""
    return {row.entry.name: row.entry.code for row in rows}  # type: ignore[attr-defined]


def _parent_ready(row: UnitRow, names: dict[str, str], book: Directory) -> bool:
    if not row.parent_text or row.parent_text in book.entries:
        return True
    if row.parent_text in names:
        return names[row.parent_text] in book.entries
    try:
        book.find(row.parent_text)
    except CellProblem:
        return False
    return True


def _hang(sheet: str, raw: TableRow, row: UnitRow, names: dict[str, str], book: Directory, plan: UnitPlan) -> None:
    parent = ""
    if row.parent_text:
        code = names.get(row.parent_text, row.parent_text)
        parent = code if code in book.entries else book.find(row.parent_text).code
    entry = replace(row.entry, parent=parent)
    taken = next((e for e in book.entries.values() if entry.uscc and e.uscc == entry.uscc), None)
    if taken is not None:
        reason = _("这个统一社会信用代码已登记在“%(unit)s”名下。") % {"unit": taken.name}
        plan.errors.append(_finding(sheet, raw, "uscc", reason))
    elif not book.reaches(entry):
        reason = _("上级单位不在您的管理范围内。") if parent else _("没有填写上级单位。最上级单位在安装系统时建立。")
        plan.errors.append(_finding(sheet, raw, "parent", reason))
    else:
        book.add(entry)
        plan.new.append(entry)


def _compare(sheet: str, raw: TableRow, row: UnitRow, book: Directory, plan: UnitPlan) -> None:
    known = book.entries[row.entry.code]
    if known.name != row.entry.name:
        reason = _("系统中这个代码的单位是“%(name)s”，保留原名。单位更名请在“单位”里办理。") % {"name": known.name}
        plan.warnings.append(_finding(sheet, raw, "name", reason))


def make_units(entries: Sequence[UnitEntry]) -> dict[str, Unit]:
    """Create the planned units, those above first; code → unit."""
    made: dict[str, Unit] = {}
    for entry in entries:
        values = {
            "code": entry.code,
            "name": entry.name,
            "uscc": entry.uscc or None,
            "valid_from": entry.valid_from,
            "valid_to": entry.valid_to,
        }
        if entry.parent:
            parent = made.get(entry.parent) or Unit.objects.get(code=entry.parent)
            made[entry.code] = Unit.objects.get(pk=parent.pk).add_child(**values)
        else:
            made[entry.code] = Unit.add_root(**values)
    return made
