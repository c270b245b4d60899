"""What a lesson of another edition makes of what a learner has done: values in, words out."""

from __future__ import annotations

import pytest

from courses.rules.carrying import Before, Fate, Pair, fate_of, standing_after

SAME = {"old": True, "same_text": True, "same_media": True, "same_check": True}
DONE = Before(done=True, taken_in=True, check_passed=True)
READ = Before(taken_in=True)


def pair(key: int = 1, *, required: bool = True, has_check: bool = True, **more: bool) -> Pair:
    return Pair(key, required, has_check, **{**SAME, **more})


@pytest.mark.parametrize(
    ("lesson", "before", "keep", "fate"),
    [
        (pair(), DONE, False, Fate.DONE),
        (pair(same_text=False), DONE, False, Fate.RENEWED),
        (pair(same_text=False, same_media=False), DONE, False, Fate.RENEWED),
        (pair(same_check=False), DONE, False, Fate.CHECK_AGAIN),
        (pair(same_check=False), DONE, True, Fate.DONE),
        (pair(same_check=False, same_text=False), DONE, True, Fate.RENEWED),
        (pair(same_check=False), Before(done=True, taken_in=True), True, Fate.CHECK_AGAIN),  # there was no check before
        (pair(has_check=False, same_check=False), DONE, False, Fate.DONE),
        (pair(has_check=False, same_check=False), READ, False, Fate.DONE),  # only the check was missing
        (pair(has_check=False, same_check=False, same_media=False), READ, False, Fate.OPEN),
        (pair(), READ, False, Fate.OPEN),
        (pair(), None, False, Fate.OPEN),
        (Pair(1, True, True), None, False, Fate.NEW),
    ],
)
def test_fates(lesson: Pair, before: Before | None, keep: bool, fate: Fate) -> None:
    assert fate_of(lesson, before, keep) is fate


def test_only_required_lessons_count_and_gone_ones_are_named() -> None:
    lessons = [pair(1), pair(2, same_text=False), pair(3, required=False), Pair(4, True, False)]
    after = standing_after(lessons, [9], {1: DONE, 2: DONE, 3: DONE}, keep_checks=False)
    assert (after.done, after.total, after.completed) == (2, 3, False)
    assert [after.counted(fate) for fate in (Fate.DONE, Fate.RENEWED, Fate.NEW, Fate.DROPPED)] == [2, 1, 1, 1]


def test_removing_what_was_missing_completes() -> None:
    assert standing_after([pair(1)], [2], {1: DONE}, keep_checks=False).completed
