"""Every member of a class in outline: which conditions are met, waived or missing, counted without any sentence.

The rule is the same ``decide``; members who stand alike are decided once, so a thousand cost little more than fifty.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, Q

from cohorts.fulfilment import survey_fulfilment
from cohorts.graduation import Condition, MemberStanding, Waiver, decide, granted
from cohorts.halfdays import HalfDay
from cohorts.hours import ATTENDED
from cohorts.leave import over_limit
from cohorts.models import (
    Attendance,
    Cohort,
    ConditionWaiver,
    DisciplineRecord,
    GraduationDecision,
    LeaveDecision,
    MembershipState,
    Requirement,
    RequirementResult,
)
from cohorts.reading import Table, due, in_groups, is_decided, last_decisions, nodes_for, timetable_of, tree_of

SOME_DAY = date(2000, 1, 1)
SOME_WAIVER = Waiver("—", "—", SOME_DAY)
FIELDS = ("pk", "user_id", "state", "registered_at", "ended_on", "leave_hours", "group_id")


class Shape(NamedTuple):
    """All of a member that decides: two members of the same shape have the same conditions met."""

    registered: bool
    withdrawn: bool
    over_leave: bool
    leave_waived: bool
    owed: int
    attended: int
    not_recorded: int
    open_discipline: bool
    met: frozenset[int]
    waived: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """How one member stands: the keys that are missing, those that are waived, and whether it is enough."""

    granted: bool
    missing: frozenset[str]
    waived: frozenset[str]


@dataclass
class Tally:
    """The class as a whole: the conditions in their order, and each member's verdict by key."""

    conditions: dict[str, str] = field(default_factory=dict)  # key → label
    verdicts: dict[int, Verdict] = field(default_factory=dict)

    def fulfilled(self) -> dict[str, int]:
        """By condition: how many have met it or had it waived."""
        short = Counter(key for verdict in self.verdicts.values() for key in verdict.missing)
        return {key: len(self.verdicts) - short[key] for key in self.conditions}

    def lacking(self, key: str) -> list[int]:
        """The members who miss this condition."""
        return [member for member, verdict in self.verdicts.items() if key in verdict.missing]

    def picked(self, result: str) -> list[int]:
        """The members of one outcome: can graduate, something missing, something waived."""
        wanted = {"can": lambda v: v.granted, "missing": lambda v: not v.granted, "waived": lambda v: bool(v.waived)}
        return [member for member, verdict in self.verdicts.items() if wanted[result](verdict)]


def verdict_of(conditions: Iterable[Condition]) -> Verdict:
    conditions = list(conditions)
    return Verdict(
        granted(conditions),
        frozenset(c.key for c in conditions if not c.met),
        frozenset(c.key for c in conditions if c.waived),
    )


def tally_decided(cohort: Cohort) -> Tally:
    """As decided at the closing that stands. One query."""
    found = Tally()
    rows = GraduationDecision.objects.filter(closing__cohort=cohort, closing__undone_at=None)
    for member, data in rows.order_by("pk").values_list("membership", "conditions"):
        conditions = [Condition(**c) for c in data]
        found.conditions |= {c.key: c.label for c in conditions}
        found.verdicts[member] = verdict_of(conditions)
    return found


def tally(cohort: Cohort, until: HalfDay | None = None) -> Tally:
    """As the class stands now, attendance counted up to ``until``; as many queries for ten as for a thousand."""
    tree, found = tree_of(cohort), Tally()
    decided: dict[Shape, Verdict] = {}
    for member, shape in _shapes(cohort, tree, until).items():
        if shape not in decided:
            conditions = decide(_standing(shape, tree))
            decided[shape] = verdict_of(conditions)
            found.conditions |= {c.key: c.label for c in conditions}
        found.verdicts[member] = decided[shape]
    return found


def _standing(shape: Shape, tree: list[Requirement]) -> MemberStanding:
    """A member of that shape, as values for the rule."""
    return MemberStanding(
        registered_on=SOME_DAY if shape.registered else None,
        leave_hours=Decimal(int(shape.over_leave)),
        total_hours=Decimal(1),
        withdrawn_on=SOME_DAY if shape.withdrawn else None,
        waiver_no="—" if shape.leave_waived else "",
        half_days=shape.owed,
        attended=shape.attended,
        not_recorded=shape.not_recorded,
        open_discipline=("—",) if shape.open_discipline else (),
        requirements=nodes_for(tree, dict.fromkeys(shape.met, (True, ""))),
        waivers=dict.fromkeys(shape.waived, SOME_WAIVER),
    )


