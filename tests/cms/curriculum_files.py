"""The curriculum's files as the tests of its content read them: plain values, no database."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CURRICULUM = ROOT / "cms" / "curriculum"
NOTICE = "示范内容，使用前须经审核"
UNCHECKED = "未核对"


@cache
def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def folder(name: str) -> list[dict]:
    return [load(path) for path in sorted((CURRICULUM / name).glob("*.yaml"))]


def courses() -> list[dict]:
    return folder("courses")


def lessons_of(course: dict) -> list[dict]:
    return [lesson for module in course["modules"] for lesson in module["lessons"]]


def lessons() -> list[dict]:
    return [lesson for course in courses() for lesson in lessons_of(course)]


def cases() -> list[dict]:
    return folder("cases")


def library() -> list[dict]:
    return folder("library")


def laws() -> list[dict]:
    return load(CURRICULUM / "laws.yaml")


def banks() -> dict[str, list[dict]]:
    """The questions of the bank, by file."""
    return {path.stem: load(path) for path in sorted((CURRICULUM / "questions").glob("*.yaml"))}


def bank() -> list[dict]:
    return [question for questions in banks().values() for question in questions]


def checks() -> list[dict]:
    """The questions at the end of lessons."""
    return [question for lesson in lessons() for question in lesson["check"]["questions"]]


@cache
def indicators() -> set[str]:
    path = ROOT / "competencies" / "data" / "competency_framework.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["indicator_code"] for row in csv.DictReader(file)}


def strings(value: Any) -> list[str]:
    """All strings inside a nested value, in order."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in inner for text in strings(item)]


def hanzi(value: Any) -> int:
    return len(re.findall(r"[\u4e00-\u9fff]", "".join(strings(value))))
