"""How long a message waits after an attempt that failed, and when it is given up."""

from __future__ import annotations

MAX_ATTEMPTS = 5
DELAYS = (60, 5 * 60, 30 * 60, 2 * 3600)  # seconds after the first, second, … attempt
LONGEST = 24 * 3600  # a provider that asks for more is asked again after a day


def is_last(attempts: int) -> bool:
    """Whether the attempt of this number was the last one."""
    return attempts >= MAX_ATTEMPTS


def delay(attempts: int, asked_for: float | None = None) -> int:
    """Seconds until the next attempt after ``attempts`` of them; never earlier than the provider asked for."""
    own = DELAYS[min(max(attempts, 1), len(DELAYS)) - 1]
    return int(min(max(own, asked_for or 0), LONGEST))
