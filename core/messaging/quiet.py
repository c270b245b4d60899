"""Quiet hours: until when a message that is not urgent waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.workdays import Exceptions, is_workday

LOOK_AHEAD = 60  # days; more days of rest in a row are nobody's calendar


@dataclass(frozen=True)
class QuietHours:
    """From ``begins`` to ``ends``, over midnight where it begins later than it ends; with ``rest_days`` also those."""

    begins: time
    ends: time
    rest_days: bool = False

    def holds_at(self, moment: time) -> bool:
        """Whether the time of day lies in the span; a span of equal ends is none."""
        if self.begins <= self.ends:
            return self.begins <= moment < self.ends
        return moment >= self.begins or moment < self.ends


def release(moment: datetime, quiet: QuietHours, exceptions: Exceptions) -> datetime:
    """The moment itself, or the first one after it that is not quiet; ``moment`` is aware and local."""
    for _step in range(2 * LOOK_AHEAD):
        later = _next(moment, quiet, exceptions)
        if later == moment:
            break
        moment = later
    return moment


def _next(moment: datetime, quiet: QuietHours, exceptions: Exceptions) -> datetime:
    """The moment, or the end of what makes it quiet."""
    if quiet.rest_days and not is_workday(moment.date(), exceptions):
        return _at(moment + timedelta(days=1), time())
    if not quiet.holds_at(moment.timetz().replace(tzinfo=None)):
        return moment
    over_midnight = quiet.begins > quiet.ends and moment.time() >= quiet.begins
    return _at(moment + timedelta(days=over_midnight), quiet.ends)


def _at(day: datetime, hour: time) -> datetime:
    return datetime.combine(day.date(), hour, tzinfo=day.tzinfo)
