"""Each row by itself and beside the others: what it says, what is wrong with it, what is doubtful."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.spreadsheets.cells import Cell
from core.spreadsheets.tables import TableRow
from people.idcard import IdNumber
from people.ranks import Regime, rank_fits, regime_of
from people.roster import tables
from people.roster.columns import LABELS
from people.roster.directory import Directory, UnitEntry
from people.roster.report import Finding, label_of
from people.roster.values import READERS, CellProblem, raw, refuse_computed, shown

REQUIRED = ("work_number", "name")
HAN_NAME = re.compile(r"^[㐀-鿿·]{2,}$")
LONG_NUMBER = re.compile(r"^\d{11}$|^\d{15}$|^\d{17}[\dXx]$")


@dataclass
class Person:
    """One row read: values by column, and what was found. Empty values mean that the file says nothing."""

    sheet: str
    row: TableRow
    values: dict[str, Any] = field(default_factory=dict)
    unit: UnitEntry | None = None
    manager: UnitEntry | None = None
    problems: dict[str, str] = field(default_factory=dict)
    doubts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.problems

    def wrong(self, key: str, reason: str) -> None:
        """Only the first problem of a cell counts."""
        self.problems.setdefault(key, reason)

    def get(self, key: str) -> Any:
        return self.values.get(key)


def read_person(sheet: str, row: TableRow, book: Directory, today: date) -> Person:
    """The row's values; problems and doubts are noted, nothing is raised."""
    person = Person(sheet, row)
    shifted = _shifted(row)
    if shifted:
        person.wrong(*shifted)
        return person
    for key in LABELS:
        if key in row.cells:
            _read_cell(person, key, row.cells[key], book, today)
    for key in REQUIRED:
        if key not in person.values:
            person.wrong(key, _("没有填写%(label)s。") % {"label": label_of(key)})
    _settle_unit(person, book)
    _settle_birth_and_gender(person)
    _doubt(person)
    return person


def _shifted(row: TableRow) -> tuple[str, str] | None:
    """Cells that moved one column: a name where the number belongs, a number where the name belongs."""
    number, name = row.text("work_number"), row.text("name")
    reason = _("这一行的内容整体错位：%(label)s一栏是“%(value)s”。请对齐各列。")
    if HAN_NAME.match(number) and not HAN_NAME.match(name):
        return "work_number", reason % {"label": label_of("work_number"), "value": number}
    if name and name.replace("-", "").isascii() and any(sign.isdigit() for sign in name):
        return "name", reason % {"label": label_of("name"), "value": name}
    identity, phone = row.text("id_number"), row.text("phone")
    if LONG_NUMBER.match(phone) and len(phone) > 11 and not LONG_NUMBER.match(identity):
        return "phone", reason % {"label": label_of("phone"), "value": phone}
    if re.match(r"^1[3-9]\d{9}$", identity) and not re.match(r"^1[3-9]\d{9}$", phone):
        return "id_number", reason % {"label": label_of("id_number"), "value": identity}
    return None


def _read_cell(person: Person, key: str, cell: Cell, book: Directory, today: date) -> None:
    try:
        refuse_computed(cell)
        if cell.is_blank or (key not in REQUIRED and tables.is_nothing(cell.text)):
            return
        if key in ("unit", "unit_code", "managed_by"):
            person.values[key] = book.find(cell.text)
        elif key in TABLES:
            _read_word(person, key, cell)
        elif key == "level":
            _read_level(person, cell, today)
        else:
            person.values[key] = READERS[key](cell, today)
    except CellProblem as problem:
        person.wrong(key, str(problem))


TABLES = {"ethnicity": tables.ethnicity_of, "political_status": tables.political_of}


def _read_word(person: Person, key: str, cell: Cell) -> None:
    """A word of a national table; another word is kept and doubted."""
    known = TABLES[key](cell.text)
    person.values[key] = known or " ".join(cell.text.split())[:20]
    if known is None:
        person.doubts.append((key, _("不在国家标准的%(label)s名称表中，请核对。") % {"label": label_of(key)}))


def _read_level(person: Person, cell: Cell, today: date) -> None:
    """Under 职务层次 some lists keep the post itself; without a column for posts it is taken for one."""
    if "post" not in person.row.cells and tables.level_of(cell.text) is None:
        person.values["post"] = READERS["post"](cell, today)
        person.doubts.append(("level", _("不是职务层次的名称，按职务登记。")))
        return
    person.values["level"] = READERS["level"](cell, today)


def _settle_unit(person: Person, book: Directory) -> None:
    by_name, by_code = person.get("unit"), person.get("unit_code")
    if by_name and by_code and by_name != by_code:
        person.wrong("unit_code", _("单位代码属于“%(unit)s”，与单位名称不一致。") % {"unit": by_code.name})
    person.unit = by_code or by_name
    written = "unit_code" if by_code and not by_name else "unit"
    if "unit" in person.problems or "unit_code" in person.problems:
        return
    if person.unit is None:
        person.wrong("unit", _("没有填写单位。"))
    elif not book.reaches(person.unit):
        person.wrong(written, _("“%(unit)s”不在您的管理范围内。") % {"unit": person.unit.name})
    else:
        person.manager = person.get("managed_by")


