"""What an import found: each bad row once, doubts beside it, and what would be (or was) done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from people.presentation import mask
from people.roster.columns import LABELS


@dataclass(frozen=True)
class Finding:
    """One remark about one row: where, what stands there, what is wrong and what to do."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "reason": self.reason,
        }

    def masked(self) -> dict[str, Any]:
        """For keeping: long numbers, which may be an identity or a telephone number, are hidden in the middle."""
        digits = sum(sign.isdigit() for sign in self.value)
        return self.as_json() | {"value": mask(self.value, 3, 4) if digits >= 7 else self.value}


@dataclass
class RosterReport:
    """The result of a preview or a commit. ``user_ids`` are the people of the accepted rows, in the file's order."""

    file_name: str
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: list[tuple[str, int, str]] = field(default_factory=list)
    new_units: int = 0
    user_ids: list[int] = field(default_factory=list)
    committed: bool = False
    source: Any = field(default=None, repr=False)

    @property
    def accepted(self) -> int:
        return self.created + self.updated + self.unchanged

    def as_json(self) -> dict[str, Any]:
        """The six figures and lists that the command prints."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "errors": [finding.as_json() for finding in self.errors],
            "warnings": [finding.as_json() for finding in self.warnings],
        }

    def as_kept(self) -> dict[str, Any]:
        """The same for the database, without clear personal numbers."""
        return self.as_json() | {
            "errors": [finding.masked() for finding in self.errors],
            "warnings": [finding.masked() for finding in self.warnings],
            "notes": self.notes,
            "new_units": self.new_units,
        }


def label_of(key: str) -> str:
    """The column's name for the screen."""
    return gettext(LABELS[key])
