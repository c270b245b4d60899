"""Who is stuck on a course and where, as a pure function of what is known; reasons in words, never a ranking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

FAILED_TRIES = 2  # of the same check, from which somebody is stuck there
IDLE, FAILING, CONFIRMING, MISSED = "idle", "failing", "confirming", "missed"


@dataclass(frozen=True)
class Trace:
    """What is known of one learner who has not finished; titles are those of lessons."""

    enrolled_at: datetime
    touched_at: datetime | None
    here: str = ""
    failing: tuple[tuple[str, int], ...] = ()
    proofs: tuple[str, ...] = ()
    live: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether the next word is not the learner's."""
        return bool(self.proofs or self.live)


@dataclass(frozen=True)
class Reason:
    """Why somebody does not get on; ``kind`` is idle, failing, confirming or missed."""

    kind: str
    words: str


def reasons(trace: Trace, now: datetime, days: int) -> list[Reason]:
    """Every reason, those that wait for us first; who waits for a confirmation is not called idle."""
    found = [Reason(CONFIRMING, _("“%(title)s”的学习证明待确认") % {"title": title}) for title in trace.proofs]
    found += [Reason(CONFIRMING, _("“%(title)s”的出席情况待确认") % {"title": title}) for title in trace.live]
    found += [Reason(MISSED, _("直播“%(title)s”缺席，待补课") % {"title": title}) for title in trace.missed]
    found += [
        Reason(FAILING, _("“%(title)s”的测验 %(n)s 次未通过") % {"title": title, "n": n})
        for title, n in trace.failing
        if n >= FAILED_TRIES
    ]
    return found if trace.waits else found + _idle(trace, now, days)


def _idle(trace: Trace, now: datetime, days: int) -> list[Reason]:
    last = trace.touched_at or trace.enrolled_at
    if last > now - timedelta(days=days):
        return []
    gone = {"n": (now - last).days, "title": trace.here}
    if trace.touched_at is None:
        return [Reason(IDLE, _("选课 %(n)s 天，还没有开始") % gone)]
    if not trace.here:
        return [Reason(IDLE, _("%(n)s 天没有进展") % gone)]
    return [Reason(IDLE, _("%(n)s 天没有进展，停在“%(title)s”") % gone)]
