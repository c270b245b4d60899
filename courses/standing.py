"""Stored rows as the values that the rules of progress reckon with."""

from __future__ import annotations

from decimal import Decimal

from courses import progress
from courses.models import EditionLesson, LessonKind, LessonProgress
from courses.progress import LessonShape, LessonState


def shape_of(lesson: EditionLesson) -> LessonShape:
    return LessonShape(
        is_video=lesson.kind == LessonKind.VIDEO,
        seconds=Decimal(lesson.seconds or 0),
        has_check=lesson.check_paper_id is not None,
        kind=lesson.kind,
    )


def state_of(row: LessonProgress | None) -> LessonState:
    """The state in a row; nothing done where there is no row yet."""
    if row is None:
        return LessonState()
    return LessonState(
        reached_end=row.reached_end,
        position=row.position,
        watched=progress.restored(row.watched),
        check_passed=row.check_passed,
        sequence=row.sequence,
        confirmed=row.confirmed_at is not None,
        done=row.completed_at is not None,
    )
