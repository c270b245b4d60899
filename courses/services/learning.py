"""Progress is written as it happens: one row per lesson, one summary row per enrolment, kept by the same write."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from assessments.models import CheckAttempt
from assessments.services import answer_check
from core import clock
from core.errors import Conflict, DomainError
from courses.models import EditionLesson, Enrolment, LessonProgress, PlaybackLease
from courses.reading.standing import shape_of, state_of
from courses.rules import progress
from courses.rules.progress import Allowance, Intervals, LessonShape, LessonState, ProgressUpdate, Refusal
from courses.services.access import refuse_moved, refuse_stranger
from courses.services.anomalies import note_refusals
from courses.services.crediting import credit_online
from courses.services.playing import ALIVE_GRACE, alive_at, idle_after, keep_lease, progress_row, refuse_other_page
from courses.signals import course_completed, lesson_completed

OPENED = 1  # the position of a document that was opened
TOUCH_EVERY = timedelta(seconds=60)  # the summary row is not written more often than this by mere reading
MOST_TURNS = 5  # how often a write that came second reads again
LEASE_FIELDS = ("id", "session", "enrolment_id", "opened_at", "seen_at", "alive_at")
LEASE = {f"lease_{name}": F(f"enrolment__user__playback_lease__{name}") for name in LEASE_FIELDS}


@dataclass(frozen=True)
class Standing:
    """Where a learner stands after a write."""

    state: LessonState
    shape: LessonShape
    lessons_done: int
    lessons_total: int
    course_done: bool
    refusals: tuple[Refusal, ...] = ()

    @property
    def lesson_done(self) -> bool:
        return progress.is_done(self.state, self.shape)

    @property
    def missing(self) -> list[str]:
        return progress.missing(self.state, self.shape)


@dataclass(frozen=True)
class CheckOutcome:
    """A try at the check of a lesson and where it left the learner."""

    attempt: CheckAttempt
    standing: Standing


def save_progress(*, user: Any, enrolment: Enrolment, lesson: EditionLesson, update: ProgressUpdate) -> Standing:
    """Add what was read or played; a repeat changes nothing, what cannot have been played is left out and kept apart.

    The row is written only as it was read: whoever comes second reads again. PlayingElsewhere when another page counts.
    """
    refuse_stranger(user, enrolment, lesson)
    for _turn in range(MOST_TURNS):
        standing = _added(enrolment, lesson, update)
        if standing:
            return standing
    raise Conflict(_("学习进度没有记下来，正在重试。"))


def _added(enrolment: Enrolment, lesson: EditionLesson, update: ProgressUpdate) -> Standing | None:
    """One turn; None when the row was written by somebody else in the meantime."""
    now, shape = clock.now(), shape_of(lesson)
    row, lease = _row_and_lease(enrolment, lesson, now)
    refuse_moved(row.enrolment_state)
    refuse_other_page(lease, enrolment, shape, update.session, now)
    applied = progress.apply(state_of(row), update, shape, _allowance(row, lease, update, now))
    completes = row.completed_at is None and progress.is_done(applied.state, shape)
    with transaction.atomic() if completes or applied.refusals else nullcontext():
        if applied.changed and not _written(row, applied.state, now):
            return None
        if applied.refusals:
            note_refusals(enrolment=enrolment, lesson=lesson, refusals=applied.refusals, now=now)
        standing = standing_after(enrolment, lesson, row, applied.state, now, applied.refusals)
    _touch(enrolment, lesson, now)
    if lease and lease.session == update.session:
        keep_lease(lease, update, now)
    return standing


@cache
def _rows_with_lease() -> QuerySet[LessonProgress]:
    """Put together once: this is asked with every report of every page."""
    return LessonProgress.objects.annotate(enrolment_state=F("enrolment__state"), **LEASE)


def _row_and_lease(
    enrolment: Enrolment, lesson: EditionLesson, now: datetime
) -> tuple[LessonProgress, PlaybackLease | None]:
    """The row of this lesson, made when missing, and the learner's lease; one query where both are there."""
    rows = _rows_with_lease().filter(enrolment_id=enrolment.pk, lesson_id=lesson.pk)
    row = next(iter(rows), None)
    if row is None:
        progress_row(enrolment, lesson, now)
        row = rows.get()
    values = {name: getattr(row, f"lease_{name}") for name in LEASE_FIELDS}
    return row, PlaybackLease(**values) if values["id"] else None


