"""Sitting an exam: begun once, saved answer by answer, handed in once, marked at once, ended by the server's clock."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Answer, Attempt, AttemptItem, AttemptState, Exam, QuestionVersion, Seat, Voiding
from assessments.reading.bank import lines_of, pool_for
from assessments.rules.paper import Drawn, PoolTooSmall, draw, shuffled_options
from assessments.rules.scoring import ItemValue, PaperScore, allowed_choice, has_passed, score_paper
from assessments.rules.timing import deadline_of, is_late, seconds_left
from assessments.services.results import restate
from assessments.signals import announce_results
from core import clock
from core.errors import DomainError

CLOSED, LATE = "closed", "late"
MISFIT = "所选答案与题目不符，请刷新页面后重新选择。"
MOST_BLURS = 10_000
LARGEST_SEQUENCE = 2**53  # what a browser's script counts exactly


@dataclass(frozen=True)
class Choice:
    """What a browser says about one item: option numbers of the wording and the client's sequence number."""

    choice: Sequence[int]
    sequence: int
    flagged: bool = False


@dataclass(frozen=True)
class Saved:
    """What the server holds for an item afterwards; ``applied`` is False where something newer stands."""

    applied: bool
    choice: list[int]
    flagged: bool
    sequence: int
    seconds_left: int


# --- beginning ---


@transaction.atomic
def start_attempt(*, user: Any, exam: Exam, arrived_at: datetime | None = None, seed: int | None = None) -> Attempt:
    """The running attempt, or a new one with a paper of its own; two starts at once give one."""
    now = arrived_at or clock.now()
    place = lock_seat(exam, user)
    attempts = list(place.attempts.order_by("number"))
    running = next((a for a in attempts if a.state == AttemptState.RUNNING), None)
    if running is not None and not is_late(now, deadline=running.deadline_at, grace=place.exam.grace_seconds):
        return running
    if running is not None:
        running.seat = place
        _finish(running, at=running.deadline_at, auto=True)
    _check_start(place, len(attempts), now)
    return _begin(place, len(attempts) + 1, now, secrets.randbits(48) if seed is None else seed)


def lock_seat(exam: Exam, user: Any) -> Seat:
    """The person's seat with its exam, held until the transaction ends."""
    seats = Seat.objects.select_related("exam").select_for_update(of=("self",))
    place = seats.filter(exam=exam, user=user).first()
    if place is None:
        raise DomainError(_("您不在本场考试的名单中，如有疑问请联系培训处。"), code="forbidden")
    return place


def _check_start(place: Seat, used: int, now: datetime) -> None:
    exam, allowed = place.exam, place.attempts_allowed
    if now < exam.opens_at:
        raise DomainError(_("考试尚未开始，请在开始时间之后进入。"))
    if used >= allowed:
        raise DomainError(_("允许作答的次数（%(n)s 次）已经用完。") % {"n": allowed})
    if place.may_make_up(now):
        return
    if exam.released_at:
        raise DomainError(_("本场考试成绩已经公布，不能再作答。"))
    if now >= exam.closes_at:
        raise DomainError(_("考试已经截止，不能再开始作答。如因故缺考，请联系培训处。"))


def _begin(place: Seat, number: int, now: datetime, seed: int) -> Attempt:
    paper = _draw(place, seed)
    exam = place.exam
    attempt = Attempt.objects.create(
        seat=place,
        number=number,
        seed=seed,
        started_at=now,
        deadline_at=deadline_of(
            started=now, minutes=exam.minutes, extra_minutes=place.extra_minutes, closes_at=place.closes_at
        ),
        full_score=sum(item.points for item in paper),
    )
    _lay_out(attempt, paper)
    return attempt


def _draw(place: Seat, seed: int) -> list[Drawn]:
    """A paper without the questions that the person had in an earlier attempt or in an excluded exam."""
    lines = lines_of(place.exam.blueprint_id)
    had = Q(attempt__seat__exam=place.exam) | Q(attempt__seat__exam__excluded_by=place.exam)
    items = AttemptItem.objects.filter(had, attempt__seat__user=place.user_id).order_by()
    seen = set(items.values_list("version__question", flat=True))
    try:
        return draw(lines, pool_for(lines), seed=seed, avoid=seen)
    except PoolTooSmall as short:
        raise DomainError(_("题库可用试题不足，暂时不能开始考试，请联系培训处。")) from short


def _lay_out(attempt: Attempt, paper: list[Drawn]) -> None:
    """The items with their shuffled options, and an empty answer to each."""
    options = dict(
        QuestionVersion.objects.filter(pk__in=[item.question.version for item in paper]).values_list("pk", "options")
    )
    items = AttemptItem.objects.bulk_create(
        AttemptItem(
            attempt=attempt,
            position=position,
            version_id=item.question.version,
            option_order=shuffled_options(
                item.question.kind, len(options[item.question.version]), seed=attempt.seed, position=position
            ),
            points=item.points,
        )
        for position, item in enumerate(paper, 1)
    )
    Answer.objects.bulk_create(Answer(item=item, saved_at=attempt.started_at) for item in items)


