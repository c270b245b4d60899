"""What an import would do: who each row is about, and whether its line is new, the same or changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.errors import DomainError
from core.spreadsheets.reader import read_workbook
from core.spreadsheets.tables import Table, find_table
from people.models import Posting, User
from people.roster.directory import directory
from people.roster.report import Finding
from people.roster.values import shown
from people.scopes import managed_condition
from records.importing.columns import COLUMNS, LABELS
from records.importing.rows import SAME, Row, read_row
from records.models import HourChange, HourEntry, ImportedHours
from records.permissions import OFFICE
from records.rules.duplicates import plain

MOST_ROWS = 10_000
BATCH = 500
NEW, UNCHANGED, CHANGED, WAITING, KEPT = "new", "unchanged", "changed", "waiting", "kept"


@dataclass
class Plan:
    """Every row with what will be done; bad rows are named and left out, the rest goes in."""

    source: str
    rows: list[Row]
    skipped: list[tuple[str, int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def of(self, *actions: str) -> list[Row]:
        return [row for row in self.rows if row.good and row.action in actions]

    def counts(self) -> dict[str, int]:
        found = Counter(row.action for row in self.rows if row.good)
        return {action: found[action] for action in (NEW, UNCHANGED, CHANGED, WAITING, KEPT)}

    @property
    def errors(self) -> list[Finding]:
        """One per bad row with all that is wrong in it."""
        return [_error(row) for row in self.rows if not row.good]

    @property
    def doubts(self) -> list[Finding]:
        return [_finding(row, key, why) for row in self.rows if row.good for key, why in row.doubts]

    def as_kept(self) -> dict[str, Any]:
        """Figures and findings for the database."""
        findings = {"errors": self.errors, "warnings": self.doubts}
        return {**self.counts(), "rows": len(self.rows)} | {
            name: [one.masked() for one in found] for name, found in findings.items()
        }


def plan(*, actor: User, source: str, name: str, data: bytes) -> Plan:
    """Read and check everything, write nothing. DomainError when the file as a whole cannot be used."""
    if not source.strip() or ":" in source:
        raise DomainError(_("请填写来源系统的名称，不要含有冒号。"))
    today = clock.today()
    book = read_workbook(name, data, max_rows=MOST_ROWS + 100)
    tables = _tables(book)
    units = directory(paths=None, today=today)
    rows = [read_row(table.sheet, row, units, today) for table in tables for row in table.rows]
    if not rows:
        raise DomainError(_("表头下面没有数据，请检查是否选错了文件。"), code="empty")
    if len(rows) > MOST_ROWS:
        raise DomainError(_("超过 %(n)s 行，请分成几个文件导入。") % {"n": MOST_ROWS}, code="too_many")
    found = Plan(source.strip(), rows)
    found.skipped = [(table.sheet, number, reason) for table in tables for number, reason in table.skipped]
    found.notes = _notes(tables)
    _refuse_repeated(rows)
    _find_people(rows, actor)
    _compare(rows, found.source)
    return found


def _tables(book: Any) -> list[Table]:
    """Every visible sheet that holds such a table; DomainError when there is none or a needed column is missing."""
    found, trouble = [], None
    for sheet in book.visible_sheets:
        if not sheet.grid:
            continue
        try:
            found.append(find_table(sheet, COLUMNS))
        except DomainError as problem:
            trouble = trouble or problem
    if not found:
        raise trouble or DomainError(_("文件里没有可读的工作表。"), code="no_sheet")
    for table in found:
        if table.missing:
            words = {"sheet": table.sheet, "columns": "、".join(column.label for column in table.missing)}
            raise DomainError(
                _("工作表“%(sheet)s”缺少这些列：%(columns)s。请对照模板补上后再上传。") % words, code="missing_columns"
            )
    return found


def _notes(tables: Sequence[Table]) -> list[str]:
    notes = []
    unknown = [label for table in tables for _place, label in table.unknown]
    if unknown:
        notes.append(_("没有用到的列：%(columns)s。") % {"columns": "、".join(dict.fromkeys(unknown))})
    skipped = Counter(str(reason) for table in tables for _row, reason in table.skipped)
    if skipped:
        words = "、".join(f"{reason} {number} 行" for reason, number in skipped.items())
        notes.append(_("跳过了%(words)s。") % {"words": words})
    return notes


def _refuse_repeated(rows: Sequence[Row]) -> None:
    """One number twice in a file: the later row is refused, whatever it says."""
    first: dict[str, Row] = {}
    for row in rows:
        if row.external_id and first.setdefault(row.external_id, row) is not row:
            other = first[row.external_id].source.number
            row.wrong("external_id", _("与第%(n)s行的外部编号相同，同一编号只能出现一次。") % {"n": other})


def _batches(values: Iterable[Any]) -> Iterable[list[Any]]:
    every = list(values)
    return (every[at : at + BATCH] for at in range(0, len(every), BATCH))


def _find_people(rows: Sequence[Row], actor: User) -> None:
    """Each row's person by work number, with the name as a check; and the unit held on the day."""
    people: dict[str, User] = {}
    for part in _batches({row.values["work_number"] for row in rows if row.good}):
        within = User.objects.filter(managed_condition(actor, OFFICE), work_number__in=part)
        people.update({user.work_number: user for user in within.only("pk", "work_number", "name", "unit_id")})
    for row in rows:
        if row.good:
            _settle_person(row, people.get(row.values["work_number"]), actor)
    _settle_units([row for row in rows if row.good], {user.pk: user for user in people.values()})