def _allowance(row: LessonProgress, lease: PlaybackLease | None, update: ProgressUpdate, now: datetime) -> Allowance:
    """The clock runs since the last write of this lesson, and not before the page was opened."""
    if lease is None:
        return Allowance(progress.NONE)
    return progress.allowed_since(
        max(row.updated_at, lease.opened_at),
        now,
        before=lease.alive_at + ALIVE_GRACE,
        alive=alive_at(lease, update, now),
        idle=idle_after(),
    )


@transaction.atomic
def answer_lesson_check(
    *, user: Any, enrolment: Enrolment, lesson: EditionLesson, client_key: UUID, answers: Mapping[str, list[int]]
) -> CheckOutcome:
    """Mark a try at the lesson's check; once passed it stays passed."""
    refuse_stranger(user, enrolment, lesson)
    if lesson.check_paper is None:
        raise DomainError(_("这一课时没有测验，读完或者看完即可。"))
    now = clock.now()
    row = progress_row(enrolment, lesson, now)
    key = f"enrolment:{enrolment.public_id}"
    attempt = answer_check(user=user, paper=lesson.check_paper, context_key=key, client_key=client_key, answers=answers)
    row = _held(row)
    if attempt.paper_id == lesson.check_paper_id and attempt.context_key == key:
        _note_try(row, attempt)
    _touch(enrolment, lesson, now)
    return CheckOutcome(attempt, standing_after(enrolment, lesson, row, state_of(row), now))


@transaction.atomic
def note_opened(*, user: Any, enrolment: Enrolment, lesson: EditionLesson) -> None:
    """The learner opened the document of a lesson; from now on their word that they read it counts."""
    refuse_stranger(user, enrolment, lesson)
    now = clock.now()
    row = _held(progress_row(enrolment, lesson, now))
    if not row.position:
        _put(row, position=OPENED, updated_at=now)
        _touch(enrolment, lesson, now)


@transaction.atomic
def confirm_lesson(*, enrolment: Enrolment, lesson: EditionLesson, confirmed: bool = True) -> Standing:
    """What a person decided on a lesson that no click completes; the lesson's check is asked for all the same.

    Taking a confirmation back is refused once the lesson counts as done.
    """
    now = clock.now()
    row = _held(progress_row(enrolment, lesson, now))
    if row.completed_at and not confirmed:
        raise DomainError(_("%(name)s的这一课时已经完成，不能再改为未参加。") % {"name": enrolment.user.name})
    row.confirmed_at = (row.confirmed_at or now) if confirmed else None
    _put(row, confirmed_at=row.confirmed_at, updated_at=now)
    return standing_after(enrolment, lesson, row, state_of(row), now)


@transaction.atomic
def count_moments(*, enrolment: Enrolment, lesson: EditionLesson, moments: Intervals) -> Decimal:
    """A person had these moments counted; how many seconds are new. The rules of completion run as ever."""
    now = clock.now()
    row = _held(progress_row(enrolment, lesson, now))
    before = state_of(row)
    watched = progress.clipped([*before.watched, *moments], shape_of(lesson).seconds)
    state = replace(before, watched=watched)
    _put(row, watched=progress.stored(watched), watched_seconds=state.watched_seconds)
    standing_after(enrolment, lesson, row, state, now)
    return state.watched_seconds - before.watched_seconds


