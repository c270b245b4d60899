"""The two workbooks that an import hands out: the blank template and the rows that were refused."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.spreadsheets.writer import ColumnSpec, SheetSpec, write_xlsx
from people.ranks import Level, Rank
from people.roster import check
from people.roster.columns import COLUMNS, LABELS
from people.roster.report import RosterReport
from people.roster.tables import ETHNICITIES, POLITICAL

CODES = frozenset({"work_number", "unit_code", "id_number", "phone"})
LEFT_OUT = frozenset({"unit_code"})  # one column for the unit is enough in a template
BLANK_ROWS = 500


def _choices() -> dict[str, list[str]]:
    return {
        "level": [str(choice.label) for choice in Level],
        "rank": [str(choice.label) for choice in Rank],
        "gender": [_("男"), _("女")],
        "ethnicity": list(ETHNICITIES),
        "political_status": list(POLITICAL),
    }


def template_workbook() -> bytes:
    """An empty roster with drop-downs; needed columns have a red heading."""
    choices = _choices()
    specs = [
        ColumnSpec(
            column.label,
            code=column.key in CODES,
            choices=choices.get(column.key, ()),
            required=column.required or column.key == "unit",
            width=WIDTHS.get(column.key, 14),
        )
        for column in COLUMNS
        if column.key not in LEFT_OUT
    ]
    note = _("红色列必填。单位填全称或单位代码；日期写成 2026-09-01；职务层次、职级、民族等从下拉列表选择。")
    return write_xlsx([SheetSpec(_("人员名单"), specs, note=note, blank_rows=BLANK_ROWS)])


WIDTHS = {"unit": 26, "post": 20, "id_number": 22, "email": 24, "managed_by": 22, "name": 16}


def refused_workbook(report: RosterReport) -> bytes:
    """The refused rows as they stood, each with its place and reason; corrected, the file can be imported again."""
    if report.source is None:
        raise DomainError(_("请先预览名单，再下载退回的行。"), code="no_preview")
    people = [person for person in report.source.people if not person.good]
    keys = [key for key in LABELS if any(key in person.row.cells for person in people)]
    reasons = {(error.sheet, error.row): f"{error.column}：{error.reason}" for error in report.errors}
    columns = [ColumnSpec(LABELS[key], code=key in CODES or key.endswith(("_on", "_date"))) for key in keys]
    columns += [ColumnSpec(_("退回原因"), width=48), ColumnSpec(_("原工作表")), ColumnSpec(_("原行号"))]
    rows = [
        [
            *check.original(person, keys),
            reasons.get((person.sheet, person.row.number), ""),
            person.sheet,
            person.row.number,
        ]
        for person in people
    ]
    return write_xlsx([SheetSpec(_("退回的行"), columns, rows)])
