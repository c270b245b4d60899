"""Every member of a class in outline: which conditions are met, waived or missing, counted without any sentence.

The rule is the same ``decide``; members who stand alike are decided once, so a thousand cost little more than fifty.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from cohorts.models import (
    Attendance,
    Cohort,
    GraduationDecision,
    LeaveDecision,
    MembershipState,
    Requirement,
    RequirementResult,
)
from cohorts.reading.classes import Frame, Results, Table, due, frame_of, is_decided, last_decisions, nodes_of, owed_by
from cohorts.reading.fulfilment import survey_fulfilment
from cohorts.rules.graduation import Condition, MemberStanding, Node, Waiver, decide, granted
from cohorts.rules.halfdays import HalfDay
from cohorts.rules.hours import ATTENDED
from cohorts.rules.leave import over_limit

SOME_DAY = date(2000, 1, 1)
SOME_WAIVER = Waiver("—", "—", SOME_DAY)
FIELDS = ("pk", "user_id", "state", "ended_on", "group_id", "arrived")
ARRIVED = ExpressionWrapper(Q(registered_at__isnull=False), BooleanField())


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


def tally(cohort: Cohort, until: HalfDay | None = None, frame: Frame | None = None) -> Tally:
    """As the class stands now, attendance counted up to ``until``; as many queries for ten as for a thousand."""
    shared, found = frame or frame_of(cohort), Tally()
    decided: dict[Shape, Verdict] = {}
    nodes = nodes_of(shared.tree)
    for member, shape in _shapes(cohort, shared, until).items():
        if shape not in decided:
            conditions = decide(_standing(shape, nodes))
            decided[shape] = verdict_of(conditions)
            found.conditions |= {c.key: c.label for c in conditions}
        found.verdicts[member] = decided[shape]
    return found


def _standing(shape: Shape, nodes: Callable[[Results], tuple[Node, ...]]) -> MemberStanding:
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
        requirements=nodes(dict.fromkeys(shape.met, (True, ""))),
        waivers=dict.fromkeys(shape.waived, SOME_WAIVER),
    )


def _shapes(cohort: Cohort, frame: Frame, until: HalfDay | None) -> dict[int, Shape]:
    table, tree = frame.table, frame.tree
    asks_share = any(r.share is not None for r in tree)
    people = cohort.memberships.annotate(arrived=ARRIVED).order_by("user__sort_key", "pk")
    rows = list(people.values_list(*FIELDS, named=True))
    total = sum(table.values(), Decimal(0))
    over = _over(cohort, total)
    here, recorded = _attendance(cohort, table, until, by_status=asks_share)
    met, excused = _met(cohort), _leave_waived(over, total)
    waived = {member: frozenset(given) for member, given in frame.waivers.items()}
    answered = _answered(tree, [row.user_id for row in rows])
    owing: dict[tuple[str, date | None, int | None], int] = {}
    found = {}
    for row in rows:
        kind = (row.state, row.ended_on, row.group_id)
        owed = owing[kind] if kind in owing else owing.setdefault(kind, len(due(table, row, until)))
        found[row.pk] = Shape(
            row.arrived,
            row.state == MembershipState.WITHDRAWN,
            row.pk in over,
            row.pk in excused,
            owed if asks_share else 0,
            here[row.pk] if asks_share else 0,
            max(owed - recorded[row.pk], 0),
            row.pk in frame.discipline,
            met.get(row.pk, NOTHING) | answered.get(row.user_id, NOTHING),
            waived.get(row.pk, NO_WAIVER),
        )
    return found


NOTHING: frozenset[int] = frozenset()
NO_WAIVER: frozenset[str] = frozenset()


def _over(cohort: Cohort, total: Decimal) -> dict[int, Any]:
    """Those above one seventh, read of the few who took leave at all. One query."""
    rows = cohort.memberships.filter(leave_hours__gt=0).order_by().values_list("pk", "leave_hours", named=True)
    return {row.pk: row for row in rows if over_limit(row.leave_hours, total)}


def _attendance(
    cohort: Cohort, table: Table, until: HalfDay | None, *, by_status: bool
) -> tuple[Counter[int], Counter[int]]:
    """How many half days that count each member attended (``by_status``), and how many are recorded. One query."""
    rows = Attendance.objects.filter(owed_by(table, until), membership__cohort=cohort).order_by()
    here, recorded = Counter[int](), Counter[int]()
    if not by_status:
        return here, Counter(dict(rows.values_list("membership").annotate(n=Count("pk"))))
    for member, status, n in rows.values_list("membership", "status").annotate(n=Count("pk")):
        recorded[member] += n
        here[member] += n if status in ATTENDED else 0
    return here, recorded


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


def _leave_waived(over: dict[int, Any], total: Decimal) -> set[int]:
    """Of the members above one seventh, those whose leave as it is today was waived."""
    decisions = last_decisions(over)
    return {
        key
        for key, decision in decisions.items()
        if decision.outcome == LeaveDecision.Outcome.WAIVE and is_decided(over[key], decision, total)
    }
