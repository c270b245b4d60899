"""One day's attendance: who should be there, who was, how each status came about; queries do not grow with members."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from cohorts.halfdays import HalfDay, half_word
from cohorts.hours import ATTENDED
from cohorts.models import Attendance, AttendanceStatus, Cohort, Membership, MembershipState, Scan
from cohorts.models.check_in import FAILED
from cohorts.presenters import HALF_DAY_MARKS, record_words
from cohorts.querysets import SERVED

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


def places_of(cohort: Cohort, day: date) -> list[HalfDay]:
    """The half days of that day that stand in the timetable."""
    halves = cohort.sessions.filter(day=day).order_by("half").values_list("half", flat=True).distinct()
    return [HalfDay(day, half) for half in halves]


def members_on(cohort: Cohort, day: date) -> QuerySet[Membership]:
    """Those who owed attendance on that day, by group and name."""
    stayed = Q(state__in=SERVED) | Q(state=MembershipState.WITHDRAWN, ended_on__gte=day)
    rows = cohort.memberships.filter(stayed).select_related("user", "unit", "group")
    return rows.order_by("group__number", "user__sort_key", "pk")


def totals_of(cohort: Cohort, day: date) -> list[Totals]:
    """The counts of each half day of that day, in three queries."""
    members = members_on(cohort, day)
    rows = Attendance.objects.filter(membership__in=members.order_by().values("pk"), day=day)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for half, status, n in rows.values_list("half", "status").annotate(n=Count("pk")).order_by():
        counts[half][status] = n
    expected = members.count()
    return [Totals(place, expected, dict(counts[place.half])) for place in places_of(cohort, day)]


def recorded_on(members: Iterable[Membership], day: date) -> Recorded:
    """What is on record for each of the members on that day, by half day. One query."""
    found: Recorded = defaultdict(dict)
    rows = Attendance.objects.filter(membership__in=[m.pk for m in members], day=day).select_related("recorded_by")
    for row in rows:
        found[row.membership_id][row.half] = row
    return found


def cell(row: Attendance | None) -> dict[str, Any]:
    """Mark, word, and how and when it was recorded; nothing on record is a state of its own."""
    status = row.status if row else ""
    word = AttendanceStatus(row.status).label if row else _("未登记")
    return {"kind": HALF_DAY_MARKS[status], "word": word, "how": record_words(row) if row else ""}


def failed_scans(cohort: Cohort, day: date) -> QuerySet[Scan]:
    """Attempts of that day that led to nothing, the newest first; also those whose code named no check-in at all."""
    members = cohort.memberships.values("user")
    meant = Q(check_in__cohort=cohort, check_in__day=day) | Q(check_in=None, user__in=members, at__date=day)
    rows = Scan.objects.filter(meant, outcome__in=FAILED).select_related("user__unit", "check_in")
    return rows.order_by("-at", "-pk")
