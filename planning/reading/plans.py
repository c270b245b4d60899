"""What the pages and services of plans read: the calendar, the rules and the standards of cost, once per request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cohorts.models import Room
from core.models import CalendarDay
from core.workdays import Exceptions
from planning.models import CostStandard, PlannedClass
from planning.rules import costs
from planning.rules.checks import Facts, warnings
from records.models import HourRule
from records.reading.hours import hour_rule_on


@dataclass(frozen=True)
class Basis:
    """The calendar of the years in question, every hour rule and every standard of cost."""

    exceptions: Exceptions
    holidays: Mapping[date, str]
    hours_per_day: tuple[tuple[date, int, Decimal], ...]
    standards: tuple[costs.StandardValue, ...]

    def rate_on(self, day: date) -> Decimal | None:
        """学时 of a day by the rule in force; None before the first rule."""
        there = [(version, rate) for since, version, rate in self.hours_per_day if since <= day]
        return max(there)[1] if there else None

    def limit_of(self, planned: PlannedClass) -> costs.Limit:
        return costs.limit_of(
            places=planned.places, days=planned.days, fee_class=planned.fee_class, budget=planned.budget,
            on=planned.starts_on, standards=self.standards,
        )  # fmt: skip

    def warnings_of(self, planned: PlannedClass) -> list[str]:
        facts = Facts(planned.starts_on, planned.ends_on, planned.days, planned.hours)
        return warnings(facts, self.exceptions, self.rate_on(planned.starts_on))


def known_rooms() -> list[str]:
    """The names of the rooms in use; one query."""
    return list(Room.objects.filter(in_use=True).values_list("name", flat=True))


def basis_of(first: int, last: int | None = None) -> Basis:
    """The basis for the years; four queries."""
    days = CalendarDay.objects.filter(day__range=(date(first, 1, 1), date((last or first) + 1, 3, 31)))
    rows = list(days.values_list("day", "is_working", "name"))
    rules = HourRule.objects.values_list("effective_from", "version", "hours_per_day")
    return Basis(
        exceptions={day: worked for day, worked, _name in rows},
        holidays={day: name for day, worked, name in rows if not worked},
        hours_per_day=tuple(rules),
        standards=tuple(standard_values()),
    )


def hours_per_day_on(day: date) -> Decimal | None:
    """学时 of a day by the hour rule in force; None before the first rule."""
    rule = hour_rule_on(day)
    return rule.hours_per_day if rule else None


def standard_values() -> list[costs.StandardValue]:
    """Every version of the standard of cost; two queries."""
    return [
        costs.StandardValue(
            row.version, row.name, row.effective_from, {line.fee_class: line.per_person_day for line in row.lines.all()}
        )
        for row in CostStandard.objects.order_by("version").prefetch_related("lines")
    ]


def limits_of(classes: Iterable[PlannedClass], basis: Basis) -> list[tuple[str, costs.Limit]]:
    """Pairs of class of training and limit, as sums take them; cancelled classes cost nothing."""
    return [(one.fee_class, basis.limit_of(one)) for one in classes if one.cancelled_at is None]
