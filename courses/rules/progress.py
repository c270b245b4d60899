"""What was read and watched, and what that amounts to: pure values, seconds as decimals with two places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

Interval = tuple[Decimal, Decimal]
Intervals = tuple[Interval, ...]

ENOUGH = Decimal("0.90")  # the share of a recording that has to be played
SLACK = Decimal("5")  # seconds that clocks and networks may differ
REACH = Decimal("2")  # seconds beyond the furthest moment from which playing on is no leap
MOST_INTERVALS = 200  # per update; a player sends one or two
MOST_KEPT = 1000  # per lesson; nobody who plays leaves as many gaps
LONGEST = Decimal("360000")  # 100 hours: beyond it a number is nonsense
CENT = Decimal("0.01")
NONE = Decimal("0")


class Completion(StrEnum):
    """What has to happen before a lesson is taken in."""

    READ = "read"  # its end was reached
    OPENED = "opened"  # its document was opened, and the learner says it is read
    PLAYED = "played"  # enough of its seconds were played
    PROVEN = "proven"  # a person confirmed the proof of a course elsewhere
    ATTENDED = "attended"  # a person recorded who was there


CONFIRMED_BY_PEOPLE = (Completion.PROVEN, Completion.ATTENDED)  # no click completes these


class RefusalKind(StrEnum):
    """Why reported seconds were not counted."""

    CLOCK = "clock"  # more than passed on the clock at the speed allowed
    LEAP = "leap"  # beyond what was played so far
    QUESTION = "question"  # beyond a question that waits for its answer
    IDLE = "idle"  # after the prompt that nobody answered


@dataclass(frozen=True)
class Cue:
    """A question at a second of a recording; ``version`` is the id of its wording."""

    at: Decimal
    version: int


@dataclass(frozen=True)
class ProgressUpdate:
    """What a browser reports: ``sequence`` grows with every update, seconds for a recording, percent for an article.

    ``session`` is the page that reports, ``alive`` the seconds since its last sign of life, ``leaving`` its last word.
    """

    sequence: int
    position: Decimal = NONE
    watched: Intervals = ()
    reached_end: bool = False
    session: UUID | None = None
    alive: Decimal = NONE
    leaving: bool = False


@dataclass(frozen=True)
class LessonState:
    """One learner on one lesson, as stored; ``ahead`` is what the clock still has to make good, in seconds."""

    reached_end: bool = False
    position: Decimal = NONE
    watched: Intervals = ()
    check_passed: bool = False
    sequence: int = 0
    confirmed: bool = False
    done: bool = False  # counted once, for good: also when a later edition asks for something else
    ahead: Decimal = NONE
    answered: frozenset[int] = frozenset()

    @property
    def watched_seconds(self) -> Decimal:
        return length(self.watched)


@dataclass(frozen=True)
class LessonShape:
    """What a lesson asks for."""

    completion: Completion
    seconds: Decimal = NONE
    has_check: bool = False
    speed: Decimal = Decimal(1)
    cues: tuple[Cue, ...] = ()

    @property
    def is_played(self) -> bool:
        return self.completion == Completion.PLAYED

    def waiting(self, state: LessonState) -> tuple[Cue, ...]:
        """The questions that have no right answer yet, in order."""
        return tuple(cue for cue in self.cues if cue.version not in state.answered)


@dataclass(frozen=True)
class Allowance:
    """Seconds of the wall clock that may have gone into playing, and those that passed while nobody stirred."""

    seconds: Decimal
    idle: Decimal = NONE

    def budget(self, speed: Decimal, ahead: Decimal) -> Decimal:
        """Seconds that can have been played: the clock's at the speed allowed, and the slack once."""
        return max(NONE, self.seconds * speed + SLACK - ahead)


@dataclass(frozen=True)
class Refusal:
    """Seconds that were reported and not counted, and how many could have been."""

    kind: RefusalKind
    claimed: Decimal
    possible: Decimal
    moments: Intervals = ()  # the seconds of the recording that were not counted

    @property
    def seconds(self) -> Decimal:
        return self.claimed - self.possible


@dataclass(frozen=True)
class Applied:
    """The state after an update and what of it was refused."""

    state: LessonState
    refusals: tuple[Refusal, ...] = ()
    changed: bool = True

    @property
    def refused(self) -> Decimal:
        return sum((refusal.seconds for refusal in self.refusals), NONE)


def _seconds(span: timedelta) -> Decimal:
    return max(NONE, Decimal(str(round(span.total_seconds(), 2))))


def allowed_since(start: datetime, now: datetime, *, before: datetime, alive: datetime, idle: timedelta) -> Allowance:
    """The time from ``start`` to ``now``, less what passed between a prompt that was due and the next sign of life.

    ``before`` and ``alive`` are the last signs of life known then and now; the prompt is due ``idle`` after one.
    """
    whole = _seconds(now - start)
    asleep = [(before + idle, max(before + idle, alive)), (max(before, alive) + idle, now)]
    lost = sum((_seconds(min(end, now) - max(begin, start)) for begin, end in asleep), NONE)
    return Allowance(max(NONE, whole - lost), min(lost, whole))


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


