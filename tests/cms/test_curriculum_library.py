"""The table of laws, the entries of the law library and the cases are complete. Reads files only."""

from __future__ import annotations

import datetime
import re

import pytest

from tests.cms.curriculum_files import NOTICE, UNCHECKED, cases, courses, hanzi, indicators, laws, library, strings

LAW_ROW = {
    "title", "short", "kind", "number", "issuer", "adopted", "effective",
    "revised", "status", "articles", "checked_against", "file",
}  # fmt: skip
SINCE_AMENDED = "网络安全法"  # its articles may have moved, so that none may be cited


def titles() -> set[str]:
    return {row["title"] for row in laws()}


def test_the_table_of_laws_is_complete():
    assert all(set(row) == LAW_ROW for row in laws())
    assert len(titles()) == len({row["short"] for row in laws()}) == len(laws())
    assert sum(row["file"] is not None for row in laws()) == 25
    assert all(row["status"] == "以官方发布为准" for row in laws())


@pytest.mark.parametrize("row", laws(), ids=lambda row: row["title"])
def test_a_date_is_a_date_or_unchecked(row):
    for value in (row["adopted"], row["effective"]):
        assert value == UNCHECKED or isinstance(value, datetime.date)
    dates = [value for value in (row["adopted"], *row["revised"]) if value != UNCHECKED]
    assert dates == sorted(dates)
    if UNCHECKED not in (row["adopted"], row["effective"]):
        assert row["effective"] >= dates[-1]
    if row["effective"] == UNCHECKED:
        assert UNCHECKED in row["checked_against"]


def test_fifteen_library_entries_on_fifteen_laws():
    assert len(library()) == 15
    assert len({entry["key"] for entry in library()}) == len({entry["law"] for entry in library()}) == 15


@pytest.mark.parametrize("entry", library(), ids=lambda one: one["key"])
def test_a_library_entry_is_complete(entry):
    assert entry["law"] in titles()
    assert entry["notice"] == NOTICE
    assert 200 <= len(entry["summary"]) <= 400 and " " not in entry["summary"]
    assert 5 <= len(entry["points"]) <= 8
    assert len({point["article"] for point in entry["points"]}) == len(entry["points"])
    assert hanzi(entry["practice"]) >= 100
    assert entry["related_courses"] and set(entry["related_courses"]) <= {course["key"] for course in courses()}


def test_six_cases():
    assert len({case["key"] for case in cases()}) == 6
    assert {case["track"] for case in cases()} == {"digital", "law", "reform", "service", "talent"}


@pytest.mark.parametrize("case", cases(), ids=lambda one: one["key"])
def test_a_case_is_fictional_and_complete(case):
    assert set(case["indicators"]) <= indicators()
    assert case["notice"].startswith(NOTICE)
    assert "虚构" in case["notice"] and "示范数据" in case["notice"]
    assert "云山市（虚构）" in case["background"]
    assert hanzi([case["background"], case["process"], case["result"]]) >= 1000
    assert hanzi(case["teaching"]) >= 150 and "常见回答与追问" in case["teaching"]
    assert {len(row) for row in case["figures"]["rows"]} == {len(case["figures"]["head"])}
    assert "示范" in case["figures"]["caption"]
    assert len(case["discussion"]) >= 3
    assert {one["title"] for one in case["sources"]} <= titles()


def test_no_article_of_a_law_that_has_changed_since_is_cited():
    everything = "\n".join(strings([*courses(), *cases(), *library()]))
    assert not re.search(rf"{SINCE_AMENDED}》第", everything)
