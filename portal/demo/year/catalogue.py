"""The twelve classes of the year as the plan lists them, from ``data/year.csv``."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from courses.models import Track
from people.ranks import Regime
from portal.demo.stage import DATA

AUDIENCES = {Regime.SENIOR: "市直部门和区县县处级领导干部", Regime.JUNIOR: "市直部门和区县科级及以下干部"}
FIRST, LAST = "开班式与学情调查", "总结交流与结业式"


@dataclass(frozen=True)
class Entry:
    """One class: for whom, about what, how many; ``topics`` are its ten half days."""

    title: str
    theme: Track
    regime: Regime
    places: int
    topics: tuple[str, ...]

    @property
    def audience(self) -> str:
        return AUDIENCES[self.regime]


def entries() -> list[Entry]:
    """In the order of their months."""
    with (DATA / "year.csv").open(encoding="utf-8", newline="") as file:
        return [
            Entry(
                title=row["title"],
                theme=Track(row["theme"]),
                regime=Regime(row["regime"]),
                places=int(row["places"]),
                topics=(FIRST, *row["topics"].split("；"), LAST),
            )
            for row in csv.DictReader(file)
        ]
