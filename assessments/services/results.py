"""What a sitting or a work comes to: which attempt counts, the seat's result, and what is said as evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from assessments.models import Attempt, AttemptItem, AttemptState, Exam, RubricCriterion, Seat, Submission
from assessments.rules.evidence import ItemResult, by_indicator
from assessments.rules.scoring import has_passed, is_right, percent_of
from competencies.models import Evidence, Kind, Phase
from competencies.services import EvidenceEntry, record_evidence, reverse_evidence
from core import clock


def evidence_of(exam: Exam) -> list[EvidenceEntry]:
    """Per person and scored indicator with at least two items: a score of 1–5 from the attempt that counts."""
    return _entries(exam, counting_attempts(exam), exam_ref(exam))


def counting_attempts(exam: Exam, seat: Seat | None = None) -> dict[int, Attempt]:
    """The attempt that counts for each seat (or for one), by its id: the best or the last, by the exam's rule."""
    chosen: dict[int, Attempt] = {}
    marked = Attempt.objects.filter(seat__exam=exam, state=AttemptState.MARKED).select_related("seat")
    for attempt in (marked if seat is None else marked.filter(seat=seat)).order_by("number"):
        held = chosen.get(attempt.seat_id)
        if held is None or not exam.best_counts or _share(attempt) > _share(held):
            chosen[attempt.seat_id] = attempt
    return {attempt.pk: attempt for attempt in chosen.values()}


def recount(seat: Seat) -> None:
    """The locked seat's result anew, from the attempts that count; without one it says whether any was voided."""
    counting = next(iter(counting_attempts(seat.exam, seat).values()), None)
    seat.score = seat.percent = seat.passed = None
    seat.is_voided = counting is None and seat.attempts.filter(state=AttemptState.VOIDED).exists()
    if counting is not None:
        seat.score, full = counting.score or Decimal(0), counting.full_score
        seat.percent, seat.passed = percent_of(seat.score, full), has_passed(seat.score, full, seat.exam.pass_percent)
    seat.save(update_fields=["score", "percent", "passed", "is_voided"])


def restate(*, actor: Any, seat: Seat, reason: str) -> None:
    """Take back what a released exam says of one person, and say anew what the attempt that counts now says."""
    ref = _take_back(actor, seat.user_id, exam_ref(seat.exam), reason)
    record_evidence(actor=actor, entries=_entries(seat.exam, counting_attempts(seat.exam, seat), ref))


def say_of_work(
    held: Submission, actor: Any, criteria: Sequence[RubricCriterion], levels: Mapping[int, Decimal], reason: str
) -> None:
    """Take back what the work said of the person, then say it anew; indicators that are not scored are left out."""
    ref = _take_back(actor, held.user_id, work_ref(held), reason)
    entries = [
        EvidenceEntry(
            user_id=held.user_id,
            indicator_id=criterion.indicator_id,
            kind=Kind.TASK,
            phase=Phase.DURING,
            score=levels[criterion.pk],
            items=1,
            source_label=held.task.title,
            source_ref=ref,
            context_key=held.task.context_key,
            observed_on=clock.today(),
        )
        for criterion in criteria
        if criterion.indicator.scored
    ]
    record_evidence(actor=actor, entries=entries)


def unsay_work(held: Submission, actor: Any, reason: str) -> None:
    """Take back what the work said of the person."""
    _take_back(actor, held.user_id, work_ref(held), reason)


def _take_back(actor: Any, user: int, name: str, reason: str) -> str:
    """Reverse what stands under the name; the name under which it may be said anew, for none is used twice."""
    said = Evidence.objects.filter(user=user, reverses__isnull=True, source_ref__startswith=name)
    former = list(said.select_related(None))
    if former:
        reverse_evidence(actor=actor, evidence=former, reason=reason)
    used = {piece.source_ref for piece in former}
    return next(f"{name}:{n}" for n in count(1) if f"{name}:{n}" not in used) if used else name


def exam_ref(exam: Exam) -> str:
    return f"exam:{exam.public_id}"


def work_ref(held: Submission) -> str:
    return f"task:{held.task.public_id}:{held.public_id}"


def _entries(exam: Exam, counting: Mapping[int, Attempt], ref: str) -> list[EvidenceEntry]:
    items: dict[int, list[ItemResult]] = defaultdict(list)
    rows = AttemptItem.objects.filter(attempt__in=counting).values_list(
        "attempt", "version__question__indicator", "version__question__indicator__scored", "version__answer",
        "answer__choice",
    )  # fmt: skip
    for attempt, indicator, scored, key, choice in rows.iterator(chunk_size=2000):
        items[attempt].append(ItemResult(indicator, scored, is_right(key, choice or [])))
    return [
        _entry(exam, counting[attempt], result, ref)
        for attempt in sorted(items)
        for result in by_indicator(items[attempt])
    ]


def _entry(exam: Exam, attempt: Attempt, result: Any, ref: str) -> EvidenceEntry:
    return EvidenceEntry(
        user_id=attempt.seat.user_id,
        indicator_id=result.indicator,
        kind=Kind.TEST,
        phase=exam.phase,
        score=result.score,
        items=result.items,
        source_label=exam.title,
        source_ref=ref,
        context_key=exam.context_key,
        observed_on=timezone.localdate(attempt.submitted_at),
    )


def _share(attempt: Attempt) -> Decimal:
    return (attempt.score or Decimal(0)) / attempt.full_score
