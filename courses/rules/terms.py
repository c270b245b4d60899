"""Half-years in which the learners of a course are asked what they think of it. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

GRACE = timedelta(days=14)  # for those who finish at the very end


@dataclass(frozen=True)
class Term:
    """The first or second half of a year."""

    year: int
    half: int

    @property
    def key(self) -> str:
        return f"{self.year}-{self.half}"

    @property
    def first(self) -> date:
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def closes(self) -> date:
        """The day from which on nothing is taken any more and results are shown."""
        after = date(self.year, 7, 1) if self.half == 1 else date(self.year + 1, 1, 1)
        return after + GRACE


def term_of(day: date) -> Term:
    return Term(day.year, 1 if day.month < 7 else 2)
