"""The floors of the house, and which files belong to whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    {"cms", "portal"},
    {"certificates"},
    {"planning"},
    {"cohorts"},
    {"courses"},
    {"assessments"},
    {"records"},
    {"competencies"},
    {"people"},
    {"core"},
]
APPS = sorted(app for floor in FLOORS for app in floor)


def floor(app: str) -> int:
    """0 is the top floor."""
    return next(number for number, apps in enumerate(FLOORS) if app in apps)


def may_know(app: str, other: str) -> bool:
    """Itself and what stands below; peers on one floor do not know one another."""
    return app == other or floor(other) > floor(app)


def sources(app: str, pattern: str = "*.py") -> Iterator[Path]:
    for path in sorted((ROOT / app).rglob(pattern)):
        if "migrations" not in path.parts and "static" not in path.parts:
            yield path


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))
