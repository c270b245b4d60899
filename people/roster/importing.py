"""The two acts of an import: look (``preview``) and do (``commit``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import Conflict, DomainError
from core.spreadsheets.cells import Sheet, Workbook
from core.spreadsheets.reader import read_workbook
from core.spreadsheets.tables import Table, TableRow, find_table
from people.authority import OFFICE, is_installer, require_role
from people.models import User
from people.roster import check
from people.roster.columns import COLUMNS, LABELS, UNIT, UNIT_CODE
from people.roster.directory import Directory, UnitEntry, directory
from people.roster.plan import Step, plan
from people.roster.report import Finding, RosterReport
from people.roster.unit_file import make_units, plan_units
from people.roster.writing import keys_of_units, write
from people.scopes import grant_paths

MOST_ROWS = 10_000


@dataclass
class Source:
    """What a report was made from, for the commit and for the workbook of refused rows."""

    people: list[check.Person]
    new_units: list[UnitEntry]
    unit_errors: list[Finding]
    unit_warnings: list[Finding]
    keys: list[str]
    synthetic: bool = False
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Headings:
    """What a file's heading row says, for mapping columns by hand."""

    sheet: str
    header_row: int
    found: dict[str, int]
    headings: list[tuple[int, str]]
    missing: list[str]


def headings(*, name: str, data: bytes) -> Headings:
    """The columns that were recognised and all that there are; DomainError when the file cannot be read.

    Where no row looks like a heading, the first row with anything in it is offered.
    """
    book = read_workbook(name, data)
    try:
        sheet, table = _tables(book, None)[0]
    except DomainError:
        sheet = next(sheet for sheet in [*book.visible_sheets, *book.sheets] if sheet.grid)
        first = next(row for row in range(1, sheet.height + 1) if any(not c.is_blank for c in sheet.row(row)))
        table = find_table(sheet, COLUMNS, header_row=first)
    names = [(place, cell.text) for place, cell in enumerate(sheet.row(table.header_row), 1) if cell.text]
    return Headings(table.sheet, table.header_row, table.columns, names, _missing(table))


def preview(
    *,
    actor: User,
    name: str,
    data: bytes,
    mapping: Mapping[str, int] | None = None,
    units: bytes | None = None,
    synthetic: bool = False,
) -> RosterReport:
    """Read and check everything, write nothing. DomainError when the file as a whole cannot be used.

    ``mapping`` gives columns by hand (key → column from 1, and ``header_row`` where the heading was not found);
    ``units`` is a file of units to be made first.
    """
    require_role(actor, *OFFICE)
    today = clock.today()
    book = directory(paths=None if is_installer(actor) else grant_paths(actor, OFFICE), today=today)
    unit_plan = plan_units(units, book) if units is not None else None
    workbook = read_workbook(name, data)
    found = _tables(workbook, mapping)
    people, skipped = _people(found, book, today)
    source = Source(
        people,
        unit_plan.new if unit_plan else [],
        unit_plan.errors if unit_plan else [],
        unit_plan.warnings if unit_plan else [],
        keys=list(found[0][1].columns),
        synthetic=synthetic,
    )
    source.steps = plan(people, book, actor, today)
    report = _report(name, source)
    report.skipped = skipped
    report.notes = _notes(workbook, found, skipped)
    return report


def _tables(book: Workbook, mapping: Mapping[str, int] | None) -> list[tuple[Sheet, Table]]:
    """Every visible sheet that holds a roster; DomainError when there is none or a needed column is missing."""
    found, trouble = [], None
    by_hand = {key: place for key, place in (mapping or {}).items() if key in LABELS}
    header_row = (mapping or {}).get("header_row")
    for sheet in book.visible_sheets:
        if not sheet.grid:
            continue
        try:
            found.append((sheet, find_table(sheet, COLUMNS, mapping=by_hand, header_row=header_row)))
        except DomainError as problem:
            trouble = trouble or problem
    if not found:
        raise trouble or DomainError(_("文件里没有可读的工作表。"), code="no_sheet")
    whole = [(sheet, table) for sheet, table in found if not _missing(table)]
    return whole or found[:1]


def _missing(table: Table) -> list[str]:
    missing = [column.label for column in table.missing]
    if not {UNIT.key, UNIT_CODE.key} & table.columns.keys():
        missing.append(UNIT.label)
    return missing


def _people(
    found: Sequence[tuple[Sheet, Table]], book: Directory, today: date
) -> tuple[list[check.Person], list[tuple[str, int, str]]]:
    people: list[check.Person] = []
    skipped: list[tuple[str, int, str]] = []
    for sheet, table in found:
        missing = _missing(table)
        if missing:
            words = {"sheet": sheet.name, "columns": "、".join(missing)}
            raise DomainError(
                _("工作表“%(sheet)s”缺少这些列：%(columns)s。请补上，或手工指定各列。") % words, code="missing_columns"
            )
        rows, banners = _without_banners(sheet, table)
        skipped += [(sheet.name, number, reason) for number, reason in [*table.skipped, *banners]]
        if len(people) + len(rows) > MOST_ROWS:
            raise DomainError(_("名单超过 %(n)s 行，请分成几个文件导入。") % {"n": MOST_ROWS}, code="too_many")
        people += [check.read_person(sheet.name, row, book, today) for row in rows]
    if not people:
        raise DomainError(_("表头下面没有人员，请检查是否选错了文件。"), code="empty")
    check.check_together(people)
    return people, skipped


