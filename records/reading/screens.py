"""What the office's pages of hours read: who reached what, rules with their versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from people.models import Unit, User
from people.scopes import managed_condition, subtree_condition
from records.models import HourEntry
from records.presenters.hours import MET, SHORT, RequirementLine, requirement_lines
from records.reading.hours import compliance_of_many
from records.rules.compliance import WindowResult

READERS = ("training_office", "unit_admin")
PER_PAGE = 50
CHUNK = 500


@dataclass(frozen=True)
class PersonLines:
    """A cadre and every requirement that stands today."""

    person: User
    lines: list[RequirementLine]

    @property
    def state(self) -> str:
        """met when nothing that applies today is short."""
        return SHORT if any(line.state == SHORT for line in self.lines) else MET


def cadres_of(reader: Any, roles: Iterable[str] = READERS) -> QuerySet[User]:
    """Active people with a unit whom the reader's grants of these roles reach, by name."""
    within = User.objects.active().filter(managed_condition(reader, roles), unit__isnull=False)
    return within.select_related("unit").order_by("sort_key", "pk")


def units_of(reader: Any) -> QuerySet[Unit]:
    return Unit.objects.filter(subtree_condition(reader, "path", READERS))


def compliance_page(people: QuerySet[User], number: Any, on: date) -> tuple[Page, list[PersonLines]]:
    """A page of people with their lines, in a number of queries that does not grow with them."""
    page = Paginator(people, PER_PAGE).get_page(number)
    return page, lines_of(list(page.object_list), on)


def wanted(people: QuerySet[User], chosen: dict[str, Any]) -> QuerySet[User]:
    """Those of a state or regime, by the ready figures of today."""
    state, regime = chosen.get("state"), chosen.get("regime")
    if state:
        people = people.filter(hours_outlook__is_short=state == SHORT).exclude(hours_outlook__regime="")
    return people.filter(hours_outlook__regime=regime) if regime else people


def export_rows(people: QuerySet[User], on: date) -> Iterator[list[Any]]:
    """One line per cadre and requirement, under the same filters as the page; reckoned some hundreds at a time."""
    every = list(people)
    for start in range(0, len(every), CHUNK):
        for row in lines_of(every[start : start + CHUNK], on):
            for line in row.lines:
                yield [
                    row.person.work_number, row.person.name, row.person.unit.name if row.person.unit else "",
                    line.regime, line.bucket, line.window, line.reached, line.state_word, line.short,
                ]  # fmt: skip


def lines_of(people: Sequence[User], on: date) -> list[PersonLines]:
    """The requirements of the day for each person; what an earlier regime of this year asked for is left out."""
    found = compliance_of_many([person.pk for person in people], on)
    return [PersonLines(person, requirement_lines(standing(found[person.pk]), on)) for person in people]


def standing(results: Sequence[WindowResult]) -> list[WindowResult]:
    """Requirements that apply today."""
    return [result for result in results if result.applies_to is None]


def is_credited(actor: Any, person: User, data: dict[str, Any]) -> bool:
    """Whether the same person registered the very same proof before: the second click of a double click."""
    key = f"earlier:{person.pk}:{data['evidence_no'].strip()}"
    same = {name: data[name] for name in ("bucket", "category", "mode", "days", "hours", "earned_on")}
    return HourEntry.objects.filter(source_key=key, recorded_by=actor, **same).exists()
