"""Everything the desk shows, read once; the number of queries does not depend on how much there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from assessments.models import Seat, Submission, SurveyInvitation
from certificates.models import Certificate, CompetencyReport
from cohorts.models import Attendance, ClassNotice, Cohort, CohortState, Membership, MembershipState
from cohorts.reading.published import Told, told_to
from cohorts.rules.schedule import Entry
from core import clock
from courses.models import Enrolment
from courses.reading.lessons import learning_of
from courses.services.evaluations import VOLUNTARY
from records.reading.hours import compliance_of
from records.rules.compliance import WindowResult

MOST = 20  # rows of a kind that a desk looks at
LEFT = (MembershipState.WITHDRAWN, MembershipState.ABSENT)


@dataclass(frozen=True)
class Desk:
    """What concerns one cadre today."""

    user: Any
    now: datetime
    today: date
    membership: Membership | None
    told: Told | None
    attendance: list[Attendance]
    seats: list[Seat]
    submissions: list[Submission]
    evaluations: list[SurveyInvitation]
    enrolments: list[Enrolment]
    requirements: list[WindowResult]
    certificates: list[Certificate]
    reports: list[CompetencyReport]
    notices: list[ClassNotice]

    @property
    def sessions(self) -> list[Entry]:
        """What was published, from Monday of this week on, or of the class's first week where it has not begun."""
        if self.told is None or self.membership is None:
            return []
        first = max(self.today, self.membership.cohort.starts_on)
        monday = first - timedelta(days=first.weekday())
        return [entry for entry in self.told.entries if entry.day >= monday]

    @property
    def cohort(self) -> Cohort | None:
        return self.membership.cohort if self.membership else None


def desk_of(user: Any) -> Desk:
    """The desk of a person."""
    now, today = clock.now(), clock.today()
    membership = present_class(user, today)
    return Desk(
        user=user,
        now=now,
        today=today,
        membership=membership,
        told=_told(membership),
        attendance=_attendance(membership),
        seats=_seats(user),
        submissions=_submissions(user),
        evaluations=_evaluations(user),
        enrolments=list(learning_of(user)[:MOST]),
        requirements=compliance_of(user.pk, today),
        certificates=list(_certificates(user)),
        reports=_reports(user),
        notices=_notices(membership, now),
    )


def present_class(user: Any, today: date) -> Membership | None:
    """The class that runs, else the one that begins next, else the one that ended last."""
    rows = Membership.objects.filter(user=user).exclude(state__in=LEFT).exclude(cohort__state=CohortState.CANCELLED)
    rows = rows.select_related("cohort", "group").order_by("-cohort__starts_on", "-pk")[:MOST]
    return min(rows, key=lambda m: _nearness(m.cohort, today), default=None)


def _nearness(cohort: Cohort, today: date) -> tuple[int, int]:
    if cohort.state == CohortState.RUNNING:
        return 0, abs((cohort.starts_on - today).days)
    if cohort.state in (CohortState.CLOSED, CohortState.ARCHIVED):
        return 2, (today - cohort.ends_on).days
    return 1, (cohort.starts_on - today).days


def _told(membership: Membership | None) -> Told | None:
    """The published timetable of a class that is not over."""
    if membership is None or membership.cohort.state in (CohortState.CLOSED, CohortState.ARCHIVED):
        return None
    return told_to(membership)


def _attendance(membership: Membership | None) -> list[Attendance]:
    return list(Attendance.objects.filter(membership=membership).order_by("day", "half")) if membership else []


def _notices(membership: Membership | None, now: datetime) -> list[ClassNotice]:
    """Notices of the present class that were not opened yet."""
    if membership is None or membership.cohort.state in (CohortState.CLOSED, CohortState.ARCHIVED):
        return []
    rows = ClassNotice.objects.for_member(membership, now).unopened_by(membership)
    return list(rows.only("public_id", "title", "publish_at"))


def _seats(user: Any) -> list[Seat]:
    rows = Seat.objects.of(user).select_related("exam").prefetch_related("attempts")
    return list(rows.order_by("-exam__opens_at", "-pk")[:MOST])


def _submissions(user: Any) -> list[Submission]:
    rows = Submission.objects.filter(user=user).select_related("task")
    return list(rows.order_by("-task__due_at", "-pk")[:MOST])


def _evaluations(user: Any) -> list[SurveyInvitation]:
    """What one is asked to evaluate; evaluating a course is one's own choice and no duty, so it is not here."""
    rows = SurveyInvitation.objects.of(user).to_answer().exclude(survey__context_key__startswith=VOLUNTARY)
    rows = rows.select_related("survey")
    return list(rows.order_by("survey__closes_at", "pk")[:MOST])


def _certificates(user: Any) -> Any:
    rows = Certificate.objects.filter(membership__user=user).only("printed", "number", "status")
    return rows.order_by("-issued_on", "-pk")[:3]


def _reports(user: Any) -> list[CompetencyReport]:
    """The last version of the report of each of the person's classes."""
    rows = CompetencyReport.objects.filter(membership__user=user).select_related("membership__cohort")
    shown = ("public_id", "membership__cohort__title", "membership__cohort__intake_no")
    newest: dict[int, CompetencyReport] = {}
    for row in rows.only(*shown).order_by("-made_at", "-version"):
        newest.setdefault(row.membership_id, row)
    return list(newest.values())[:3]
