"""The questions: markable, spread over kinds, indicators and places, each with an explanation. Reads files only."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.cms.curriculum_files import bank, banks, checks, hanzi, indicators

LETTERS = {"digital": "D", "law": "L", "reform": "R", "talent": "T", "service": "S", "base": "B"}
EVASIONS = ("以上都", "以上皆", "上述都")


def problem(question: dict) -> str:
    """Why a question cannot be marked; empty when it can."""
    kind, options, answer = question["kind"], question["options"], question["answer"]
    if kind not in {"single", "multiple", "judge"}:
        return "kind"
    if kind == "judge" and options != ["正确", "错误"]:
        return "judge options"
    if (kind != "judge" and len(options) != 4) or len(set(options)) != len(options):
        return "options"
    if any(evasion in option for option in options for evasion in EVASIONS):
        return "evasion"
    if sorted(set(answer)) != answer or not all(0 <= place < len(options) for place in answer):
        return "answer"
    enough = 2 <= len(answer) < len(options) if kind == "multiple" else len(answer) == 1
    return "" if enough else "count"


def is_longest(question: dict) -> bool:
    """Whether nothing but the right answer is as long as the right answer."""
    right = len(question["options"][question["answer"][0]])
    return all(len(option) < right for n, option in enumerate(question["options"]) if n != question["answer"][0])


def of_kind(questions: list[dict], kind: str) -> list[dict]:
    return [one for one in questions if one["kind"] == kind]


def test_one_hundred_and_fifty_questions_with_keys_in_order():
    assert len(bank()) == 150
    assert len({one["stem"] for one in [*bank(), *checks()]}) == len(bank()) + len(checks())
    for name, questions in banks().items():
        letter = LETTERS[name]
        assert [one["key"] for one in questions] == [f"{letter}{n:03d}" for n in range(1, len(questions) + 1)]


@pytest.mark.parametrize("question", [*bank(), *checks()], ids=lambda one: one.get("key", one["stem"][:12]))
def test_a_question_can_be_marked_and_explains_itself(question):
    assert problem(question) == ""
    assert question["indicator"] in indicators()
    assert hanzi(question["explanation"]) >= 40


def test_a_bank_question_has_a_difficulty():
    assert {one["difficulty"] for one in bank()} == {1, 2, 3}


def test_every_indicator_that_is_scored_has_enough_questions():
    counted = Counter(one["indicator"] for one in bank())
    assert set(counted) == indicators() - {"A1"}
    assert min(counted.values()) >= 4


@pytest.mark.parametrize("name", LETTERS)
def test_kinds_are_mixed_and_right_answers_have_no_favourite_place(name):
    questions = banks()[name]
    single, judged = of_kind(questions, "single"), of_kind(questions, "judge")
    assert 0.5 <= len(single) / len(questions) <= 0.6
    assert len(of_kind(questions, "multiple")) >= 4 and len(judged) >= 4
    places = Counter(one["answer"][0] for one in single)
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) <= 0.4 * len(single)
    assert min(Counter(one["answer"][0] for one in judged).values()) >= 2
    assert len(list(filter(is_longest, single))) <= len(single) / 3


def test_checks_do_not_give_themselves_away_either():
    single, judged = of_kind(checks(), "single"), of_kind(checks(), "judge")
    places = Counter(one["answer"][0] for one in single)
    assert max(places.values()) <= 0.4 * len(single)
    assert len(list(filter(is_longest, single))) <= len(single) / 3
    assert 0.3 <= sum(one["answer"] == [0] for one in judged) / len(judged) <= 0.7


def test_an_explanation_about_law_names_the_article():
    law = [one for one in banks()["law"] if not re.search(r"《[^》]+》第.+条", one["explanation"])]
    assert [one["key"] for one in law] == []


def test_an_unmarkable_question_is_found():
    good = {"kind": "single", "options": ["甲", "乙", "丙", "丁"], "answer": [0]}
    assert problem(good) == ""
    assert problem(good | {"answer": [4]}) == "answer"
    assert problem(good | {"answer": [0, 1]}) == "count"
    assert problem(good | {"kind": "multiple", "answer": [0, 1, 2, 3]}) == "count"
    assert problem(good | {"kind": "judge"}) == "judge options"
    assert problem(good | {"options": ["甲", "甲", "乙", "丙"]}) == "options"
    assert problem(good | {"options": ["甲", "乙", "丙", "以上都对"]}) == "evasion"


def test_an_answer_that_is_the_longest_is_found():
    assert is_longest({"options": ["甲乙", "甲", "乙"], "answer": [0]})
    assert not is_longest({"options": ["甲乙", "甲乙", "乙"], "answer": [0]})
