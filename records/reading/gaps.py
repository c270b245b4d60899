"""What a requirement still lacks, in values and in words, for pages that name people or sum needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

from django.utils.translation import gettext as _

from core.templatetags.linghang import day, hours
from records.models import Bucket
from records.presenters.hours import window_words
from records.rules.forecast import AT_RISK, MET, ON_COURSE, SHORT, Lack, Outlook, Rates, hours_in

CLASS = Decimal(5)  # the usual length of a class, in days
KINDS = {MET: "done", ON_COURSE: "waiting", AT_RISK: "risk", SHORT: "failed"}


def state_words() -> dict[str, str]:
    """The four states of a requirement that looks forward."""
    return {MET: _("已达标"), ON_COURSE: _("按进度可达标"), AT_RISK: _("有风险"), SHORT: _("未达标")}


@dataclass(frozen=True)
class Gap:
    """One requirement of one cadre. ``hours`` and ``days`` are what is missing today, ``open_hours`` and ``open_days``
    what confirmed classes will still leave; None where the requirement has no such measure. Either one satisfies it.

    ``class_days`` are the least days of 集中培训 that would close it, ``lessons`` the full online lessons.
    """

    regime: str
    bucket: str
    window: str
    starts_on: date
    ends_on: date
    state: str
    hours: Decimal | None
    days: Decimal | None
    expected_hours: Decimal
    expected_days: Decimal
    open_hours: Decimal | None
    open_days: Decimal | None
    class_days: Decimal
    lessons: int
    bucket_word: str
    window_words: str
    state_word: str
    words: str
    closing: str

    @property
    def is_open(self) -> bool:
        """Something is missing today."""
        return self.state != MET

    @property
    def stays_open(self) -> bool:
        """Something will still be missing when the confirmed classes have brought what they bring."""
        return self.is_open and bool(self.open_hours or self.open_days)

    @property
    def words_then(self) -> str:
        """What will be missing then."""
        return lack_words(Lack(self.open_hours, self.open_days))


def gap_of(outlook: Outlook) -> Gap:
    result = outlook.result
    return Gap(
        regime=result.regime,
        bucket=result.bucket,
        window=result.window,
        starts_on=result.starts_on,
        ends_on=result.ends_on,
        state=outlook.state,
        hours=outlook.now.hours,
        days=outlook.now.days,
        expected_hours=outlook.expected_hours,
        expected_days=outlook.expected_days,
        open_hours=outlook.open.hours,
        open_days=outlook.open.days,
        class_days=outlook.class_days,
        lessons=outlook.lessons,
        bucket_word=str(Bucket(result.bucket).label),
        window_words=window_words(result),
        state_word=state_words()[outlook.state],
        words="" if result.met else lack_words(outlook.now),
        closing=closing_words(outlook),
    )


def lack_words(lack: Lack) -> str:
    """还差 50 学时或 7 天."""
    ways = []
    if lack.hours is not None:
        ways.append(_("%(n)s 学时") % {"n": hours(lack.hours)})
    if lack.days is not None:
        ways.append(_("%(n)s 天") % {"n": hours(lack.days)})
    return _("还差 %(ways)s") % {"ways": _("或 ").join(ways)} if ways else ""


def closing_words(outlook: Outlook) -> str:
    """What would close the gap, or what will happen by itself; empty where nothing is to be said."""
    coming = _expected_words(outlook)
    if outlook.result.met:
        return _falling_words(outlook) if outlook.falls_out else ""
    if outlook.later.met:
        return coming
    need = _need_words(outlook)
    if outlook.state == SHORT:
        left = {"day": day(outlook.horizon), "need": need}
        need = _("%(need)s；到%(day)s已来不及完成") % left
    return "；".join(words for words in (coming, need) if words)


def _expected_words(outlook: Outlook) -> str:
    if not (outlook.expected_hours or outlook.expected_days):
        return ""
    said = {"h": hours(outlook.expected_hours), "d": hours(outlook.expected_days)}
    if outlook.later.met:
        return _("已确认的班次结班后可达标（预计 %(d)s 天，%(h)s 学时）") % said
    return _("已确认的班次预计 %(d)s 天，%(h)s 学时") % said


def _falling_words(outlook: Outlook) -> str:
    said = {"day": day(outlook.horizon), "lack": lack_words(outlook.open)}
    return _("较早的学时将移出近五年，到%(day)s%(lack)s") % said


def _need_words(outlook: Outlook) -> str:
    if outlook.result.bucket == Bucket.ONLINE:
        said = {"h": hours(outlook.open.hours), "n": outlook.lessons}
        return _("再学完约 %(n)s 个长课时的网络课程（%(h)s 学时）") % said
    return class_words(outlook.class_days, outlook.rates)


def class_words(days: Decimal, rates: Rates) -> str:
    """再参加 3 天集中培训（24 学时）; from five days on 再参加一期 5 天班（40 学时）, or as many as it takes."""
    if days < CLASS:
        return _("再参加 %(d)s 天集中培训（%(h)s 学时）") % {"d": hours(days), "h": hours(hours_in(days, rates))}
    count = ceil(days / CLASS)
    said = {"n": count, "h": hours(hours_in(count * CLASS, rates))}
    if count == 1:
        return _("再参加一期 5 天班（%(h)s 学时）") % said
    return _("再参加 %(n)s 期 5 天班（共 %(h)s 学时）") % said