def furthest(intervals: Intervals) -> Decimal:
    """The last moment that is covered; 0 for nothing."""
    return intervals[-1][1] if intervals else NONE


def joined_on(intervals: Intervals, frontier: Decimal) -> Intervals:
    """What can be reached from ``frontier`` without a leap."""
    kept: list[Interval] = []
    for start, end in intervals:
        if start > frontier + REACH:
            break
        kept.append((start, end))
        frontier = max(frontier, end)
    return tuple(kept)


def apply(state: LessonState, update: ProgressUpdate, shape: LessonShape, allowance: Allowance) -> Applied:
    """The state after ``update``: a repeat changes nothing, a late one adds what it saw but moves no position."""
    if update.sequence == state.sequence and state.sequence:
        return Applied(state, changed=False)
    later = update.sequence > state.sequence
    sequence = max(state.sequence, update.sequence)
    if not shape.is_played:
        end = state.reached_end or (update.reached_end and may_end(state, shape))
        moves = later and shape.completion == Completion.READ
        position = min(max(update.position, NONE), Decimal(100)) if moves else state.position
        return Applied(replace(state, reached_end=end, position=position, sequence=sequence))
    watched, refusals, ahead = _played(state, update, shape, allowance)
    position = min(max(update.position, NONE), furthest(watched)) if later else state.position
    return Applied(replace(state, position=position, watched=watched, sequence=sequence, ahead=ahead), refusals)


def _played(
    state: LessonState, update: ProgressUpdate, shape: LessonShape, allowance: Allowance
) -> tuple[Intervals, tuple[Refusal, ...], Decimal]:
    """What has been played now, what was refused on the way there, and how far that is ahead of the clock."""
    budget = allowance.budget(shape.speed, state.ahead)
    new = added(state.watched, clipped(update.watched, shape.seconds))
    reached = new if is_taken_in(state, shape) else joined_on(new, furthest(state.watched))
    open_cues = shape.waiting(state)
    before = clipped(reached, open_cues[0].at + REACH) if open_cues else reached
    kept = within(before, budget)
    whole = union([*state.watched, *kept])
    if len(whole) > MOST_KEPT:
        kept, whole = (), state.watched
    late = RefusalKind.IDLE if length(before) <= budget + allowance.idle * shape.speed else RefusalKind.CLOCK
    steps = ((RefusalKind.LEAP, new), (RefusalKind.QUESTION, reached), (late, before), (late, kept))
    refusals = tuple(
        Refusal(kind, length(one), length(two), added(two, one))
        for (kind, one), (_next, two) in pairwise(steps)
        if length(one) > length(two)
    )
    ahead = max(NONE, state.ahead + length(kept) - allowance.seconds * shape.speed)
    return whole, refusals, ahead


def share_watched(state: LessonState, shape: LessonShape) -> Decimal:
    """0 to 1."""
    return min(Decimal(1), state.watched_seconds / shape.seconds) if shape.seconds else NONE


def may_end(state: LessonState, shape: LessonShape) -> bool:
    """Whether the learner's own word that they read it counts: for a text, and for a document that was opened."""
    return shape.completion == Completion.READ or (shape.completion == Completion.OPENED and state.position > 0)


def is_taken_in(state: LessonState, shape: LessonShape) -> bool:
    """Read to the end, played for long enough, or confirmed by a person."""
    if shape.completion in CONFIRMED_BY_PEOPLE:
        return state.confirmed
    return share_watched(state, shape) >= ENOUGH if shape.is_played else state.reached_end


def is_done(state: LessonState, shape: LessonShape) -> bool:
    """Taken in, every question on the way answered right, and the check passed; once done it stays done."""
    checked = state.check_passed or not shape.has_check
    return state.done or (checked and is_taken_in(state, shape) and not shape.waiting(state))


def missing(state: LessonState, shape: LessonShape) -> list[str]:
    """What is still to be done, in words; empty when the lesson is done."""
    words: list[str] = []
    if state.done:
        return words
    if not is_taken_in(state, shape):
        words.append(_not_taken_in(state, shape))
    if waiting := len(shape.waiting(state)):
        words.append(_("答对播放中的 %(count)s 道题") % {"count": waiting})
    if shape.has_check and not state.check_passed:
        words.append(_("通过课时测验"))
    return words


def _not_taken_in(state: LessonState, shape: LessonShape) -> str:
    words = {
        Completion.READ: _("读到文末"),
        Completion.OPENED: _("读完文档") if state.position else _("打开文档并读完"),
        Completion.PROVEN: _("学习证明经确认"),
        Completion.ATTENDED: _("出席情况经确认"),
    }
    seen = int(share_watched(state, shape) * 100)
    return words.get(shape.completion) or _("播放至少 90%%（已播放 %(seen)s%%）") % {"seen": seen}


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
