"""One day's attendance: who should be there, who was, how each status came about; queries do not grow with members."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from cohorts.models import Attendance, AttendanceStatus, Cohort, Membership, MembershipState, Scan
from cohorts.models.check_in import FAILED
from cohorts.presenters.members import HALF_DAY_MARKS, NOT_DUE, record_words
from cohorts.querysets import SERVED
from cohorts.reading.classes import Table, in_groups
from cohorts.rules.halfdays import HalfDay, half_word
from cohorts.rules.hours import ATTENDED

Recorded = dict[int, dict[str, Attendance]]


@dataclass(frozen=True)
class Totals:
    """The counts of a half day; what is not recorded is counted apart."""

    place: HalfDay
    expected: int
    counts: dict[str, int]

    @property
    def half(self) -> str:
        return half_word(self.place.half)

    @property
    def attended(self) -> int:
        return sum(self.counts.get(status, 0) for status in ATTENDED)

    @property
    def missing(self) -> int:
        """Those of whom nothing is recorded, which is not absence."""
        return self.expected - sum(self.counts.values())

    @property
    def figures(self) -> list[tuple[str, int]]:
        """应到, 实到, then each status other than present, then 未登记."""
        others = [s for s in AttendanceStatus if s != AttendanceStatus.PRESENT]
        return [
            (_("应到"), self.expected),
            (_("实到"), self.attended),
            *((str(s.label), self.counts.get(s, 0)) for s in others),
            (_("未登记"), self.missing),
        ]


def members_on(cohort: Cohort, day: date, table: Table) -> QuerySet[Membership]:
    """Those who owed attendance on that day, by group and name; ``table`` is the day's."""
    stayed = Q(state__in=SERVED) | Q(state=MembershipState.WITHDRAWN, ended_on__gte=day)
    some = table.called if len(table.called) == len(table) else {}
    called = in_groups(frozenset().union(*some.values())) if some else Q()
    rows = cohort.memberships.filter(stayed & called).select_related("user", "unit", "group")
    return rows.order_by("group__number", "user__sort_key", "pk")


def totals_of(cohort: Cohort, day: date, table: Table) -> list[Totals]:
    """The counts of each half day of that day among those whom it calls, in two queries."""
    members = members_on(cohort, day, table).order_by()
    sizes = dict(members.values_list("group").annotate(n=Count("pk")))
    rows = Attendance.objects.filter(membership__in=members.values("pk"), day=day).order_by()
    counts: dict[HalfDay, Counter[str]] = defaultdict(Counter)
    for half, status, group, n in rows.values_list("half", "status", "membership__group").annotate(n=Count("pk")):
        place = HalfDay(day, half)
        counts[place][status] += n if table.calls(place, group) else 0
    expected = {place: sum(n for group, n in sizes.items() if table.calls(place, group)) for place in table}
    return [Totals(place, expected[place], dict(counts[place])) for place in table]


def recorded_on(members: Iterable[Membership], day: date) -> Recorded:
    """What is on record for each of the members on that day, by half day. One query."""
    found: Recorded = defaultdict(dict)
    rows = Attendance.objects.filter(membership__in=[m.pk for m in members], day=day).select_related("recorded_by")
    for row in rows:
        found[row.membership_id][row.half] = row
    return found


def cell(row: Attendance | None, *, is_due: bool = True) -> dict[str, Any]:
    """Mark, word, and how and when it was recorded; nothing on record is a state, as is nothing to attend."""
    if row is None and not is_due:
        return {"kind": NOT_DUE, "word": _("本组没有课"), "how": ""}
    status = row.status if row else ""
    word = AttendanceStatus(row.status).label if row else _("未登记")
    return {"kind": HALF_DAY_MARKS[status], "word": word, "how": record_words(row) if row else ""}


def failed_scans(cohort: Cohort, day: date) -> QuerySet[Scan]:
    """Attempts of that day that led to nothing, the newest first; also those whose code named no check-in at all."""
    members = cohort.memberships.values("user")
    meant = Q(check_in__cohort=cohort, check_in__day=day) | Q(check_in=None, user__in=members, at__date=day)
    rows = Scan.objects.filter(meant, outcome__in=FAILED).select_related("user__unit", "check_in")
    return rows.order_by("-at", "-pk")
