"""Progress is written as it happens: one row per lesson, one summary row per enrolment, kept by the same write."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assessments.models import CheckAttempt
from assessments.services import answer_check
from core import clock
from core.errors import DomainError
from courses import progress
from courses.models import EditionLesson, Enrolment, LessonProgress
from courses.progress import Allowance, LessonShape, LessonState, ProgressUpdate
from courses.services.crediting import credit_online
from courses.signals import course_completed, lesson_completed
from courses.standing import shape_of, state_of

logger = logging.getLogger("linghang.courses")
OPENED = 1  # the position of a document that was opened
TOUCH_EVERY = timedelta(seconds=60)  # the summary row is not written more often than this by mere reading


@dataclass(frozen=True)
class Standing:
    """Where a learner stands after a write."""

    state: LessonState
    shape: LessonShape
    lessons_done: int
    lessons_total: int
    course_done: bool

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


@transaction.atomic
def save_progress(*, user: Any, enrolment: Enrolment, lesson: EditionLesson, update: ProgressUpdate) -> Standing:
    """Add what was read or watched; a repeat changes nothing, more than the clock gave is left out and logged."""
    require_own(user, enrolment, lesson)
    now = clock.now()
    row = _locked_row(enrolment, lesson, now)
    before = state_of(row)
    allowance = Allowance.between(now - row.updated_at, now - row.started_at)
    applied = progress.apply(before, update, shape_of(lesson), allowance)
    if applied.refused:
        _note_refused(enrolment, lesson, applied.refused)
    if applied.changed:
        _write(row, applied.state, now)
        _touch(enrolment, lesson, now)
    return _standing(enrolment, lesson, row, applied.state, now)


@transaction.atomic
def answer_lesson_check(
    *, user: Any, enrolment: Enrolment, lesson: EditionLesson, client_key: UUID, answers: Mapping[str, list[int]]
) -> CheckOutcome:
    """Mark a try at the lesson's check; once passed it stays passed."""
    require_own(user, enrolment, lesson)
    if lesson.check_paper is None:
        raise DomainError(_("这一课时没有测验，读完或者看完即可。"))
    now = clock.now()
    row = _locked_row(enrolment, lesson, now)
    key = f"enrolment:{enrolment.public_id}"
    attempt = answer_check(user=user, paper=lesson.check_paper, context_key=key, client_key=client_key, answers=answers)
    if attempt.paper_id == lesson.check_paper_id and attempt.context_key == key:
        _note_try(row, attempt)
    _touch(enrolment, lesson, now)
    return CheckOutcome(attempt, _standing(enrolment, lesson, row, state_of(row), now))


@transaction.atomic
def note_opened(*, user: Any, enrolment: Enrolment, lesson: EditionLesson) -> None:
    """The learner opened the document of a lesson; from now on their word that they read it counts."""
    require_own(user, enrolment, lesson)
    now = clock.now()
    row = _locked_row(enrolment, lesson, now)
    if not row.position:
        _put(row, position=OPENED, updated_at=now)
        _touch(enrolment, lesson, now)


@transaction.atomic
def confirm_lesson(*, enrolment: Enrolment, lesson: EditionLesson, confirmed: bool = True) -> Standing:
    """What a person decided on a lesson that no click completes; the lesson's check is asked for all the same.

    Taking a confirmation back is refused once the lesson counts as done.
    """
    now = clock.now()
    row = _locked_row(enrolment, lesson, now)
    if row.completed_at and not confirmed:
        raise DomainError(_("%(name)s的这一课时已经完成，不能再改为未参加。") % {"name": enrolment.user.name})
    row.confirmed_at = (row.confirmed_at or now) if confirmed else None
    _put(row, confirmed_at=row.confirmed_at, updated_at=now)
    return _standing(enrolment, lesson, row, state_of(row), now)


def _note_try(row: LessonProgress, attempt: CheckAttempt) -> None:
    """Once passed it stays passed; tries that failed are counted as they stand, however often they are sent."""
    if row.check_passed:
        return
    row.check_passed = attempt.passed
    tries = CheckAttempt.objects.filter(user=attempt.user_id, paper=attempt.paper_id, context_key=attempt.context_key)
    row.failed_tries = tries.filter(passed=False).count()
    _put(row, check_passed=row.check_passed, failed_tries=row.failed_tries)


def require_own(user: Any, enrolment: Enrolment, lesson: EditionLesson) -> None:
    """DomainError unless the lesson belongs to an enrolment of the person that still stands."""
    if enrolment.user_id != user.pk or lesson.edition_id != enrolment.edition_id:
        raise DomainError(_("这不是您的选课，请从“我的课程”进入学习。"))
    if enrolment.state == Enrolment.State.WITHDRAWN:
        raise DomainError(_("您已退出这门课程，学习进度不再更新。"))


def _put(row: LessonProgress, **values: Any) -> None:
    """Write to the held row, unless its learner was moved to another edition while we waited for it."""
    standing = LessonProgress.objects.filter(pk=row.pk).exclude(enrolment__state=Enrolment.State.MOVED)
    if not standing.update(**values):
        raise DomainError(_("您的学习已转到这门课程的另一版次，请从“我的课程”进入后继续。"), code="moved")


def _locked_row(enrolment: Enrolment, lesson: EditionLesson, now: datetime) -> LessonProgress:
    """The row of this lesson, made when missing, held until the write is done."""
    rows = LessonProgress.objects.select_for_update().filter(enrolment=enrolment, lesson=lesson)
    row = rows.first()
    if row is None:
        fresh = LessonProgress(enrolment=enrolment, lesson=lesson, started_at=now, updated_at=now)
        LessonProgress.objects.bulk_create([fresh], ignore_conflicts=True)
        row = rows.get()
    return row


def _write(row: LessonProgress, state: LessonState, now: datetime) -> None:
    _put(
        row,
        reached_end=state.reached_end,
        position=state.position,
        watched=progress.stored(state.watched),
        watched_seconds=state.watched_seconds,
        sequence=state.sequence,
        updated_at=now,
        renewed=False,
    )


def _touch(enrolment: Enrolment, lesson: EditionLesson, now: datetime) -> None:
    """Remember where the learner stopped; only when that says something new."""
    stale = enrolment.touched_at is None or now - enrolment.touched_at >= TOUCH_EVERY
    if stale or enrolment.last_lesson_id != lesson.pk:
        Enrolment.objects.filter(pk=enrolment.pk).update(last_lesson=lesson, touched_at=now)


def _standing(
    enrolment: Enrolment, lesson: EditionLesson, row: LessonProgress, state: LessonState, now: datetime
) -> Standing:
    shape = shape_of(lesson)
    if progress.is_done(state, shape) and row.completed_at is None:
        _complete_lesson(enrolment, lesson, row, now)
        enrolment.refresh_from_db(fields=["lessons_done", "state"])
    course_done = enrolment.state == Enrolment.State.COMPLETED
    return Standing(state, shape, enrolment.lessons_done, enrolment.lessons_total, course_done)


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


def _note_refused(enrolment: Enrolment, lesson: EditionLesson, seconds: Any) -> None:
    logger.info("progress beyond the clock: enrolment %s lesson %s refused %s s", enrolment.pk, lesson.pk, seconds)
