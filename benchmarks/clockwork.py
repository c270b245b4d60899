"""CPU time of interleaved rounds: core-milliseconds of this process, medians over rounds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Task:
    """Something to repeat; ``calls`` times a round."""

    name: str
    run: Callable[[], object]
    calls: int = 10
    samples: list[float] = field(default_factory=list)

    @property
    def core_ms(self) -> float:
        return statistics.median(self.samples)


def measure(tasks: list[Task], rounds: int = 7) -> None:
    """One warm-up call each, then rounds in which every task has its turn."""
    for task in tasks:
        task.run()
    for _ in range(rounds):
        for task in tasks:
            begin = time.process_time()
            for _ in range(task.calls):
                task.run()
            task.samples.append((time.process_time() - begin) * 1000 / task.calls)
