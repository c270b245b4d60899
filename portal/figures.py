"""Totals of units' figures for a reader, and what may be shown of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from competencies.profiles import HIGHEST, LEAST_GROUP, LOWEST, Z90, Level, rounded
from competencies.reading import current_framework
from portal.measures import AFTER, BEFORE, dimension, need_of
from portal.models import PersonFigure, Snapshot, UnitFigure
from records.presenters.hours import GRACE, MET, SHORT

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Total:
    """How many people, and the sum and sum of squares of their values in hundredths."""

    people: int = 0
    total: int = 0
    squares: int = 0

    def __add__(self, other: Total) -> Total:
        return Total(self.people + other.people, self.total + other.total, self.squares + other.squares)

    @property
    def value(self) -> Decimal:
        return Decimal(self.total) / HUNDRED

    def mean_level(self) -> Level | None:
        """The mean level with its 90 % interval; None below five people."""
        if self.people < LEAST_GROUP:
            return None
        n = Decimal(self.people)
        mean = Decimal(self.total) / n / HUNDRED
        variance = max(Decimal(0), Decimal(self.squares) / n / HUNDRED**2 - mean**2)
        half = Z90 * variance.sqrt() / n.sqrt()
        low, high = rounded(max(LOWEST, mean - half)), rounded(min(HIGHEST, mean + half))
        return Level(rounded(mean), low, high, self.people)


NONE = Total()
Key = tuple[str, str]  # measure and state


class Totals:
    """The sums of some units' figures by measure and state."""

    def __init__(self, sums: Mapping[Key, Total]) -> None:
        self._sums = dict(sums)

    def get(self, measure: str, state: str = "") -> Total:
        return self._sums.get((measure, state), NONE)

    def all_of(self, measure: str) -> Total:
        return sum((t for (m, _), t in self._sums.items() if m == measure), NONE)

    def states(self, measure: str) -> dict[str, Total]:
        return {state: total for (m, state), total in self._sums.items() if m == measure}

    def measures(self, prefix: str) -> list[str]:
        return sorted({m for m, _ in self._sums if m.startswith(prefix)})


def totals(rows: QuerySet[UnitFigure]) -> Totals:
    """Sums over all units of the rows; one query."""
    found = rows.values("measure", "state").annotate(p=Sum("people"), t=Sum("total"), s=Sum("squares")).order_by()
    return Totals({(r["measure"], r["state"]): Total(r["p"], r["t"], r["s"]) for r in found})


def totals_by(column: str, rows: QuerySet[UnitFigure]) -> dict[int, Totals]:
    """The same for each value of a column (``unit_id``, ``snapshot_id``); one query."""
    sums: dict[int, dict[Key, Total]] = {}
    found = rows.values(column, "measure", "state").annotate(p=Sum("people"), t=Sum("total"), s=Sum("squares"))
    for r in found.order_by():
        sums.setdefault(r[column], {})[r["measure"], r["state"]] = Total(r["p"], r["t"], r["s"])
    return {key: Totals(values) for key, values in sums.items()}


def merged(parts: Iterable[Totals]) -> Totals:
    """Several units' totals as one."""
    sums: dict[Key, Total] = {}
    for part in parts:
        for key, total in part._sums.items():
            sums[key] = sums.get(key, NONE) + total
    return Totals(sums)


@dataclass(frozen=True)
class Compliance:
    """A requirement in a group: how many it applies to, and how many of them reached it."""

    measure: str
    regime: str
    bucket: str
    window: str
    people: int
    met: int
    grace: int
    short: int

    @property
    def shown(self) -> bool:
        """Figures of fewer than five people are not shown."""
        return self.people >= LEAST_GROUP

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.met) / self.people if self.people else None


ORDER = {"senior": 0, "junior": 1, "central": 0, "online": 1, "basic": 2, "rolling_5": 0, "year": 1, "plan": 2}


def compliance(found: Totals) -> list[Compliance]:
    """Every requirement that applies to somebody, seniors first."""
    rows = [_compliance(measure, found) for measure in found.measures("need:")]
    return sorted(rows, key=lambda r: [ORDER.get(word, 3) for word in (r.regime, r.bucket, r.window)])


def _compliance(measure: str, found: Totals) -> Compliance:
    need = need_of(measure)
    assert need is not None
    counts = [found.get(measure, state).people for state in (MET, GRACE, SHORT)]
    return Compliance(measure, need.regime, need.bucket, need.window, sum(counts), *counts)


@dataclass(frozen=True)
class DimensionFigure:
    """A dimension in a group before and after; None stands for fewer than five people with enough evidence."""

    code: str
    name: str
    before: Level | None
    after: Level | None
    people: int

    @property
    def change(self) -> Decimal | None:
        return self.after.value - self.before.value if self.before and self.after else None


def dimension_names() -> list[tuple[str, str]]:
    """Codes and names of the framework in force; two queries."""
    return list(current_framework().dimensions.order_by("code").values_list("code", "name"))


def dimensions(found: Totals, names: Iterable[tuple[str, str]]) -> list[DimensionFigure]:
    """Every dimension of the framework, shown or not."""
    return [_dimension(code, name, found) for code, name in names]


def _dimension(code: str, name: str, found: Totals) -> DimensionFigure:
    before, after = found.get(dimension(code, BEFORE)), found.get(dimension(code, AFTER))
    return DimensionFigure(
        code, name, before.mean_level(), after.mean_level(), max(before.people, after.people)
    )  # fmt: skip


def people_snapshot() -> Snapshot | None:
    return Snapshot.objects.filter(kind=Snapshot.Kind.PEOPLE).first()


def snapshots_of(keys: Iterable[str]) -> dict[str, Snapshot]:
    """The snapshots of classes by context key; one query."""
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.COHORT, key__in=list(keys))
    return {row.key: row for row in rows}


def unit_figures(snapshot: Snapshot | None, reader: Any) -> QuerySet[UnitFigure]:
    """The units' figures that a reader's grants reach."""
    return UnitFigure.objects.filter(snapshot=snapshot).visible_to(reader)


def person_figures(snapshot: Snapshot | None, reader: Any) -> QuerySet[PersonFigure]:
    return PersonFigure.objects.filter(snapshot=snapshot).visible_to(reader)


def as_of(snapshot: Snapshot | None) -> date | None:
    return snapshot.as_of if snapshot else None
