"""What courses, exams, tasks and the coming half days still offer to members, read in two queries."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from assessments.models import Exam, Seat, Submission
from cohorts.models import Membership, Requirement
from cohorts.reading.classes import Table, due
from cohorts.rules.graduation import MemberStanding, least_attended
from cohorts.rules.saving import Offer

Offers = dict[int, dict[str, Offer]]


def offers_of(
    tree: list[Requirement], members: list[Membership], found: dict[int, MemberStanding], table: Table
) -> Offers:
    """By member and key of the leaf."""
    seats, works = _seats(tree, members), _works(tree, members)
    return {
        m.pk: {
            f"requirement:{r.pk}": _offer(r, m, found[m.pk], seats, works, table)
            for r in tree
            if r.kind not in (Requirement.Kind.ALL, Requirement.Kind.N_OF)
        }
        for m in members
    }


Key = tuple[int, int]


def _offer(
    leaf: Requirement,
    member: Membership,
    standing: MemberStanding,
    seats: dict[Key, Any],
    works: dict[Key, Submission],
    table: Table,
) -> Offer:
    if leaf.exam:
        return _sitting(leaf.exam, seats.get((leaf.exam.pk, member.user_id)))
    if leaf.task:
        work = works.get((leaf.task.pk, member.user_id))
        handed_in, graded = bool(work and work.handed_in_at), bool(work and work.grade)
        return Offer("task", leaf.task.due_at, handed_in=handed_in, is_final=graded)
    if leaf.share is not None:
        owed = len(due(table, member))
        short = max(least_attended(owed, leaf.share) - standing.attended, 0)
        return Offer("attendance", half_days_left=owed - standing.half_days, half_days_short=short)
    return Offer(str(leaf.kind), leaf.survey.closes_at if leaf.survey else None)


def _sitting(exam: Exam, seat: Any) -> Offer:
    """An exam as it is still open to a seat with its number of tries (``used``)."""
    if seat is None:
        return Offer("exam", exam.closes_at, is_final=exam.released_at is not None)
    left = exam.attempts_allowed + seat.extra_attempts - seat.used
    again = seat.makeup_until if left > 0 else None
    return Offer("exam", exam.closes_at, left, bool(seat.used), again, exam.released_at is not None)


def _seats(tree: list[Requirement], members: list[Membership]) -> dict[Key, Any]:
    """The seats of the class's exams, each with how often it was sat (``used``)."""
    rows = Seat.objects.filter(exam__in=[r.exam_id for r in tree if r.exam_id], user__in=[m.user_id for m in members])
    return {(row.exam_id, row.user_id): row for row in rows.annotate(used=Count("attempts"))}


def _works(tree: list[Requirement], members: list[Membership]) -> dict[Key, Submission]:
    rows = Submission.objects.filter(
        task__in=[r.task_id for r in tree if r.task_id], user__in=[m.user_id for m in members]
    )
    return {(row.task_id, row.user_id): row for row in rows.only("task", "user", "handed_in_at", "grade")}