def _settle_person(row: Row, user: User | None, actor: User) -> None:
    if user is None:
        row.wrong("work_number", _("您的管理范围内没有这个工号，请核对。"))
    elif plain(user.name) != plain(row.values["name"]):
        row.wrong("name", _("与这个工号登记的姓名不一致，请核对工号和姓名。"))
    elif user.pk == actor.pk:
        row.wrong("work_number", _("不能给自己导入学时，请由其他人办理。"))
    else:
        row.user_id = user.pk


def _settle_units(rows: Sequence[Row], people: dict[int, User]) -> None:
    postings: dict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    for part in _batches({row.user_id for row in rows}):
        found = Posting.objects.filter(user__in=part).order_by("starts_on")
        for user_id, *held in found.values_list("user_id", "starts_on", "ends_on", "unit_id"):
            postings[user_id].append((held[0], held[1], held[2]))
    for row in rows:
        assert row.user_id is not None
        written = row.values.get("unit")
        held_then = _unit_on(postings[row.user_id], row.values["ends_on"])
        row.unit_id = written.pk if written else held_then or people[row.user_id].unit_id


def _unit_on(postings: Sequence[tuple[date, date | None, int]], day: date) -> int | None:
    return next((unit for first, last, unit in reversed(postings) if first <= day and (not last or last >= day)), None)


def _compare(rows: Sequence[Row], source: str) -> None:
    """New, the same, or another value; in a number of queries that grows with the file's hundreds alone."""
    known, waiting, refused = _known(rows, source)
    taken = _certificates(rows)
    for row in rows:
        if row.good:
            row.known = known.get(row.external_id)
            row.action = _action(row, waiting.get(row.external_id), refused.get(row.external_id, []))
        if row.good and row.action == NEW:
            _refuse_known_certificate(row, taken)


def _known(
    rows: Sequence[Row], source: str
) -> tuple[dict[str, ImportedHours], dict[str, HourChange], dict[str, list[HourChange]]]:
    known: dict[str, ImportedHours] = {}
    waiting: dict[str, HourChange] = {}
    refused: dict[str, list[HourChange]] = defaultdict(list)
    for part in _batches({row.external_id for row in rows if row.good}):
        lines = ImportedHours.objects.filter(source=source, external_id__in=part)
        known.update({x.external_id: x for x in lines.select_related("entry", "entry__reversed_by")})
        changes = HourChange.objects.filter(imported__source=source, imported__external_id__in=part)
        for change in changes.filter(state__in=("waiting", "refused")).select_related("imported"):
            if change.state == HourChange.State.WAITING:
                waiting[change.imported.external_id] = change
            else:
                refused[change.imported.external_id].append(change)
    return known, waiting, refused


def _action(row: Row, waiting: HourChange | None, refused: Sequence[HourChange]) -> str:
    known, line = row.known, row.line()
    if known is None:
        return NEW
    if known.entry.user_id != row.user_id:
        row.wrong("external_id", _("这个外部编号已登记在另一人名下，请核对。"))
    elif hasattr(known.entry, "reversed_by"):
        row.wrong("external_id", _("这笔学时导入后已经冲销，不再导入。"))
    elif says(known.entry, line):
        return UNCHANGED
    elif waiting is not None and says(waiting, line):
        return WAITING
    elif any(says(change, line) for change in refused):
        return KEPT
    return CHANGED


def says(row: HourEntry | HourChange, line: dict[str, Any]) -> bool:
    """The row holds these very values."""
    return all(getattr(row, name) == line[name] for name in SAME)


def _certificates(rows: Sequence[Row]) -> set[tuple[int, str, str]]:
    """Person, bucket and certificate number of what is credited already, from wherever it came."""
    found: set[tuple[int, str, str]] = set()
    for part in _batches({row.user_id for row in rows if row.good}):
        lines = HourEntry.objects.standing().filter(user__in=part).exclude(evidence_no="")
        found |= {(u, b, plain(no)) for u, b, no in lines.values_list("user_id", "bucket", "evidence_no")}
    return found


def _refuse_known_certificate(row: Row, taken: set[tuple[int, str, str]]) -> None:
    number = plain(row.values.get("certificate_no", ""))
    assert row.user_id is not None
    key = (row.user_id, row.values["bucket"], number)
    if number and key in taken:
        row.wrong("certificate_no", _("这个证书编号的学时已经计入，没有再导入。"))
    taken.add(key)


def _error(row: Row) -> Finding:
    (key, reason), *rest = sorted(row.problems.items(), key=lambda item: list(LABELS).index(item[0]))
    return _finding(row, key, reason + "".join(f"{LABELS[other]}：{words}" for other, words in rest))


def _finding(row: Row, key: str, reason: str) -> Finding:
    value = shown(row.source.cells[key]) if key in row.source.cells else ""
    return Finding(row.sheet, row.source.number, LABELS[key], value, reason)
