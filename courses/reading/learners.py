"""The learners of a course as those who look after them see them, in a number of queries that does not grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from courses.models import Course, EditionLesson, Enrolment, LessonProgress, LessonProof, LiveAttendance
from courses.reading.live import ended
from courses.rules.stuck import FAILED_TRIES, Reason, Trace, reasons

ACTIVE = Q(state=Enrolment.State.ACTIVE)


@dataclass(frozen=True)
class Learner:
    """An enrolment with the reasons why it does not get on."""

    enrolment: Enrolment
    reasons: list[Reason]


def with_signs(rows: QuerySet[Enrolment], now: datetime, days: int) -> QuerySet[Enrolment]:
    """Enrolments with the signs of being stuck, so that they can be counted and narrowed."""
    failing = LessonProgress.objects.filter(
        enrolment=OuterRef("pk"), lesson__required=True, check_passed=False, failed_tries__gte=FAILED_TRIES
    )
    proofs = LessonProof.objects.filter(enrolment=OuterRef("pk"), state=LessonProof.State.WAITING)
    said = LiveAttendance.objects.filter(lesson=OuterRef("pk"), enrolment=OuterRef(OuterRef("pk")))
    live = _ended_live(now).filter(~Exists(said), edition=OuterRef("edition"))
    absent = LiveAttendance.objects.filter(enrolment=OuterRef("pk"), status=LiveAttendance.Status.ABSENT)
    missed = absent.filter(lesson__in=_ended_live(now).values("pk"))
    marked = rows.annotate(
        is_failing=Exists(failing),
        proof_waits=Exists(proofs),
        live_waits=Exists(live),
        has_missed=Exists(missed),
        last_move=Coalesce("touched_at", "enrolled_at"),
    )
    return marked.annotate(is_idle=_still_since(now - timedelta(days=days)))


def _still_since(moment: datetime) -> Case:
    """Nothing moved since, and nothing of theirs waits for us."""
    still = When(last_move__lte=moment, proof_waits=False, live_waits=False, then=Value(True))
    return Case(still, default=Value(False), output_field=BooleanField())


def _ended_live(now: datetime) -> QuerySet[EditionLesson]:
    return ended(now)


STUCK = {
    "idle": ACTIVE & Q(is_idle=True),
    "failing": ACTIVE & Q(is_failing=True),
    "confirming": ACTIVE & (Q(proof_waits=True) | Q(live_waits=True)),
    "missed": ACTIVE & Q(has_missed=True),
}
ANY_STUCK = STUCK["idle"] | STUCK["failing"] | STUCK["confirming"] | STUCK["missed"]


def figures(rows: QuerySet[Enrolment]) -> dict[str, int]:
    """How many there are, learn, are done, are stuck and wait for a confirmation; one query."""
    return rows.order_by().aggregate(
        everybody=Count("pk", filter=~Q(state=Enrolment.State.WITHDRAWN)),
        active=Count("pk", filter=ACTIVE),
        completed=Count("pk", filter=Q(state=Enrolment.State.COMPLETED)),
        stuck=Count("pk", filter=ANY_STUCK),
        confirming=Count("pk", filter=STUCK["confirming"]),
    )


def in_order(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """By name, as every list of people, with what a row shows."""
    lessons = EditionLesson.objects.only("pk", "title", "position", "edition")
    found = rows.select_related("user__unit", "edition").defer("edition__summary", "edition__outcomes")
    return found.prefetch_related(Prefetch("last_lesson", lessons)).order_by("user__sort_key", "pk")


def learners(rows: Iterable[Enrolment], keys: Any, now: datetime, days: int) -> list[Learner]:
    """The enrolments with their reasons; ``keys`` are theirs, as a list or a query. Five queries."""
    people = list(rows)
    traces = _Traces(keys, now)
    return [Learner(row, reasons(traces.of(row), now, days) if _learns(row) else []) for row in people]


def _learns(row: Enrolment) -> bool:
    return row.state == Enrolment.State.ACTIVE


class _Traces:
    """What is known of many learners, read at once."""

    def __init__(self, keys: Any, now: datetime) -> None:
        self._failing: dict[int, list[tuple[str, int]]] = defaultdict(list)
        self._proofs: dict[int, list[str]] = defaultdict(list)
        self._live: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self._said: dict[tuple[int, int], str] = {}
        failing = LessonProgress.objects.filter(enrolment__in=keys, lesson__required=True, check_passed=False)
        fields = ("enrolment_id", "lesson__title", "failed_tries")
        for key, title, tries in failing.filter(failed_tries__gte=FAILED_TRIES).values_list(*fields):
            self._failing[key].append((title, tries))
        waiting = LessonProof.objects.filter(enrolment__in=keys, state=LessonProof.State.WAITING)
        for key, title in waiting.values_list("enrolment_id", "lesson__title"):
            self._proofs[key].append(title)
        editions = Enrolment.objects.filter(pk__in=keys).values("edition")
        for edition, pk, title in _ended_live(now).filter(edition__in=editions).values_list("edition", "pk", "title"):
            self._live[edition].append((pk, title))
        said = LiveAttendance.objects.filter(enrolment__in=keys).values_list("enrolment_id", "lesson_id", "status")
        self._said = {(key, lesson): status for key, lesson, status in said}

    def of(self, row: Enrolment) -> Trace:
        sessions = [(title, self._said.get((row.pk, lesson))) for lesson, title in self._live[row.edition_id]]
        return Trace(
            enrolled_at=row.enrolled_at,
            touched_at=row.touched_at,
            here=row.last_lesson.title if row.last_lesson else "",
            failing=tuple(self._failing[row.pk]),
            proofs=tuple(self._proofs[row.pk]),
            live=tuple(title for title, status in sessions if status is None),
            missed=tuple(title for title, status in sessions if status == LiveAttendance.Status.ABSENT),
        )


def courses_looked_after(user: Any, now: datetime, days: int) -> QuerySet[Any]:
    """Courses with learners whom the person looks after, with their figures."""
    return _by_course(with_signs(Enrolment.objects.looked_after_by(user).standing(), now, days))


def courses_of_context(context_key: str, now: datetime, days: int) -> QuerySet[Any]:
    """The courses that are learnt in a context, with their figures; one query."""
    return _by_course(with_signs(Enrolment.objects.standing().filter(context_key=context_key), now, days))


def _by_course(rows: QuerySet[Enrolment]) -> QuerySet[Any]:
    return (
        rows.order_by()
        .values(key=F("edition__course__key"), title=F("edition__course__title"))
        .annotate(
            everybody=Count("pk"),
            completed=Count("pk", filter=Q(state=Enrolment.State.COMPLETED)),
            stuck=Count("pk", filter=ANY_STUCK),
            confirming=Count("pk", filter=STUCK["confirming"]),
        )
        .order_by("title")
    )


def course_of(user: Any, course: Course) -> QuerySet[Enrolment]:
    """The learners of a course whom the person looks after."""
    return Enrolment.objects.looked_after_by(user).filter(edition__course=course)
