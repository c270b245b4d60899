"""The table of a plan as a workbook, and the same workbook read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from cohorts.presenters.figures import plain
from core.errors import DomainError
from core.spreadsheets.reader import read_workbook
from core.spreadsheets.tables import Column, TableRow, find_table_in
from core.spreadsheets.writer import ColumnSpec, SheetSpec, write_xlsx
from people.ranks import Level, Rank
from planning.models import PlannedClass, TrainingPlan
from planning.presenters.plan_lines import FACTS, label_of, level_words
from planning.reading.plans import Basis

NEEDED = ("title", "theme", "starts_on", "ends_on", "days", "hours", "audience", "places", "budget")
CHOICES = ("theme", "category", "mode", "regime", "fee_class")
MOST_ROWS = 300
DAY = re.compile(r"([0-9]{4})\s*[年./-]\s*([0-9]{1,2})\s*[月./-]\s*([0-9]{1,2})\s*日?")


def plan_workbook(plan: TrainingPlan, classes: Iterable[PlannedClass], basis: Basis) -> bytes:
    """The table with limits beside budgets, and a note with state and number of the approval."""
    rows = [_row(one, basis) for one in classes]
    extra = [_("每人每天标准（元）"), _("经费上限（元）"), _("状态"), _("班次编号")]
    columns = [_column(name) for name in FACTS] + [ColumnSpec(label) for label in extra]
    words = {"unit": plan.unit.name, "year": plan.year, "state": plan.get_state_display(), "no": plan.document_no}
    note = _("%(unit)s %(year)s年 %(state)s %(no)s") % words
    return write_xlsx([SheetSpec(_("培训计划"), columns, rows, note=note.strip(), blank_rows=50)])


def _column(name: str) -> ColumnSpec:
    choices = tuple(words_of(name)) if name in CHOICES else ()
    return ColumnSpec(label_of(name), choices=choices, required=name in NEEDED)


def words_of(name: str) -> dict[str, str]:
    """Words of a choice → its code."""
    return {str(words): code for code, words in PlannedClass._meta.get_field(name).flatchoices if code}


def _row(one: PlannedClass, basis: Basis) -> list[Any]:
    limit = basis.limit_of(one)
    state = _("已取消") if one.cancelled_at else _("已设立班次") if one.cohort else _("计划中")
    shown = [_shown(one, name) for name in FACTS]
    return [*shown, _number(limit.rate), _number(limit.limit), state, one.cohort.code if one.cohort else ""]


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _shown(one: PlannedClass, name: str) -> Any:
    value = getattr(one, name)
    if name in CHOICES:
        return str(getattr(one, f"get_{name}_display")())
    if name == "levels":
        return level_words(value)
    return float(value) if isinstance(value, Decimal) else value


# Reading it back.


def read_classes(name: str, data: bytes) -> list[dict[str, Any]]:
    """The facts of every row; DomainError with what is wrong, row by row, when anything is."""
    columns = [Column(fact, label_of(fact), required=fact in NEEDED) for fact in FACTS]
    table = find_table_in(read_workbook(name, data), columns)
    missing = [column.label for column in table.missing if column.required]
    if missing:
        raise DomainError(_("表格缺少这些列：%(names)s。请使用导出的表格填写。") % {"names": "、".join(missing)})
    if not table.rows or len(table.rows) > MOST_ROWS:
        raise DomainError(_("表格须有 1 至 %(n)s 行班次。") % {"n": MOST_ROWS})
    found, wrong = [], []
    for row in table.rows:
        try:
            found.append(_read(row, table.columns))
        except ValueError as problem:
            wrong.append(_("第 %(n)s 行：%(why)s") % {"n": row.number, "why": problem})
    if wrong:
        raise DomainError("".join(wrong[:20]), code="rows")
    return found


def _read(row: TableRow, there: Iterable[str]) -> dict[str, Any]:
    facts = {}
    for name in FACTS:
        words = row.text(name) if name in there else ""
        if words:
            facts[name] = READERS.get(name, _text)(name, words)
        elif name in NEEDED:
            raise ValueError(_("“%(what)s”没有填写。") % {"what": label_of(name)})
    return facts


def _text(name: str, words: str) -> str:
    most = PlannedClass._meta.get_field(name).max_length
    if most and len(words) > most:
        raise ValueError(_("“%(what)s”不能超过 %(n)s 个字。") % {"what": label_of(name), "n": most})
    return words


def _choice(name: str, words: str) -> str:
    known = words_of(name)
    if words not in known:
        raise ValueError(_("“%(what)s”没有“%(words)s”这一项。") % {"what": label_of(name), "words": words[:20]})
    return known[words]


def _levels(name: str, words: str) -> list[str]:
    known = {str(label): code for code, label in (*Level.choices, *Rank.choices)}
    parts = [part.strip() for part in words.replace(",", "、").replace("，", "、").split("、") if part.strip()]
    strange = [part for part in parts if part not in known]
    if strange:
        raise ValueError(_("“%(what)s”没有“%(words)s”这一项。") % {"what": label_of(name), "words": strange[0][:20]})
    return [known[part] for part in parts]


def _day(name: str, words: str) -> date:
    found = DAY.fullmatch(words)
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(words)
    except ValueError:
        raise ValueError(_("“%(what)s”须为日期，例如 2026年3月2日。") % {"what": label_of(name)}) from None


def _amount(name: str, words: str) -> Decimal:
    field = PlannedClass._meta.get_field(name)
    try:
        value = Decimal(words.replace(",", ""))
        kept = value.quantize(Decimal(1).scaleb(-field.decimal_places))
    except InvalidOperation:
        raise ValueError(_("“%(what)s”须为数字。") % {"what": label_of(name)}) from None
    if not value.is_finite() or kept != value or abs(value) >= 10 ** (field.max_digits - field.decimal_places):
        words = {"what": label_of(name), "value": plain(kept) if kept.is_finite() else words[:20]}
        raise ValueError(_("“%(what)s”的数值不合适：%(value)s。") % words)
    return kept


def _whole(name: str, words: str) -> int:
    if not words.isdecimal() or not words.isascii() or not 1 <= int(words[:6]) <= 9999:
        raise ValueError(_("“%(what)s”须为 1 至 9999 的整数。") % {"what": label_of(name)})
    return int(words)


READERS: dict[str, Callable[[str, str], Any]] = {
    **dict.fromkeys(CHOICES, _choice),
    "levels": _levels,
    **dict.fromkeys(("starts_on", "ends_on"), _day),
    **dict.fromkeys(("days", "hours", "budget"), _amount),
    **dict.fromkeys(("intake_no", "places"), _whole),
}
