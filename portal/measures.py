"""The names under which figures are kept."""

from __future__ import annotations

from dataclasses import dataclass

PERSON = "person"  # everybody who is counted; the state is the regime of today's posting
MEMBER = "member"  # a place in a class; the state is the membership's, the value its credited hours
ARRIVED = "arrived"  # who registered on the first day
REASON = "reason:"
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Need:
    """A requirement as a measure: who it is for, in which bucket and window."""

    regime: str
    bucket: str
    window: str

    @property
    def measure(self) -> str:
        return f"need:{self.regime}:{self.bucket}:{self.window}"


def need_of(measure: str) -> Need | None:
    """The requirement that a measure names; None for another measure or a malformed one."""
    parts = measure.split(":")
    return Need(*parts[1:]) if parts[0] == "need" and len(parts) == 4 else None


def dimension(code: str, phase: str) -> str:
    """dimension:C:after — levels of a dimension before or after training."""
    return f"dimension:{code}:{phase}"


def reason(label: str) -> str:
    """A condition of graduation that was not met, by its name; at most sixty signs."""
    return f"{REASON}{label}"[:60]
