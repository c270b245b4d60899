"""Worked examples of the requirements and of online hours, reckoned by the same functions as everybody's hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from people.ranks import Regime
from records.compliance import JUNIOR, SENIOR, EntryValue, PolicyValue, PostingValue, WindowResult, assess
from records.online import OnlineLesson, OnlineRule, hours_of
from records.presenters import KINDS, MET, SHORT, short_words, state_labels, window_words

ONLINE_CASES = ((1800, False), (1799, False), (901, False), (900, False), (1800, True))  # seconds, test passed
JUNIOR_CASES = (("12", "84"), ("11", "90"), ("11.5", "89"))
NO_CAP = Decimal(1000)
SENIOR_CASES = (("60", "549"), ("60", "550"), ("90", "480"))


@dataclass(frozen=True)
class Example:
    """Days and 学时 of 集中培训 credited to nobody in particular, and what the policy says about them."""

    regime: str
    days: Decimal
    hours: Decimal
    result: WindowResult

    @property
    def regime_words(self) -> str:
        return str(Regime(self.regime).label)

    @property
    def window_words(self) -> str:
        return window_words(self.result)

    @property
    def kind(self) -> str:
        return KINDS[MET if self.result.met else SHORT]

    @property
    def words(self) -> str:
        return state_labels()[MET] if self.result.met else short_words(self.result)


@dataclass(frozen=True)
class OnlineExample:
    """An online lesson of nobody in particular, and its hours under the rule."""

    minutes: int
    seconds: int
    test_passed: bool
    hours: Decimal


def online_examples(rule: OnlineRule) -> list[OnlineExample]:
    """Lessons at the edges of the brackets."""
    found = []
    for seconds, passed in ONLINE_CASES:
        worth = hours_of([OnlineLesson("", seconds, passed)], NO_CAP, rule)
        found.append(OnlineExample(*divmod(seconds, 60), passed, worth.hours))
    return found


def examples(policy: PolicyValue, on: date) -> list[Example]:
    """Every case whose requirement the policy holds."""
    cases = [(JUNIOR, "year", case) for case in JUNIOR_CASES] + [(SENIOR, "rolling_5", case) for case in SENIOR_CASES]
    found = []
    for regime, window, (days, hours) in cases:
        results = _reckon(policy, on, regime, Decimal(days), Decimal(hours))
        match = [r for r in results if r.bucket == "central" and r.window == window]
        found += [Example(regime, Decimal(days), Decimal(hours), r) for r in match]
    return found


def _reckon(policy: PolicyValue, on: date, regime: str, days: Decimal, hours: Decimal) -> list[WindowResult]:
    entry = EntryValue(1, "central", days, hours, on, "")
    posting = PostingValue(regime, False, date(on.year - 6, 1, 1), None)
    return assess(entries=[entry], postings=[posting], policy=policy, on=on)
