"""One run of the loader: who acts, what is counted, and how a row is written when it has to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from cms.curriculum.reading import Curriculum
from competencies.models import Indicator
from core.errors import DomainError


@dataclass
class Report:
    """How many of each kind were made, changed, or left as they were."""

    made: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    def count(self, kind: str, *, made: bool, changed: bool = False) -> None:
        (self.made if made else self.changed if changed else self.kept)[kind] += 1

    @property
    def quiet(self) -> bool:
        """Whether nothing was written."""
        return not self.made and not self.changed


@dataclass
class Run:
    """What the loader reads, who writes, who publishes; ``update`` brings what stands to what the files say."""

    files: Curriculum
    actor: Any
    publisher: Any
    update: bool
    indicators: dict[str, Indicator]
    report: Report = field(default_factory=Report)

    def indicator(self, code: str, source: str) -> Indicator:
        if code not in self.indicators:
            where = {"source": source, "code": code}
            raise DomainError(_("“%(source)s”提到的能力指标 %(code)s 不在能力框架里。") % where)
        return self.indicators[code]

    def is_stale(self, row: Model | None, values: dict[str, Any]) -> bool:
        """Whether a row that stands is to be changed in this run."""
        return row is not None and self.update and differs(row, values)

    def publish(self, row: Any, *, judge: Callable[[Any], None] | None = None) -> Any:
        """Save as a draft of the editor's, judge it where it has to be, and publish it; roles were checked before."""
        if row.pk is None:
            row.save()
        revision = row.save_revision(user=self.actor)
        if judge:
            judge(row)
        revision.publish(user=self.publisher, skip_permission_checks=True)
        row.refresh_from_db()
        return row


def _plain(value: Any) -> Any:
    """A field's value as it can be compared with what the files give."""
    return list(value.get_prep_value()) if hasattr(value, "stream_block") else value


def differs(row: Model, values: dict[str, Any]) -> bool:
    return any(_plain(getattr(row, name)) != value for name, value in values.items())


def set_values(row: Any, values: dict[str, Any]) -> Any:
    """The row with the values; a raw stream becomes one of the row's own."""
    for name, value in values.items():
        field_of_row = row._meta.get_field(name)
        setattr(row, name, field_of_row.to_python(value) if hasattr(field_of_row, "stream_block") else value)
    return row
