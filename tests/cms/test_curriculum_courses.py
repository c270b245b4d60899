"""The courses: enough for every track, each lesson long enough, with a table and a check. Reads files only."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

import pytest

from tests.cms.curriculum_files import NOTICE, cases, courses, hanzi, indicators, lessons, lessons_of, strings

BLOCKS = {"heading", "text", "table", "quote", "law", "case", "callout"}
NOT_SCORED = "A1"  # taught, never tested or scored per person
MARKUP = re.compile(r"<[a-z/]|https?:|^#|[`_\[\]]", re.MULTILINE)


def own_words(body: list[dict]) -> list[dict]:
    """A lesson's running text, without tables and without what is quoted from statutes."""
    return [block for block in body if not {"law", "table", "case"} & set(block)]


def sentences(value) -> list[str]:
    parts = (part.strip(" -*") for text in strings(value) for part in re.split(r"[。！？；\n]", text))
    return [part for part in parts if len(part) >= 8]


def test_every_track_has_its_courses():
    assert Counter(course["track"] for course in courses()) == {
        "digital": 3, "law": 3, "reform": 1, "talent": 1, "service": 1, "base": 1,
    }  # fmt: skip


@pytest.mark.parametrize("course", courses(), ids=lambda one: one["key"])
def test_a_course_says_what_it_is(course):
    assert course["notice"] == NOTICE
    assert "示范讲师" in course["lecturer"]
    assert isinstance(course["hours"], str) and Decimal(course["hours"]) > 0
    assert 80 <= len(course["summary"]) <= 160 and " " not in course["summary"]
    assert 3 <= len(lessons_of(course)) <= 4
    assert {goal["indicator"] for goal in course["outcomes"]} <= indicators()
    assert all(goal["text"].startswith("能") for goal in course["outcomes"])


def test_keys_are_unique_and_stable():
    keys = [course["key"] for course in courses()] + [lesson["key"] for lesson in lessons()]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", key) for key in keys)
    assert all(lesson["key"].startswith(course["key"]) for course in courses() for lesson in lessons_of(course))


@pytest.mark.parametrize("lesson", lessons(), ids=lambda one: one["key"])
def test_a_lesson_is_long_enough_and_holds_a_table(lesson):
    assert lesson["kind"] in {"article", "video"}
    assert set(lesson["indicators"]) <= indicators()
    assert all(len(block) == 1 and set(block) <= BLOCKS for block in lesson["body"])
    assert hanzi(own_words(lesson["body"])) >= 800
    tables = [block["table"] for block in lesson["body"] if "table" in block]
    assert tables
    for table in tables:
        assert table["caption"]
        assert {len(row) for row in table["rows"]} == {len(table["head"])}
        assert all(isinstance(cell, str) for row in table["rows"] for cell in row)


@pytest.mark.parametrize("lesson", lessons(), ids=lambda one: one["key"])
def test_text_holds_no_markup_but_bold_and_lists(lesson):
    text = "\n".join(strings(lesson["body"]))
    assert not MARKUP.search(text)
    assert text.count("**") % 2 == 0


@pytest.mark.parametrize("lesson", lessons(), ids=lambda one: one["key"])
def test_a_check_has_three_questions_on_what_was_taught(lesson):
    assert lesson["check"]["pass_mark"] == 2
    asked = [question["indicator"] for question in lesson["check"]["questions"]]
    assert len(asked) == 3
    assert NOT_SCORED not in asked


def test_indicators_are_covered_by_some_course():
    taught = {goal["indicator"] for course in courses() for goal in course["outcomes"]}
    assert taught == indicators()


def test_cases_named_in_lessons_exist_and_every_case_is_taught():
    named = {block["case"] for one in lessons() for block in one["body"] if "case" in block}
    assert named == {case["key"] for case in cases()}


def test_no_sentence_is_used_twice_as_filler():
    texts = [own_words(one["body"]) for one in lessons()] + [case["process"] for case in cases()]
    counted = Counter(sentence for text in texts for sentence in set(sentences(text)))
    assert [sentence for sentence, times in counted.items() if times > 1] == []
