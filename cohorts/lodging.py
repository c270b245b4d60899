"""A list of rooms and meals as offices write it: which row is whose, and why a row cannot be taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.spreadsheets.reader import read_workbook
from core.spreadsheets.tables import Column, TableRow, find_table_in

COLUMNS = (
    Column("work_number", "工号", ("人员编号", "编号", "登录名"), required=True),
    Column("name", "姓名", ("学员", "学员姓名")),
    Column("room", "房间", ("房号", "房间号", "宿舍", "宿舍号")),
    Column("bed", "床位", ("床号", "床位号")),
    Column("meal", "用餐", ("餐饮", "饮食", "用餐要求", "饮食要求")),
    Column("allergy", "忌口或过敏", ("忌口", "过敏", "过敏原", "饮食禁忌")),
    Column("note", "备注"),
)
MEALS = {"": "usual", "无": "usual", "无特殊要求": "usual", "普通": "usual", "清真": "halal", "素食": "vegetarian"}
LONGEST = {"room": 20, "bed": 10, "allergy": 60, "note": 100}
MOST_ROWS = 1000


@dataclass(frozen=True)
class Stay:
    """A row as it will be kept; ``row`` is its place in the list."""

    row: int
    work_number: str
    name: str
    room: str
    bed: str
    meal: str
    allergy: str
    note: str

    @property
    def values(self) -> dict[str, str]:
        return {key: getattr(self, key) for key in ("room", "bed", "meal", "allergy", "note")}


@dataclass(frozen=True)
class Problem:
    """A row that cannot be taken, and what to do about it."""

    row: int
    reason: str


def pasted(text: str) -> bytes:
    """Rows copied from a spreadsheet, as a file: cells are parted by tabs or commas."""
    lines = [line for line in text.splitlines() if line.strip()]
    parted = "\t" if any("\t" in line for line in lines) else ","
    out = io.StringIO()
    csv.writer(out).writerows(csv.reader(lines, delimiter=parted))
    return out.getvalue().encode("utf-8-sig", "replace")


def read_stays(name: str, data: bytes, members: Mapping[str, str]) -> tuple[list[Stay], list[Problem]]:
    """The rows of a list and those that cannot be taken; ``members`` are names by work number in capitals."""
    table = find_table_in(read_workbook(name, data, max_rows=MOST_ROWS), COLUMNS)
    if table.missing:
        labels = "、".join(column.label for column in table.missing)
        raise DomainError(
            _("名单里没有“%(labels)s”一列，请补上后再导入。") % {"labels": labels}, code="missing_columns"
        )
    stays, problems = [], []
    numbers: dict[str, int] = {}
    beds: dict[tuple[str, str], int] = {}
    for row in table.rows:
        stay = _stay(row)
        reason = _reason(stay, row, members) or _twice(stay, numbers, beds)
        if reason:
            problems.append(Problem(row.number, reason))
        else:
            stays.append(stay)
    return stays, problems


def _stay(row: TableRow) -> Stay:
    text = {column.key: row.text(column.key) for column in COLUMNS}
    return Stay(
        row=row.number, **{**text, "work_number": text["work_number"].upper(), "meal": MEALS.get(text["meal"], "")}
    )


def _reason(stay: Stay, row: TableRow, members: Mapping[str, str]) -> str:
    if stay.work_number not in members:
        return _("本班没有工号“%(number)s”的在班学员，请核对工号。") % {"number": stay.work_number[:32]}
    if stay.name and stay.name != members[stay.work_number]:
        return _("工号与姓名不一致：这个工号是%(name)s。") % {"name": members[stay.work_number]}
    if not stay.meal:
        return _("用餐只能填：无特殊要求、清真、素食。")
    if stay.bed and not stay.room:
        return _("填了床位就要填房间。")
    labels = {column.key: column.label for column in COLUMNS}
    long = [labels[key] for key, most in LONGEST.items() if len(getattr(stay, key)) > most]
    return _("%(labels)s太长，请缩短。") % {"labels": "、".join(long)} if long else ""


def _twice(stay: Stay, numbers: dict[str, int], beds: dict[tuple[str, str], int]) -> str:
    """Why the row says what another row said before, or nothing."""
    if stay.work_number in numbers:
        return _("与第 %(row)s 行是同一个人，请保留一行。") % {"row": numbers[stay.work_number]}
    numbers[stay.work_number] = stay.row
    bed = (stay.room, stay.bed)
    if all(bed) and bed in beds:
        return _("与第 %(row)s 行是同一个床位，请改正。") % {"row": beds[bed]}
    beds[bed] = stay.row
    return ""