def _without_banners(sheet: Sheet, table: Table) -> tuple[list[TableRow], list[tuple[int, str]]]:
    """Rows that are one merged cell across the table are headings in between."""
    wide = {first[0] for first, last in sheet.merges if last[1] > first[1]}
    rows, banners = [], []
    for row in table.rows:
        alone = [cell for cell in sheet.row(row.number) if not cell.is_blank]
        if row.number in wide and len(alone) == 1:
            banners.append((row.number, _("标题行")))
        else:
            rows.append(row)
    return rows, banners


def _report(name: str, source: Source) -> RosterReport:
    errors, warnings = check.findings(source.people)
    counts = Counter(step.action for step in source.steps)
    return RosterReport(
        file_name=name,
        rows=len(source.people),
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        errors=[*source.unit_errors, *errors],
        warnings=[*source.unit_warnings, *warnings],
        new_units=len(source.new_units),
        user_ids=[step.user.pk for step in source.steps if step.user and step.user.pk],
        source=source,
    )


def _notes(book: Workbook, found: Sequence[tuple[Sheet, Table]], skipped: Sequence[Any]) -> list[str]:
    """What the person should know about how the file was read."""
    notes = []
    if len(book.visible_sheets) > 1:
        used = "、".join(sheet.name for sheet, _table in found)
        notes.append(_("读取的工作表：%(sheets)s。") % {"sheets": used})
    if skipped:
        kinds = Counter(str(reason) for _sheet, _row, reason in skipped)
        words = "、".join(f"{reason} {number} 行" for reason, number in kinds.items())
        notes.append(_("跳过了%(words)s。") % {"words": words})
    unknown = [label for _sheet, table in found for _place, label in table.unknown]
    if unknown:
        notes.append(_("没有用到的列：%(columns)s。") % {"columns": "、".join(dict.fromkeys(unknown))})
    if not any("managed_by" in table.columns for _sheet, table in found):
        notes.append(
            _(
                "名单没有“干部管理机构”一列：新增的县处级及以上、四级调研员及以上人员由最上级单位管理，其他人员由所在单位管理。"
            )
        )
    return notes


def commit(*, actor: User, report: RosterReport) -> RosterReport:
    """Do what the preview showed, in one transaction: good rows whole, bad rows not at all.

    Conflict when somebody changed the people in between so that an accepted row would now be refused.
    """
    source: Source | None = report.source
    if source is None:
        raise DomainError(_("请先预览名单，再确认导入。"), code="no_preview")
    require_role(actor, *OFFICE)
    try:
        with transaction.atomic():
            return _commit(actor, report, source)
    except IntegrityError as taken:
        raise Conflict(_("导入时有人同时改动了人员或单位，什么都没有写入。请重新预览。")) from taken


def _commit(actor: User, report: RosterReport, source: Source) -> RosterReport:
    today = clock.today()
    refused_before = sum(not person.good for person in source.people)
    new_units = _still_new(source.new_units)
    make_units(new_units)
    book = directory(paths=None if is_installer(actor) else grant_paths(actor, OFFICE), today=today)
    _refresh_units(source.people, book)
    source.steps = plan(source.people, book, actor, today, lock=True)
    if sum(not person.good for person in source.people) != refused_before:
        raise Conflict(_("预览之后人员或单位有了变动，有的行现在不能导入。什么都没有写入，请重新预览。"))
    codes = {code for step in source.steps for code in _codes(step)}
    units = keys_of_units(codes)
    write(source.steps, actor=actor, units=units, today=today, file=report.file_name, synthetic=source.synthetic)
    done = _report(report.file_name, source)
    done.committed, done.notes, done.skipped, done.new_units = True, report.notes, report.skipped, len(new_units)
    data = {"file": report.file_name, "created": done.created, "updated": done.updated}
    log(instance=actor, action="people.roster_committed", user=actor, data=data)
    return done


def _still_new(entries: Sequence[UnitEntry]) -> list[UnitEntry]:
    there = keys_of_units(entry.code for entry in entries)
    return [entry for entry in entries if entry.code not in there]


def _refresh_units(people: Sequence[check.Person], book: Directory) -> None:
    """Units that the preview only planned have their keys now."""
    for person in people:
        if person.unit is not None:
            person.unit = book.entries.get(person.unit.code, person.unit)
        if person.manager is not None:
            person.manager = book.entries.get(person.manager.code, person.manager)


def _codes(step: Step) -> set[str]:
    codes = {step.person.unit.code if step.person.unit else "", step.manager_code}
    return {code for code in codes if code}