def _note_try(row: LessonProgress, attempt: CheckAttempt) -> None:
    """Once passed it stays passed; tries that failed are counted as they stand, however often they are sent."""
    if row.check_passed:
        return
    row.check_passed = attempt.passed
    tries = CheckAttempt.objects.filter(user=attempt.user_id, paper=attempt.paper_id, context_key=attempt.context_key)
    row.failed_tries = tries.filter(passed=False).count()
    _put(row, check_passed=row.check_passed, failed_tries=row.failed_tries)


def _held(row: LessonProgress) -> LessonProgress:
    """The row as it stands, held until the write is done."""
    return LessonProgress.objects.select_for_update().get(pk=row.pk)


def _put(row: LessonProgress, **values: Any) -> None:
    """Write to the held row, unless its learner was moved to another edition while we waited for it."""
    standing = LessonProgress.objects.filter(pk=row.pk).exclude(enrolment__state=Enrolment.State.MOVED)
    if not standing.update(version=F("version") + 1, **values):
        refuse_moved(Enrolment.State.MOVED)


def _written(row: LessonProgress, state: LessonState, now: datetime) -> bool:
    """Whether the row was still as it had been read; only what is new is written."""
    values: dict[str, Any] = {"sequence": state.sequence, "position": state.position, "version": row.version + 1}
    if state.reached_end != row.reached_end:
        values["reached_end"] = state.reached_end
    watched = progress.stored(state.watched)
    if watched != row.watched:
        values |= {"watched": watched, "watched_seconds": state.watched_seconds}
    if row.renewed:
        values["renewed"] = False
    if state.ahead != row.ahead:
        values["ahead"] = state.ahead
    unchanged = LessonProgress.objects.filter(pk=row.pk, version=row.version)
    return bool(unchanged.update(updated_at=now, **values))


def _touch(enrolment: Enrolment, lesson: EditionLesson, now: datetime) -> None:
    """Remember where the learner stopped; only when that says something new."""
    stale = enrolment.touched_at is None or now - enrolment.touched_at >= TOUCH_EVERY
    if stale or enrolment.last_lesson_id != lesson.pk:
        Enrolment.objects.filter(pk=enrolment.pk).update(last_lesson=lesson, touched_at=now)
        enrolment.last_lesson_id, enrolment.touched_at = lesson.pk, now


def standing_after(
    enrolment: Enrolment,
    lesson: EditionLesson,
    row: LessonProgress,
    state: LessonState,
    now: datetime,
    refusals: tuple[Refusal, ...] = (),
) -> Standing:
    """Where the learner stands with this state; a lesson that is done for the first time is counted."""
    shape = shape_of(lesson)
    if row.completed_at is None and progress.is_done(state, shape):
        _complete_lesson(enrolment, lesson, row, now)
        enrolment.refresh_from_db(fields=["lessons_done", "state"])
    course_done = enrolment.state == Enrolment.State.COMPLETED
    return Standing(state, shape, enrolment.lessons_done, enrolment.lessons_total, course_done, refusals)


def _complete_lesson(enrolment: Enrolment, lesson: EditionLesson, row: LessonProgress, now: datetime) -> None:
    """Counts once, however many writes find the lesson done."""
    first = LessonProgress.objects.filter(pk=row.pk, completed_at__isnull=True).update(completed_at=now)
    if not first or not lesson.required:
        return
    mine = Enrolment.objects.filter(pk=enrolment.pk)
    mine.filter(lessons_done__lt=F("lessons_total")).update(lessons_done=F("lessons_done") + 1)
    _announce(lesson_completed, enrolment_id=enrolment.pk, lesson_id=lesson.pk)
    whole = mine.filter(state=Enrolment.State.ACTIVE, lessons_done=F("lessons_total"))
    if whole.update(state=Enrolment.State.COMPLETED, completed_at=now):
        credit_online(enrolment=mine.get())
        _announce(course_completed, enrolment_id=enrolment.pk, context_key=enrolment.context_key)


def _announce(signal: Any, **news: Any) -> None:
    transaction.on_commit(lambda: signal.send(sender=Enrolment, **news))
