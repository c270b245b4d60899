"""What becomes of a learner's progress in another edition of the course: pure values, nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Key = int  # of the lesson that both editions copied


class Fate(StrEnum):
    """What happens to one learner on one lesson."""

    DONE = "done"  # stays done, the content is the same
    RENEWED = "renewed"  # stays done, the content has changed since
    CHECK_AGAIN = "check_again"  # was done; the check is another one and has to be passed
    OPEN = "open"  # was not done and is to be done
    NEW = "new"  # was not in the old edition
    DROPPED = "dropped"  # is not in the new edition


@dataclass(frozen=True)
class Before:
    """One learner on one lesson of the old edition."""

    done: bool = False
    taken_in: bool = False
    check_passed: bool = False


@dataclass(frozen=True)
class Pair:
    """A lesson of the new edition beside the one of the old; ``old`` is False where there was none."""

    key: Key
    required: bool
    has_check: bool
    old: bool = False
    same_text: bool = False
    same_media: bool = False
    same_check: bool = False


@dataclass(frozen=True)
class Standing:
    """A learner after the move."""

    fates: tuple[tuple[Key, Fate], ...]
    done: int
    total: int

    @property
    def completed(self) -> bool:
        return self.total > 0 and self.done == self.total

    def counted(self, *fates: Fate) -> int:
        return sum(fate in fates for _key, fate in self.fates)


def keeps_check(pair: Pair, before: Before, keep_checks: bool) -> bool:
    """A passed check counts on when its questions are the same, or when the staff decides so."""
    return before.check_passed and pair.has_check and (pair.same_check or keep_checks)


def _is_done_now(pair: Pair, before: Before) -> bool:
    """Read or watched, and only the check was missing that the new edition no longer has."""
    return before.taken_in and pair.same_media and not pair.has_check


def fate_of(pair: Pair, before: Before | None, keep_checks: bool) -> Fate:
    """What happens to the lesson for a learner who stood at ``before`` (None: never opened)."""
    if not pair.old:
        return Fate.NEW
    if before is None or not (before.done or _is_done_now(pair, before)):
        return Fate.OPEN
    if pair.has_check and not keeps_check(pair, before, keep_checks):
        return Fate.CHECK_AGAIN
    return Fate.DONE if pair.same_text else Fate.RENEWED


def standing_after(
    pairs: Sequence[Pair], dropped: Iterable[Key], before: Mapping[Key, Before], keep_checks: bool
) -> Standing:
    """Every lesson's fate for one learner, and how many required lessons are done then."""
    fates = [(pair.key, fate_of(pair, before.get(pair.key), keep_checks)) for pair in pairs]
    kept = (Fate.DONE, Fate.RENEWED)
    done = sum(pair.required and fate in kept for pair, (_key, fate) in zip(pairs, fates, strict=True))
    gone = [(key, Fate.DROPPED) for key in dropped]
    return Standing((*fates, *gone), done, sum(pair.required for pair in pairs))