def _shapes(cohort: Cohort, tree: list[Requirement], until: HalfDay | None) -> dict[int, Shape]:
    table = timetable_of(cohort)
    total, asks_share = sum(table.values(), Decimal(0)), any(r.share is not None for r in tree)
    rows = list(cohort.memberships.order_by("user__sort_key", "pk").values_list(*FIELDS, named=True))
    over = {row.pk: row for row in rows if row.leave_hours and over_limit(row.leave_hours, total)}
    here, recorded = _attendance(cohort, table, until)
    met, waived, excused = _met(cohort), _waived(cohort), _leave_waived(over, total)
    undisciplined = set(
        DisciplineRecord.objects.open().filter(membership__cohort=cohort).values_list("membership", flat=True)
    )
    answered = _answered(tree, [row.user_id for row in rows])
    owing: dict[tuple[str, date | None, int | None], int] = {}
    found = {}
    for row in rows:
        kind = (row.state, row.ended_on, row.group_id)
        owed = owing[kind] if kind in owing else owing.setdefault(kind, len(due(table, row, until)))
        found[row.pk] = Shape(
            row.registered_at is not None,
            row.state == MembershipState.WITHDRAWN,
            row.pk in over,
            row.pk in excused,
            owed if asks_share else 0,
            here[row.pk] if asks_share else 0,
            max(owed - recorded[row.pk], 0),
            row.pk in undisciplined,
            met.get(row.pk, NOTHING) | answered.get(row.user_id, NOTHING),
            waived.get(row.pk, frozenset()),
        )
    return found


NOTHING: frozenset[int] = frozenset()


def _attendance(cohort: Cohort, table: Table, until: HalfDay | None) -> tuple[Counter[int], Counter[int]]:
    """How many half days that count each member attended, and how many are recorded. One query."""
    places = [p for p, hours in table.items() if hours > 0 and (until is None or p <= until)]
    inside = Q(pk__in=[])
    for (half, groups), days in _together(places, table).items():
        called = Q() if groups is None else in_groups(groups, "membership__")
        inside |= Q(half=half, day__in=days) & called
    owed = ~Q(membership__state=MembershipState.WITHDRAWN) | Q(day__lte=F("membership__ended_on"))
    rows = Attendance.objects.filter(inside & owed, membership__cohort=cohort).order_by()
    here, recorded = Counter[int](), Counter[int]()
    for member, status, n in (
        rows.values("membership", "status").annotate(n=Count("pk")).values_list("membership", "status", "n")
    ):
        recorded[member] += n
        here[member] += n if status in ATTENDED else 0
    return here, recorded


def _together(places: list[HalfDay], table: Table) -> dict[tuple[str, frozenset[int] | None], list[date]]:
    """The days of the half days that call the same people."""
    found: dict[tuple[str, frozenset[int] | None], list[date]] = defaultdict(list)
    for place in places:
        found[place.half, table.called.get(place)].append(place.day)
    return found


def _met(cohort: Cohort) -> dict[int, frozenset[int]]:
    """The leaves that each member has met. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = RequirementResult.objects.filter(requirement__cohort=cohort, state=RequirementResult.State.MET)
    for member, requirement in rows.values_list("membership", "requirement"):
        found[member].add(requirement)
    return {member: frozenset(keys) for member, keys in found.items()}


def _answered(tree: list[Requirement], users: list[int]) -> dict[int, frozenset[int]]:
    """The evaluations that each person fulfils, by key of the person. One query, none without such leaves."""
    found: dict[int, set[int]] = defaultdict(set)
    for leaf, by_user in survey_fulfilment(tree, users).items():
        for user, (met, _why) in by_user.items():
            if met:
                found[user].add(leaf)
    return {user: frozenset(keys) for user, keys in found.items()}


def _waived(cohort: Cohort) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    rows = ConditionWaiver.objects.filter(membership__cohort=cohort, revoked_at__isnull=True)
    for member, condition in rows.values_list("membership", "condition"):
        found[member].add(condition)
    return {member: frozenset(keys) for member, keys in found.items()}


def _leave_waived(over: dict[int, Any], total: Decimal) -> set[int]:
    """Of the members above one seventh, those whose leave as it is today was waived."""
    decisions = last_decisions(over)
    return {
        key
        for key, decision in decisions.items()
        if decision.outcome == LeaveDecision.Outcome.WAIVE and is_decided(over[key], decision, total)
    }
