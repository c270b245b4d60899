"""The law half of the starter curriculum is complete, long enough and consistent. Reads files only."""

from __future__ import annotations

import csv
import datetime
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CURRICULUM = ROOT / "cms" / "curriculum"
FRAMEWORK = ROOT / "competencies" / "data" / "competency_framework.csv"
NOTICE = "示范内容，使用前须经审核"
UNCHECKED = "未核对"
LAW_ROW = {
    "title", "short", "kind", "number", "issuer", "adopted", "effective",
    "revised", "status", "articles", "checked_against", "file",
}  # fmt: skip
BLOCKS = {"heading", "text", "table", "quote", "law", "callout"}


@cache
def read(path: Path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def courses() -> list[dict]:
    return [read(path) for path in sorted((CURRICULUM / "courses").glob("law-*.yaml"))]


def lessons() -> list[dict]:
    return [item for course in courses() for module in course["modules"] for item in module["lessons"]]


def questions(name: str) -> list[dict]:
    return read(CURRICULUM / "questions" / f"{name}.yaml")


def library() -> list[dict]:
    return [read(path) for path in sorted((CURRICULUM / "library").glob("*.yaml"))]


@cache
def indicators() -> set[str]:
    with FRAMEWORK.open(encoding="utf-8-sig", newline="") as file:
        return {row["indicator_code"] for row in csv.DictReader(file)}


def all_strings(node) -> str:
    if isinstance(node, dict):
        return "".join(all_strings(child) for child in node.values())
    if isinstance(node, list):
        return "".join(all_strings(child) for child in node)
    return node if isinstance(node, str) else ""


def chinese_characters(node) -> int:
    return len(re.findall(r"[\u4e00-\u9fff]", all_strings(node)))


def question_problem(question: dict) -> str:
    """Why a question cannot be marked; empty when it can."""
    kind, options, answer = question["kind"], question["options"], question["answer"]
    if kind not in {"single", "multiple", "judge"}:
        return "kind"
    if kind == "judge" and options != ["正确", "错误"]:
        return "judge options"
    if (kind != "judge" and not 3 <= len(options) <= 6) or len(set(options)) != len(options):
        return "options"
    if sorted(set(answer)) != answer or not all(0 <= place < len(options) for place in answer):
        return "answer"
    enough = len(answer) >= 2 if kind == "multiple" else len(answer) == 1
    return "" if enough else "count"


# --- courses -----------------------------------------------------------------


def test_two_courses_of_three_lessons():
    assert [sum(len(module["lessons"]) for module in course["modules"]) for course in courses()] == [3, 3]
    for course in courses():
        assert course["track"] == "law"
        assert course["notice"] == NOTICE
        assert 80 <= len(course["summary"]) <= 160
        assert " " not in course["summary"]
        assert Decimal(course["hours"]) > 0
        assert isinstance(course["hours"], str)
        assert "示范" in course["lecturer"]


def test_keys_are_unique_and_stable():
    keys = [course["key"] for course in courses()] + [lesson["key"] for lesson in lessons()]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", key) for key in keys)


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson["key"])
def test_a_lesson_is_long_enough_and_holds_a_table(lesson):
    written = [block for block in lesson["body"] if "law" not in block]
    assert chinese_characters([block["text"] for block in written if "text" in block]) >= 800
    assert [block for block in lesson["body"] if "table" in block]
    assert all(set(block) <= BLOCKS and len(block) == 1 for block in lesson["body"])


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson["key"])
def test_tables_are_rectangular(lesson):
    for block in lesson["body"]:
        table = block.get("table")
        assert table is None or {len(row) for row in table["rows"]} == {len(table["head"])}


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson["key"])
def test_text_holds_no_markup_but_bold_and_lists(lesson):
    text = all_strings(lesson["body"])
    assert not re.search(r"[<>#`_\[\]]|https?:", text)
    assert text.count("**") % 2 == 0


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson["key"])
def test_a_check_can_be_passed_and_marked(lesson):
    check = lesson["check"]
    assert len(check["questions"]) == 3
    assert 1 <= check["pass_mark"] <= 3
    assert [question_problem(question) for question in check["questions"]] == ["", "", ""]
    assert all(question["explanation"] for question in check["questions"])


