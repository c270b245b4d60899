"""What an online course is worth in 学时, as a pure function of its lessons and a version of the hour rule.

Lengths are seconds; ``full_minutes`` and more is the highest bracket, ``half_minutes`` and less the lowest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LESSON, COURSE = "lesson", "course"
NONE = Decimal("0")


@dataclass(frozen=True)
class OnlineRule:
    """The part of a version of the hour rule that speaks of online courses."""

    unit: str = LESSON
    full_minutes: int = 30
    half_minutes: int = 15
    full_hours: Decimal = Decimal("1")
    half_hours: Decimal = Decimal("0.5")
    short_hours: Decimal = Decimal("0.25")
    test_hours: Decimal = Decimal("0.5")
    capped: bool = True


@dataclass(frozen=True)
class OnlineLesson:
    """A completed lesson: its length in seconds (0 counts nothing) and whether its test was passed."""

    title: str
    seconds: int
    test_passed: bool


@dataclass(frozen=True)
class OnlineLine:
    """What one unit of the rule is worth: the bracket of its length, and what its test adds."""

    title: str
    seconds: int
    bracket: Decimal
    test: Decimal

    @property
    def hours(self) -> Decimal:
        return self.bracket + self.test


@dataclass(frozen=True)
class OnlineHours:
    """The 学时 of a course with the lines they come from; ``cap`` where the course declares fewer than they sum to."""

    lines: tuple[OnlineLine, ...]
    cap: Decimal | None

    @property
    def reckoned(self) -> Decimal:
        return sum((line.hours for line in self.lines), NONE)

    @property
    def hours(self) -> Decimal:
        return self.reckoned if self.cap is None else self.cap


def bracket(seconds: int, rule: OnlineRule) -> Decimal:
    """The 学时 of a length: exactly 30:00 is the full bracket, exactly 15:00 the short one, nothing is nothing."""
    if seconds <= 0:
        return NONE
    if seconds >= rule.full_minutes * 60:
        return rule.full_hours
    return rule.half_hours if seconds > rule.half_minutes * 60 else rule.short_hours


def hours_of(lessons: Sequence[OnlineLesson], declared: Decimal, rule: OnlineRule) -> OnlineHours:
    """What the completed lessons are worth; never more than the course declares where the rule caps."""
    lines = tuple(_line(unit, rule) for unit in _units(lessons, rule))
    total = sum((line.hours for line in lines), NONE)
    return OnlineHours(lines, declared if rule.capped and declared < total else None)


def _units(lessons: Sequence[OnlineLesson], rule: OnlineRule) -> Sequence[OnlineLesson]:
    if rule.unit == LESSON or not lessons:
        return lessons
    timed = [lesson for lesson in lessons if lesson.seconds > 0]
    return [OnlineLesson("", sum(lesson.seconds for lesson in timed), any(lesson.test_passed for lesson in timed))]


def _line(unit: OnlineLesson, rule: OnlineRule) -> OnlineLine:
    """A lesson of no length of its own adds nothing, its test neither."""
    test = rule.test_hours if unit.test_passed and unit.seconds > 0 else NONE
    return OnlineLine(unit.title, unit.seconds, bracket(unit.seconds, rule), test)
