"""Stored rows as the values that the rules of progress reckon with."""

from __future__ import annotations

from decimal import Decimal

from courses.models import EditionLesson, LessonKind, LessonProgress
from courses.rules import progress
from courses.rules.progress import Completion, Cue, LessonShape, LessonState

COMPLETIONS = {
    LessonKind.ARTICLE: Completion.READ,
    LessonKind.VIDEO: Completion.PLAYED,
    LessonKind.AUDIO: Completion.PLAYED,
    LessonKind.DOCUMENT: Completion.OPENED,
    LessonKind.LINK: Completion.PROVEN,
    LessonKind.LIVE: Completion.ATTENDED,
}


def shape_of(lesson: EditionLesson) -> LessonShape:
    """What the lesson asks for, by its kind."""
    completion = COMPLETIONS[LessonKind(lesson.kind)]
    has_check = lesson.check_paper_id is not None
    if completion != Completion.PLAYED:
        return LessonShape(completion, has_check=has_check)
    return LessonShape(
        completion,
        seconds=Decimal(lesson.seconds or 0),
        has_check=has_check,
        speed=lesson.edition.max_speed,
        cues=tuple(Cue(Decimal(at), version) for at, version in lesson.cues),
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
        ahead=row.ahead,
        answered=frozenset(row.answered),
    )
