"""Who and what the demo's steps share."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cohorts.models import Cohort
from people.models import Unit, User
from portal.demo.calendar import Week

DATA = Path(__file__).parent / "data"
PASSWORD = "Linghang-Demo-2026"  # noqa: S105 - the demo's accounts are printed on the screen
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Change:
    """One deliberate difference to the same story: a name, an answer, a leave. By work number."""

    name: tuple[str, str] | None = None
    wrong_answer: str | None = None
    leave: str | None = None


@dataclass
class Stage:
    """The cast and the settings of one run; ``seed`` decides every chance."""

    seed: int
    today: date
    week: Week
    roster: Path
    units: Path
    progress: Progress
    change: Change = field(default_factory=Change)
    cast: dict[str, User] = field(default_factory=dict)
    root: Unit | None = None
    cohort: Cohort | None = None
    running: Cohort | None = None
    exams: dict[str, Any] = field(default_factory=dict)
    task: Any = None
    refused: Any = None  # the report of a roster with rows that were not imported
    people: list[User] = field(default_factory=list)

    def chance(self, *words: object) -> random.Random:
        """A source of chance of its own for each purpose, the same for the same seed."""
        return random.Random(f"{self.seed}:{':'.join(str(word) for word in words)}")

    def each(self, title: str, things: list[Any]) -> Any:
        """Go through things while the progress bar follows."""
        for number, thing in enumerate(things, 1):
            yield thing
            self.progress(title, number, len(things))
