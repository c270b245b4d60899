"""What was read and watched, and what that amounts to: pure values, seconds as decimals with two places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

Interval = tuple[Decimal, Decimal]
Intervals = tuple[Interval, ...]

ENOUGH = Decimal("0.90")  # the share of a video that has to be watched
SPEED = Decimal("1.0")  # seconds of video per second of the wall clock
SLACK = Decimal("5")  # seconds that clocks and networks may differ
MOST_INTERVALS = 200  # per update; a player sends one or two
MOST_KEPT = 1000  # per lesson; nobody who watches leaves as many gaps
LONGEST = Decimal("360000")  # 100 hours: beyond it a number is nonsense
CENT = Decimal("0.01")
NONE = Decimal("0")
CONFIRMED_BY_PEOPLE = ("link", "live")  # kinds of lessons that no click completes
KEPT_BY_SERVER = ("document", *CONFIRMED_BY_PEOPLE)  # kinds whose position no browser reports


@dataclass(frozen=True)
class ProgressUpdate:
    """What a browser reports: ``sequence`` grows with every update, seconds for a video, percent for an article."""

    sequence: int
    position: Decimal = NONE
    watched: Intervals = ()
    reached_end: bool = False


@dataclass(frozen=True)
class LessonState:
    """One learner on one lesson, as stored."""

    reached_end: bool = False
    position: Decimal = NONE
    watched: Intervals = ()
    check_passed: bool = False
    sequence: int = 0
    confirmed: bool = False
    done: bool = False  # counted once, for good: also when a later edition asks for something else

    @property
    def watched_seconds(self) -> Decimal:
        return length(self.watched)


@dataclass(frozen=True)
class LessonShape:
    """What a lesson asks for."""

    is_video: bool
    seconds: Decimal = NONE
    has_check: bool = False
    kind: str = "article"


@dataclass(frozen=True)
class Allowance:
    """Wall-clock time since the last update and since the first one, both in seconds."""

    since_last: Decimal
    since_first: Decimal

    @classmethod
    def between(cls, since_last: timedelta, since_first: timedelta) -> Allowance:
        return cls(_seconds(since_last), _seconds(since_first))

    def budget(self, already: Decimal) -> Decimal:
        """Seconds of new video that can have been watched: no more than passed since the last update, nor in all."""
        step, whole = (t * SPEED + SLACK for t in (self.since_last, self.since_first))
        return max(NONE, min(step, whole - already))


@dataclass(frozen=True)
class Applied:
    """The state after an update and how many seconds of it were refused."""

    state: LessonState
    refused: Decimal = NONE
    changed: bool = field(default=True)


def _seconds(span: timedelta) -> Decimal:
    return max(NONE, Decimal(str(round(span.total_seconds(), 2))))


def union(intervals: Iterable[Sequence[Decimal]]) -> Intervals:
    """The same moments as disjoint pairs in order; touching ones are joined, empty ones dropped."""
    joined: list[Interval] = []
    for start, end in sorted((pair[0], pair[1]) for pair in intervals if pair[1] > pair[0]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def length(intervals: Iterable[Interval]) -> Decimal:
    """Seconds covered by disjoint intervals."""
    return sum((end - start for start, end in intervals), NONE)


def clipped(intervals: Iterable[Interval], limit: Decimal) -> Intervals:
    """What lies between 0 and ``limit``."""
    return union((max(NONE, start), min(limit, end)) for start, end in intervals)


def added(old: Intervals, new: Intervals) -> Intervals:
    """What ``new`` holds that ``old`` does not; both disjoint and in order."""
    rest: list[Interval] = []
    for start, end in new:
        for low, high in old:
            if high <= start or low >= end:
                continue
            if low > start:
                rest.append((start, low))
            start = max(start, high)
        if start < end:
            rest.append((start, end))
    return tuple(rest)


def within(intervals: Intervals, budget: Decimal) -> Intervals:
    """The first ``budget`` seconds of the intervals."""
    kept: list[Interval] = []
    for start, end in intervals:
        piece = min(end - start, budget)
        if piece <= 0:
            break
        kept.append((start, start + piece))
        budget -= piece
    return tuple(kept)


def apply(state: LessonState, update: ProgressUpdate, shape: LessonShape, allowance: Allowance) -> Applied:
    """The state after ``update``: a repeat changes nothing, a late one adds what it saw but moves no position."""
    if update.sequence == state.sequence and state.sequence:
        return Applied(state, changed=False)
    later = update.sequence > state.sequence
    watched, refused = _watched(state, update, shape, allowance)
    end = state.reached_end or (update.reached_end and may_end(state, shape))
    moves = later and shape.kind not in KEPT_BY_SERVER
    position = _position(update.position, watched, shape) if moves else state.position
    sequence = max(state.sequence, update.sequence)
    after = replace(state, reached_end=end, position=position, watched=watched, sequence=sequence)
    return Applied(after, refused)


def _watched(
    state: LessonState, update: ProgressUpdate, shape: LessonShape, allowance: Allowance
) -> tuple[Intervals, Decimal]:
    if not shape.is_video:
        return state.watched, NONE
    new = added(state.watched, clipped(update.watched, shape.seconds))
    kept = within(new, allowance.budget(state.watched_seconds))
    whole = union([*state.watched, *kept])
    if len(whole) > MOST_KEPT:
        return state.watched, length(new)
    return whole, length(new) - length(kept)


def _position(wanted: Decimal, watched: Intervals, shape: LessonShape) -> Decimal:
    """Never beyond the end, and in a video never beyond what was watched."""
    limit = watched[-1][1] if shape.is_video and watched else NONE if shape.is_video else Decimal(100)
    return min(max(wanted, NONE), limit)


def share_watched(state: LessonState, shape: LessonShape) -> Decimal:
    """0 to 1."""
    return min(Decimal(1), state.watched_seconds / shape.seconds) if shape.seconds else NONE


def may_end(state: LessonState, shape: LessonShape) -> bool:
    """Whether the learner's own word that they read it counts: for a text, and for a document that was opened."""
    if shape.is_video or shape.kind in CONFIRMED_BY_PEOPLE:
        return False
    return shape.kind != "document" or state.position > 0