# --- answering ---


def save_answer(
    *,
    user: Any,
    attempt: Attempt,
    position: int,
    choice: Sequence[int],
    sequence: int,
    flagged: bool = False,
    arrived_at: datetime | None = None,
) -> Saved:
    """Keep the choice unless a newer sequence is kept already; refused after the deadline and its grace."""
    now = arrived_at or clock.now()
    with transaction.atomic():
        item = lock_item(position, attempt=attempt)
        if item is None:
            raise DomainError(_("试卷中没有这道题，请刷新页面。"))
        return _save(item, user, Choice(choice, sequence, flagged), now)


def save_shown(
    *,
    user: Any,
    public_id: UUID,
    position: int,
    shown: Sequence[int],
    sequence: int,
    flagged: bool = False,
    blurs: int = 0,
    arrived_at: datetime | None = None,
) -> Saved | None:
    """The same for a browser, which knows places on its paper only; None where the paper is not the person's."""
    now = arrived_at or clock.now()
    with transaction.atomic():
        item = lock_item(position, attempt__public_id=public_id, attempt__seat__user=user)
        if item is None:
            return None
        chosen = Choice(option_numbers(item.option_order, shown), sequence, flagged)
        _note_blurs(item.attempt, blurs)
        saved = _save(item, user, chosen, now)
    return replace(saved, choice=shown_places(item.option_order, saved.choice))


def option_numbers(order: Sequence[int], shown: Sequence[int]) -> list[int]:
    """From places on the paper to option numbers of the wording; refuses a place that is not there."""
    if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n < len(order) for n in shown):
        raise DomainError(_(MISFIT))
    return [order[n] for n in shown]


def shown_places(order: Sequence[int], choice: Sequence[int]) -> list[int]:
    """From option numbers of the wording to places on the paper."""
    return sorted(order.index(number) for number in choice)


def _save(item: AttemptItem, user: Any, wanted: Choice, now: datetime) -> Saved:
    held = item.attempt
    _check_open(held, user, now)
    _check_choice(item.version.question.kind, len(item.option_order), wanted)
    return _keep(item.answer, wanted, now, seconds_left(now, held.deadline_at))


def _note_blurs(held: Attempt, blurs: int) -> None:
    """How often the page was left; shown to staff, never a reason by itself."""
    if blurs > held.blur_count and held.state == AttemptState.RUNNING:
        Attempt.objects.filter(pk=held.pk).update(blur_count=min(blurs, MOST_BLURS))


def save_answers(
    *, user: Any, attempt: Attempt, choices: Mapping[int, Choice], arrived_at: datetime | None = None
) -> int:
    """Keep a whole form at once (pages without scripts); each item by its own sequence. How many were changed."""
    now = arrived_at or clock.now()
    with transaction.atomic():
        _check_open(lock_attempt(attempt), user, now)
        items = attempt.items.filter(position__in=choices).select_related("answer", "version__question")
        changed = []
        for item in items.defer("version__explanation", "version__answer"):
            wanted = choices[item.position]
            _check_choice(item.version.question.kind, len(item.option_order), wanted)
            if _is_news(item.answer, wanted):
                changed.append(_written(item.answer, wanted, now))
        return Answer.objects.bulk_update(changed, ["choice", "flagged", "sequence", "saved_at"]) if changed else 0


def lock_item(position: int, **attempt: Any) -> AttemptItem | None:
    """The item with its answer; the attempt's row is held, so that no hand-in overtakes the save."""
    items = AttemptItem.objects.select_related("attempt__seat__exam", "version__question", "answer")
    needed = items.only(
        "option_order", "version__question__kind", "answer", "attempt__state", "attempt__deadline_at",
        "attempt__blur_count", "attempt__seat__user_id", "attempt__seat__exam__grace_seconds",
    )  # fmt: skip
    return needed.select_for_update(of=("attempt",)).filter(position=position, **attempt).first()


def _check_open(held: Attempt, user: Any, now: datetime) -> None:
    if held.seat.user_id != user.pk:
        raise PermissionDenied
    if held.state != AttemptState.RUNNING:
        raise DomainError(_("试卷已经交出，不能再修改答案。"), code=CLOSED)
    if is_late(now, deadline=held.deadline_at, grace=held.seat.exam.grace_seconds):
        raise DomainError(_("作答时间已到，此前保存的答案有效。"), code=LATE)


def _check_choice(kind: str, options: int, wanted: Choice) -> None:
    if not allowed_choice(kind, options, wanted.choice) or not 0 <= wanted.sequence <= LARGEST_SEQUENCE:
        raise DomainError(_(MISFIT))


def _is_news(held: Answer, wanted: Choice) -> bool:
    same = (held.choice, held.flagged) == (sorted(wanted.choice), wanted.flagged)
    return wanted.sequence > held.sequence and not same


