"""Old hours from a spreadsheet of another system: look, import, decide on values that changed."""

from __future__ import annotations

from records.importing.planning import Plan, plan
from records.importing.staging import (
    JOB,
    LONG,
    commit_import,
    discard_import,
    order_import,
    stage_import,
    staged_plan,
)
from records.importing.workbooks import refused_workbook, template_workbook

__all__ = [
    "JOB",
    "LONG",
    "Plan",
    "commit_import",
    "discard_import",
    "order_import",
    "plan",
    "refused_workbook",
    "stage_import",
    "staged_plan",
    "template_workbook",
]