def default_manager(unit: UnitEntry, book: Directory, level: str, rank: str) -> UnitEntry:
    """County level and above are managed from the top of the unit's tree, everybody else by the unit itself."""
    return book.root(unit) if regime_of(level, rank) == Regime.SENIOR else unit


def _settle_birth_and_gender(person: Person) -> None:
    """The identity number says both; a birth date beside it must agree, a sex that differs is doubted."""
    identity: IdNumber | None = person.get("id_number")
    birth = person.values.pop("birth_date", None)
    if birth is not None:
        written, exact = birth
        if identity is None:
            if not exact and "id_number" not in person.problems:
                person.wrong("birth_date", _("没有身份证号时，出生日期须写到日，如 1985-06-01。"))
            person.values["birth_date"] = written
        elif not _agree(written, exact, identity.birth_date):
            words = {"born": f"{identity.birth_date:%Y%m%d}"}
            person.wrong("birth_date", _("与身份证号中的出生日期 %(born)s 不一致。") % words)
    if identity is not None:
        person.values["birth_date"] = identity.birth_date
        person.values.setdefault("gender", identity.gender)


def _agree(written: date, exact: bool, born: date) -> bool:
    return written == born if exact else (written.year, written.month) == (born.year, born.month)


def _doubt(person: Person) -> None:
    identity: IdNumber | None = person.get("id_number")
    if identity is not None and not identity.known_county:
        reason = _("身份证号前六位 %(code)s 不在现行或近年的县级行政区划代码中，请核对。")
        person.doubts.append(("id_number", reason % {"code": identity.number[:6]}))
    if identity is not None and person.get("gender") != identity.gender and "gender" not in person.problems:
        person.doubts.append(("gender", _("与身份证号第 17 位表示的性别不一致，请核对。")))
    if not rank_fits(person.get("level") or "", person.get("rank") or ""):
        person.doubts.append(("rank", _("职级与职务层次通常不这样对应，请核对。")))


def check_together(people: list[Person]) -> None:
    """What only shows beside the other rows: repeated values, leading zeros that a spreadsheet dropped."""
    _note_lost_zeros(people)
    for key, words in (
        ("work_number", _("工号")),
        ("id_number", _("身份证号")),
        ("phone", _("手机号")),
        ("email", _("邮箱")),
    ):
        _note_repeats(people, key, words)


def _note_repeats(people: Iterable[Person], key: str, words: str) -> None:
    first: dict[Any, Person] = {}
    for person in people:
        value = _comparable(person.get(key))
        if not value or key in person.problems:
            continue
        before = first.setdefault(value, person)
        if before is not person:
            where = {"what": words, "n": before.row.number, "sheet": before.sheet}
            same_sheet = before.sheet == person.sheet
            place = _("第 %(n)s 行") % where if same_sheet else _("工作表“%(sheet)s”第 %(n)s 行") % where
            person.wrong(key, _("%(what)s与%(place)s重复。") % {"what": words, "place": place})


def _comparable(value: Any) -> Any:
    if isinstance(value, IdNumber):
        return value.number
    return value.lower() if isinstance(value, str) else value


def _note_lost_zeros(people: list[Person]) -> None:
    """Work numbers kept as numbers that are shorter than their neighbours with leading zeros."""
    cells = [(person, person.row.cells["work_number"]) for person in people if "work_number" in person.row.cells]
    lengths = Counter(len(cell.text) for _person, cell in cells if cell.kind == "text" and cell.text.startswith("0"))
    if not lengths:
        return
    usual = lengths.most_common(1)[0][0]
    for person, cell in cells:
        if cell.kind == "number" and cell.text.isdigit() and len(cell.text) < usual:
            reason = _("工号前面的 0 可能丢失，应为 %(right)s？请设为文本后重填。")
            person.wrong("work_number", reason % {"right": cell.text.zfill(usual)})


def findings(people: Iterable[Person]) -> tuple[list[Finding], list[Finding]]:
    """Errors, one per bad row with all that is wrong in it, and the doubts about good rows."""
    errors, warnings = [], []
    for person in people:
        if person.problems:
            errors.append(_error(person))
        else:
            warnings += [_finding(person, key, reason) for key, reason in person.doubts]
    return errors, warnings


def _error(person: Person) -> Finding:
    (key, reason), *rest = sorted(person.problems.items(), key=lambda item: list(LABELS).index(item[0]))
    more = "".join(f"{label_of(other)}：{words}" for other, words in rest)
    return _finding(person, key, f"{reason}{more}")


def _finding(person: Person, key: str, reason: str) -> Finding:
    value = shown(person.row.cells[key]) if key in person.row.cells else ""
    return Finding(person.sheet, person.row.number, label_of(key), value, reason)


def original(person: Person, keys: Iterable[str]) -> list[str]:
    """The row's cells as they stood, for the workbook of refused rows."""
    return [raw(person.row.cells[key]) if key in person.row.cells else "" for key in keys]
