"""The clock of a sitting: pure arithmetic on aware moments; grace in seconds."""

from __future__ import annotations

from datetime import datetime, timedelta


def deadline_of(*, started: datetime, minutes: int, extra_minutes: int, closes_at: datetime) -> datetime:
    """When the sitting ends: after its minutes, or with the window; granted minutes reach past both."""
    extra = timedelta(minutes=extra_minutes)
    return min(started + timedelta(minutes=minutes), closes_at) + extra


def is_late(arrived: datetime, *, deadline: datetime, grace: int) -> bool:
    """Whether something arrived after the deadline and its grace; exactly at the end of the grace is in time."""
    return arrived > deadline + timedelta(seconds=grace)


def seconds_left(now: datetime, deadline: datetime) -> int:
    """Whole seconds until the deadline, never below 0."""
    return max(0, int((deadline - now).total_seconds()))