def test_indicators_exist():
    named = {outcome["indicator"] for course in courses() for outcome in course["outcomes"]}
    named |= {code for lesson in lessons() for code in lesson["indicators"]}
    named |= {question["indicator"] for lesson in lessons() for question in lesson["check"]["questions"]}
    named |= {question["indicator"] for question in questions("law")}
    assert named <= indicators()
    assert {"E1", "E2", "E3", "E4"} <= named


# --- question bank -----------------------------------------------------------


def test_sixty_questions_with_unique_keys():
    bank = questions("law") + questions("digital")
    assert len(bank) == 60
    assert len({question["key"] for question in bank}) == 60
    assert len({question["stem"] for question in bank}) == 60


def test_the_law_half_is_balanced():
    bank = questions("law")
    by_indicator = Counter(question["indicator"] for question in bank)
    assert len(bank) == 30
    assert all(by_indicator[code] >= 5 for code in ("E1", "E2", "E3", "E4"))
    assert by_indicator["A3"] >= 3
    assert by_indicator["F3"] >= 3
    assert Counter(question["kind"] for question in bank) == {"single": 15, "multiple": 8, "judge": 7}


def test_the_right_answer_has_no_favourite_place():
    for kind, most in (("single", 7), ("multiple", 4), ("judge", 5)):
        places = Counter(str(q["answer"]) for q in questions("law") if q["kind"] == kind)
        assert max(places.values()) <= most, (kind, places)


@pytest.mark.parametrize("question", questions("law"), ids=lambda question: question["key"])
def test_a_bank_question_can_be_marked_and_explains_itself(question):
    assert question_problem(question) == ""
    assert question["difficulty"] in (1, 2, 3)
    assert chinese_characters(question["explanation"]) >= 40
    assert re.search(r"《[^》]+》第.+条", question["explanation"])


def test_an_unmarkable_question_is_found():
    good = {"kind": "single", "options": ["甲", "乙", "丙"], "answer": [0]}
    assert question_problem(good) == ""
    assert question_problem(good | {"answer": [3]}) == "answer"
    assert question_problem(good | {"answer": [0, 1]}) == "count"
    assert question_problem(good | {"kind": "judge"}) == "judge options"
    assert question_problem(good | {"options": ["甲", "甲", "乙"]}) == "options"


# --- laws and library --------------------------------------------------------


def test_the_table_of_laws_is_complete():
    rows = read(CURRICULUM / "laws.yaml")
    assert all(set(row) == LAW_ROW for row in rows)
    assert len({row["title"] for row in rows}) == len({row["short"] for row in rows}) == len(rows)
    assert sum(row["file"] is not None for row in rows) == 25
    assert all(row["status"] == "以官方发布为准" for row in rows)


@pytest.mark.parametrize("row", read(CURRICULUM / "laws.yaml"), ids=lambda row: row["title"])
def test_a_date_is_a_date_or_unchecked(row):
    for value in (row["adopted"], row["effective"]):
        assert value == UNCHECKED or isinstance(value, datetime.date)
    dates = [value for value in (row["adopted"], *row["revised"]) if value != UNCHECKED]
    assert dates == sorted(dates)
    if UNCHECKED not in (row["adopted"], row["effective"]):
        assert row["effective"] >= dates[-1]
    if row["effective"] == UNCHECKED:
        assert UNCHECKED in row["checked_against"]


def test_five_library_entries():
    titles = {row["title"] for row in read(CURRICULUM / "laws.yaml")}
    known = {read(path)["key"] for path in (CURRICULUM / "courses").glob("*.yaml")}
    assert len(library()) == 5
    assert len({entry["key"] for entry in library()}) == 5
    for entry in library():
        assert entry["law"] in titles
        assert entry["notice"] == NOTICE
        assert 200 <= len(entry["summary"]) <= 400
        assert " " not in entry["summary"]
        assert 5 <= len(entry["points"]) <= 8
        assert entry["practice"]
        assert set(entry["related_courses"]) <= known