def _written(held: Answer, wanted: Choice, now: datetime) -> Answer:
    held.choice, held.flagged = sorted(wanted.choice), wanted.flagged
    held.sequence, held.saved_at = wanted.sequence, now
    return held


def _keep(held: Answer, wanted: Choice, now: datetime, left: int) -> Saved:
    """Write a newer choice; an equal repeat is confirmed, an older one is answered with what stands."""
    if wanted.sequence > held.sequence:
        _written(held, wanted, now).save(update_fields=["choice", "flagged", "sequence", "saved_at"])
        return Saved(True, held.choice, held.flagged, held.sequence, left)
    same = (held.choice, held.flagged) == (sorted(wanted.choice), wanted.flagged)
    return Saved(same and wanted.sequence == held.sequence, held.choice, held.flagged, held.sequence, left)


# --- handing in ---


def submit(*, user: Any, attempt: Attempt, arrived_at: datetime | None = None) -> Attempt:
    """Hand in and mark; handed in before, it is returned as it is. Too late, what was saved in time counts."""
    now = arrived_at or clock.now()
    with transaction.atomic():
        held = lock_attempt(attempt)
        if held.seat.user_id != user.pk:
            raise PermissionDenied
        if held.state == AttemptState.RUNNING:
            late = is_late(now, deadline=held.deadline_at, grace=held.seat.exam.grace_seconds)
            _finish(held, at=held.deadline_at if late else now, auto=late, user=user)
    return held


def settle(attempt: Attempt, *, now: datetime | None = None) -> Attempt:
    """End the attempt if its time and grace are over; otherwise it stays as it is."""
    if attempt.state != AttemptState.RUNNING:
        return attempt
    moment = now or clock.now()
    if not is_late(moment, deadline=attempt.deadline_at, grace=attempt.seat.exam.grace_seconds):
        return attempt
    with transaction.atomic():
        held = lock_attempt(attempt)
        if held.state == AttemptState.RUNNING:
            _finish(held, at=held.deadline_at, auto=True)
    return held


def finish_overdue(*, exam: Exam | None = None) -> int:
    """Hand in every attempt whose time and grace are over, each in a transaction of its own; how many."""
    now = clock.now()
    overdue = Attempt.objects.overdue().select_related("seat__exam")
    due = overdue if exam is None else overdue.filter(seat__exam=exam)
    return sum(settle(attempt, now=now).state == AttemptState.MARKED for attempt in due)


def lock_attempt(attempt: Attempt) -> Attempt:
    """The attempt with its seat and exam, held until the transaction ends."""
    return Attempt.objects.select_related("seat__exam", "seat__user").select_for_update(of=("self",)).get(pk=attempt.pk)


def finish_now(held: Attempt) -> None:
    """End a running, locked attempt by order of the office; what is saved is marked."""
    _finish(held, at=clock.now(), auto=True)


def _finish(held: Attempt, *, at: datetime, auto: bool, user: Any = None) -> None:
    """Mark the locked attempt from its last saved answers and keep the seat's result."""
    score = marked(held)
    held.state, held.score = AttemptState.MARKED, score.score
    held.submitted_at, held.auto_submitted = at, auto
    if close_running(held):
        _keep_result(held.seat, score)
        log(held, "assessments.submit_attempt", user=user, data={"auto": auto})
        if held.seat.exam.released_at:
            _count_at_once(held.seat)


def _count_at_once(place: Seat) -> None:
    """A make-up in an exam whose results are public: it counts, and is told, as soon as it is handed in."""
    granted = Voiding.objects.filter(attempt__seat=place, again_until__isnull=False).order_by("at").last()
    actor = granted.by if granted else place.exam.made_by
    restate(actor=actor, seat=place, reason=_("补考成绩"))
    announce_results(place.exam)


def close_running(held: Attempt) -> bool:
    """Write the outcome where the attempt is still running; False where it was closed before."""
    outcome = {name: getattr(held, name) for name in ("state", "score", "submitted_at", "auto_submitted")}
    return bool(Attempt.objects.filter(pk=held.pk, state=AttemptState.RUNNING).update(**outcome))


def marked(attempt: Attempt) -> PaperScore:
    """The score of the answers as they are saved now."""
    rows = attempt.items.order_by().values_list("version__answer", "answer__choice", "points")
    return score_paper(ItemValue(key, choice or [], points) for key, choice, points in rows)


def _keep_result(place: Seat, score: PaperScore) -> None:
    """The seat shows its best or its last result, by the exam's rule."""
    seats = Seat.objects.filter(pk=place.pk)
    if place.exam.best_counts:
        seats = seats.filter(Q(percent__isnull=True) | Q(percent__lt=score.percent))
    passed = has_passed(score.score, score.full, place.exam.pass_percent)
    seats.update(score=score.score, percent=score.percent, passed=passed, is_voided=False)
