"""The search page: two-character words, every query string, nothing that is not public, nothing that runs."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms import search
from cms.curriculum.loading import law
from cms.curriculum.writing import Run
from courses.models import Course, Lesson
from tests.factories.cms import COURSE, small_curriculum


def page(client: Client, query: str, **more: str) -> str:
    answer = client.get("/search/", {"q": query, **more})
    assert answer.status_code == 200, query
    return answer.content.decode()


def found(query: str, only: str = "") -> dict[str, list[str]]:
    """Titles by kind, without the marks."""
    request = RequestFactory().get("/search/")
    results = search.find(query, request, only=only)
    return {one.kind.key: [re.sub("</?mark>", "", hit.title) for hit in one[:50]] for one in results if len(one)}


def test_words_of_two_characters_are_found_in_every_kind(site: dict[str, Any]):
    results = found("办成")
    assert "政务服务流程再造：从能网办到一次办成" in results["courses"]
    assert any("办得成" in title for title in found("面馆")["cases"])
    assert "中华人民共和国数据安全法" in found("数据")["laws"]
    assert found("监督")["pages"] and found("激活")["pages"] == ["使用帮助"]


def test_what_a_lesson_teaches_is_found_and_leads_to_its_course(site: dict[str, Any], client: Client):
    assert any(title.startswith("事项梳理") for title in found("退件")["lessons"])
    assert f"/tracks/digital/{COURSE}/" in page(client, "退件", kind="lessons")


def test_the_place_that_was_found_is_shown_and_marked(site: dict[str, Any], client: Client):
    text = page(client, "灶台")
    assert "<mark>灶台</mark>" in text and "面馆" in text


def test_lessons_outside_an_edition_and_withdrawn_courses_are_not_found(site: dict[str, Any]):
    Lesson.objects.create(key="draft", title="尚未公开的课时：密云不雨", live=True)
    Lesson.objects.create(key="draft-2", title="草稿课时：密云不雨", live=False)
    assert found("密云不雨") == {}
    assert "lessons" in found("退件")
    Course.objects.update(live=False)
    assert "courses" not in found("办成") and "lessons" not in found("退件")


def test_what_is_typed_is_never_run(site_once: None, client: Client):
    text = page(client, '<script>alert(1)</script>"onmouseover="x')
    assert "<script>alert(1)" not in text and '"onmouseover="' not in text


def test_text_of_the_index_is_escaped_before_it_is_marked():
    assert search.highlight("<b>数据</b>共享", ["数据"]) == "&lt;b&gt;<mark>数据</mark>&lt;/b&gt;共享"


def test_where_the_whole_word_stands_only_that_is_marked():
    assert search.highlight("数据与数据共享", ["数据共享"]) == "数据与<mark>数据共享</mark>"
    assert search.highlight("共享的数据", ["数据共享"]) == "<mark>共享</mark>的<mark>数据</mark>"


def test_nothing_found_says_so_and_offers_words_to_begin_with(site_once: None, client: Client):
    text = page(client, "蟪蛄不知春秋")
    assert "没有找到与“蟪蛄不知春秋”有关的内容" in text and "/search/?q=" + quote("一件事") in text


def test_an_empty_query_shows_where_to_begin(site_once: None, client: Client):
    assert "可以从这些词开始" in page(client, "")


def test_one_kind_is_shown_in_full_with_pages(site_once: None, client: Client):
    text = page(client, "法", kind="laws")
    assert "回到全部结果" in text and "共 28" not in page(client, "法", kind="nonsense")
    assert client.get("/search/", {"q": "法", "kind": "laws", "page": "2"}).status_code == 200
    assert client.get("/search/", {"q": "法", "kind": "laws", "page": "abc"}).status_code == 200


AWKWARD = [
    '"', "'", "*", "%", "_", "\\", "(", ")", "a OR b", "NEAR(数据 共享)", "title:数据", "^数据", "-数据", "+数据",
    "数据*", '"数据', "数据;DROP TABLE", "--", "/*", "\x00", "\x00数据", "😀", "数\u200b据", "ＤＡＴＡ", "a" * 500,
    "数" * 500,
    "AND", "NOT", "&", "|", "!", "<->", ":*", "𠮷野", "e\u0301", "\u202e数据", "   ", "\n\t", "1", "０", "[数据]",
]  # fmt: skip


@pytest.mark.parametrize("query", AWKWARD, ids=range(len(AWKWARD)))
def test_awkward_queries_are_answered(site_once: None, client: Client, query: str):
    page(client, query)
    page(client, query, kind="laws")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=80), kind=st.sampled_from(["", *search.KEYS, "?"]), number=st.text(max_size=5))
def test_every_query_string_is_answered(site_once: None, client: Client, query: str, kind: str, number: str):
    answer = client.get("/search/", {"q": query, "kind": kind, "page": number})
    assert answer.status_code == 200


@pytest.fixture
def site_once(db: None) -> None:
    """A few laws are enough to be searched."""
    files = small_curriculum()
    run = Run(files, actor=None, publisher=None, update=False, indicators={})
    for entry in files.laws[:5]:
        law(run, entry)


def test_the_overview_costs_few_queries(site: dict[str, Any], client: Client, django_assert_max_num_queries):
    page(client, "数据")
    with django_assert_max_num_queries(26):
        page(client, "数据")
