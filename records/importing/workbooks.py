"""The workbooks of an import: the blank template and the rows that were refused."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from core.spreadsheets.writer import ColumnSpec, SheetSpec, write_xlsx
from people.roster.values import raw
from records.importing.columns import CHOICES, CODES, COLUMNS, LABELS, WIDTHS
from records.importing.planning import Plan

BLANK_ROWS = 300


def template_workbook() -> bytes:
    """An empty table with drop-downs; needed columns have a red heading."""
    specs = [
        ColumnSpec(
            column.label,
            code=column.key in CODES,
            choices=[str(label) for label in CHOICES[column.key].labels] if column.key in CHOICES else (),
            required=column.required,
            width=WIDTHS.get(column.key, 14),
        )
        for column in COLUMNS
    ]
    note = _(
        "红色列必填，天数和学时至少填一项。外部编号是原系统中这笔学时的编号，没有的可填结业证书编号；"
        "同一编号再次导入不会重复计入。日期写成 2026-09-01；跨年度的培训按年度分行。"
    )
    return write_xlsx([SheetSpec(_("既往学时"), specs, note=note, blank_rows=BLANK_ROWS)])


def refused_workbook(found: Plan) -> bytes:
    """The refused rows as they stood, each with its place and reason; corrected, the file can be imported again."""
    rows = [row for row in found.rows if not row.good]
    keys = [key for key in LABELS if any(key in row.source.cells for row in rows)]
    columns = [ColumnSpec(LABELS[key], code=key in CODES or key.endswith("_on")) for key in keys]
    columns += [ColumnSpec(_("退回原因"), width=48), ColumnSpec(_("原工作表")), ColumnSpec(_("原行号"))]
    values = [
        [
            *(_shown(row.source.cells[key]) if key in row.source.cells else "" for key in keys),
            f"{error.column}：{error.reason}", row.sheet, row.source.number,
        ]
        for row, error in zip(rows, found.errors, strict=True)
    ]  # fmt: skip
    return write_xlsx([SheetSpec(_("退回的行"), columns, values)])


def _shown(cell: object) -> str:
    value = getattr(cell, "value", None)
    return value.isoformat()[:10] if isinstance(value, date) else raw(cell)  # type: ignore[arg-type]
