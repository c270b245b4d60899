"""What the statistics of a year count, as lines of the finest grain.

人次: places in classes that began in the year and were taken up (报到), those who withdrew later included; by the
unit of that day. 参训人数: the same people once each, at the unit and rank of their last class of the year, so that
the total is the sum over units. 结业人次: graduated places. 学时: standing credited lines earned in the year, by bucket
and by the unit of that day. 达标: requirements of 31 December, or of the day of the report in the running year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cohorts.models import Membership, MembershipState
from people.models import Posting, Unit, User
from people.querysets import on_day
from people.ranks import regime_of
from records.models import Bucket, HourEntry
from records.presenters.hours import state_of
from records.reading.hours import compliance_of_many

PLACES, PEOPLE, GRADUATED = "places", "people", "graduated"
HOURS = "hours:"
LEARNERS = "learners:"
NEED = "need:"
CHUNK = 500


@dataclass(frozen=True)
class Line:
    """People and, for hours, the sum in hundredths, in one cell of unit × rank × category."""

    unit_id: int
    regime: str
    category: str
    measure: str
    people: int
    total: int = 0


Cell = tuple[int, str, str, str]


class Tally:
    """Sums by cell."""

    def __init__(self) -> None:
        self._cells: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, cell: Cell, *, people: int = 1, total: int = 0) -> None:
        self._cells[cell][0] += people
        self._cells[cell][1] += total

    def lines(self) -> list[Line]:
        return [Line(*cell, *sums) for cell, sums in sorted(self._cells.items())]


def last_day(year: int, today: date) -> date:
    """The day on which requirements of the year are judged."""
    return min(date(year, 12, 31), today)


def count(root: Unit, year: int, today: date) -> list[Line]:
    """Every line below the unit for the year; the number of queries does not grow with the people (but by chunks)."""
    tally = Tally()
    _count_places(tally, root, year)
    _count_hours(tally, root, year)
    _count_compliance(tally, root, last_day(year, today))
    return tally.lines()


def _count_places(tally: Tally, root: Unit, year: int) -> None:
    rows = Membership.objects.filter(cohort__starts_on__year=year, registered_at__isnull=False)
    rows = rows.filter(unit__path__startswith=root.path).exclude(cohort__state="cancelled")
    last: dict[int, tuple[int, str]] = {}
    for member in rows.select_related("posting", "cohort").order_by("cohort__starts_on", "pk"):
        regime = regime_at(member.posting)
        tally.add((member.unit_id, regime, member.cohort.category, PLACES))
        if member.state == MembershipState.GRADUATED:
            tally.add((member.unit_id, regime, member.cohort.category, GRADUATED))
        last[member.user_id] = (member.unit_id, regime)
    for unit_id, regime in last.values():
        tally.add((unit_id, regime, "", PEOPLE))


def regime_at(posting: Posting | None) -> str:
    return regime_of(posting.level, posting.rank).value if posting else ""


def _count_hours(tally: Tally, root: Unit, year: int) -> None:
    """Hours at the unit of the day they were earned; a learner once per bucket, at the unit of the last line."""
    rows = HourEntry.objects.standing().filter(earned_on__year=year, unit__path__startswith=root.path)
    entries = list(rows.order_by("earned_on", "pk"))
    postings = _postings_of({entry.user_id for entry in entries})
    learners: dict[tuple[int, str], tuple[int, str]] = {}
    for entry in entries:
        regime = _regime_on(postings[entry.user_id], entry.earned_on)
        assert entry.unit_id is not None
        cell = (entry.unit_id, regime, entry.category, HOURS + entry.bucket)
        tally.add(cell, total=int(entry.hours * 100))
        learners[entry.user_id, entry.bucket] = (entry.unit_id, regime)
    for (_user, bucket), (unit_id, regime) in learners.items():
        tally.add((unit_id, regime, "", LEARNERS + bucket))


def _postings_of(people: Iterable[int]) -> defaultdict[int, list[Posting]]:
    found: defaultdict[int, list[Posting]] = defaultdict(list)
    for posting in Posting.objects.filter(user__in=list(people)).order_by("starts_on"):
        found[posting.user_id].append(posting)
    return found


def _regime_on(postings: Sequence[Posting], on: date) -> str:
    held = [p for p in postings if p.starts_on <= on and (p.ends_on is None or p.ends_on >= on)]
    return regime_at(held[-1]) if held else ""


def _count_compliance(tally: Tally, root: Unit, on: date) -> None:
    """Everybody who held a posting below the unit on the day."""
    held = Posting.objects.filter(on_day(on), unit__path__startswith=root.path)
    units = {posting.user_id: posting.unit_id for posting in held.order_by("starts_on", "pk")}
    people = list(User.objects.active().filter(pk__in=units).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(people), CHUNK):
        for user_id, results in compliance_of_many(people[start : start + CHUNK], on).items():
            _count_person(tally, units[user_id], [r for r in results if r.applies_to is None])


def _count_person(tally: Tally, unit_id: int, results: Sequence[Any]) -> None:
    for result in results:
        measure = f"{NEED}{result.bucket}:{result.window}:{state_of(result, results)}"
        tally.add((unit_id, result.regime, "", measure))


def buckets() -> list[tuple[str, str]]:
    return [(bucket.value, str(bucket.label)) for bucket in Bucket]
