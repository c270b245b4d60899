"""Worked examples of the requirements and of online hours, reckoned by the same functions as everybody's hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core.templatetags.linghang import hours
from people.ranks import Regime
from records.models import HourTerms
from records.presenters.hours import KINDS, MET, SHORT, short_words, state_labels, window_words
from records.reading.hours import online_rule, rates_of
from records.rules.compliance import JUNIOR, SENIOR, EntryValue, PolicyValue, PostingValue, WindowResult, assess
from records.rules.online import OnlineLesson, OnlineRule, hours_of
from records.rules.worth import YearWorth, class_worth, whole_days

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
    for regime, window, (days, worth) in cases:
        results = _reckon(policy, on, regime, Decimal(days), Decimal(worth))
        match = [r for r in results if r.bucket == "central" and r.window == window]
        found += [Example(regime, Decimal(days), Decimal(worth), r) for r in match]
    return found


@dataclass(frozen=True)
class Compared:
    """A worked example under the version in force and under a draft, in words; ``same`` when nothing changes."""

    label: str
    before: str
    after: str

    @property
    def same(self) -> bool:
        return self.before == self.after


def compared_hours(before: HourTerms, after: HourTerms, on: date) -> list[Compared]:
    """Classes and online lessons that tell two versions of the hour rule apart; ``on`` gives the year."""
    new_year = date(on.year, 12, 29)
    cases = [
        (_("5 天脱产班"), whole_days(date(on.year, 5, 11), 5)),
        (_("半天培训"), [(date(on.year, 5, 11), HALF_DAY)]),
        (_("12月29日开班的 5 天班，按年度分开"), whole_days(new_year, 5)),
    ]
    found = [Compared(label, _worth(days, before), _worth(days, after)) for label, days in cases]
    return found + _compared_online(before, after)


def _worth(days: list[tuple[date, Decimal]], rule: HourTerms) -> str:
    return worth_words(class_worth(days, rates_of(rule)))


HALF_DAY = Decimal("0.5")


def worth_words(years: Sequence[YearWorth]) -> str:
    """2026年 3 天 24 学时；2027年 2 天 16 学时."""
    said = [{"year": x.year, "d": hours(x.days), "h": hours(x.hours)} for x in years]
    if len(said) == 1:
        return _("%(d)s 天，%(h)s 学时") % said[0]
    return "；".join(_("%(year)s年 %(d)s 天，%(h)s 学时") % one for one in said)


def _compared_online(before: HourTerms, after: HourTerms) -> list[Compared]:
    old, new = (online_examples(online_rule(rule)) for rule in (before, after))
    return [Compared(online_label(a), hours(a.hours), hours(b.hours)) for a, b in zip(old, new, strict=True)]


def online_label(example: OnlineExample) -> str:
    said = {"m": example.minutes, "s": example.seconds}
    words = _("网络课时 %(m)s 分 %(s)s 秒") % said
    return _("%(words)s，测验通过") % {"words": words} if example.test_passed else words


def compared_policies(before: PolicyValue, after: PolicyValue, on: date) -> list[Compared]:
    """The worked examples of the requirements under both versions, where both hold the requirement."""
    old, new = ({(x.regime, x.days, x.hours): x for x in examples(policy, on)} for policy in (before, after))
    return [
        Compared(_case_words(key), *(found[key].words if key in found else _("没有这项要求") for found in (old, new)))
        for key in dict.fromkeys([*old, *new])
    ]


def _case_words(key: tuple[str, Decimal, Decimal]) -> str:
    regime, days, worth = key
    said = {"who": Regime(regime).label, "d": hours(days), "h": hours(worth)}
    return _("%(who)s：集中培训 %(d)s 天，%(h)s 学时") % said


def _reckon(policy: PolicyValue, on: date, regime: str, days: Decimal, worth: Decimal) -> list[WindowResult]:
    entry = EntryValue(1, "central", days, worth, on, "")
    posting = PostingValue(regime, False, date(on.year - 6, 1, 1), None)
    return assess(entries=[entry], postings=[posting], policy=policy, on=on)
