"""Before, during and after a live session, in words; pure values."""

from __future__ import annotations

from datetime import datetime

BEFORE, DURING, AFTER = "before", "during", "after"


def phase(starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """Where a session stands: its first moment belongs to it, its last one no more."""
    if now < starts_at:
        return BEFORE
    return DURING if now < ends_at else AFTER