def is_taken_in(state: LessonState, shape: LessonShape) -> bool:
    """Read to the end, watched for long enough, or confirmed by a person."""
    if shape.kind in CONFIRMED_BY_PEOPLE:
        return state.confirmed
    return share_watched(state, shape) >= ENOUGH if shape.is_video else state.reached_end


def is_done(state: LessonState, shape: LessonShape) -> bool:
    return state.done or (is_taken_in(state, shape) and (state.check_passed or not shape.has_check))


def missing(state: LessonState, shape: LessonShape) -> list[str]:
    """What is still to be done, in words; empty when the lesson is done."""
    words: list[str] = []
    if state.done:
        return words
    if not is_taken_in(state, shape):
        words.append(_not_taken_in(state, shape))
    if shape.has_check and not state.check_passed:
        words.append(_("通过课时测验"))
    return words


def _not_taken_in(state: LessonState, shape: LessonShape) -> str:
    if shape.is_video:
        return _("观看至少 90%%（已看 %(seen)s%%）") % {"seen": int(share_watched(state, shape) * 100)}
    if shape.kind == "document":
        return _("读完文档") if state.position else _("打开文档并读完")
    if shape.kind in CONFIRMED_BY_PEOPLE:
        return _("学习证明经确认") if shape.kind == "link" else _("出席情况经确认")
    return _("读到文末")


def number(value: Any) -> Decimal:
    """A finite amount of seconds or percent with two places; ValueError for anything else."""
    try:
        amount = Decimal(str(value))
        if isinstance(value, bool) or not amount.is_finite() or abs(amount) > LONGEST:
            raise ValueError(value)
        return amount.quantize(CENT)
    except InvalidOperation as error:
        raise ValueError(value) from error


def parsed(pairs: Any) -> Intervals:
    """Intervals out of JSON; ValueError when it is not a list of pairs of numbers."""
    if not isinstance(pairs, (list, tuple)) or len(pairs) > MOST_INTERVALS:
        raise ValueError("watched")
    if any(not isinstance(pair, (list, tuple)) or len(pair) != 2 for pair in pairs):
        raise ValueError("watched")
    return union((number(start), number(end)) for start, end in pairs)


def restored(pairs: Iterable[Sequence[float]]) -> Intervals:
    """Intervals as they were stored."""
    return union((number(start), number(end)) for start, end in pairs)


def stored(intervals: Intervals) -> list[list[float]]:
    """Intervals as JSON holds them."""
    return [[float(start), float(end)] for start, end in intervals]
