"""Search finds Chinese words of two characters on both databases and answers whatever is typed."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from modelsearch.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from core.search.backend import SearchBackend
from core.search.words import asked, indexed

pytestmark = pytest.mark.django_db

TITLES = {
    "digital": "数字政府建设与一网通办",
    "law": "行政处罚法要点：法治思维",
    "talent": "人才引进“一事一策”",
    "mixed": "5G 网络与 Café 数据治理 2026",
    "rare": "𬭎先生访谈",
}
AWKWARD = [
    '"', "'", "*", "(", ")", "((", "&", "|", "!", ":*", "<->", "\\", "%", "_", "--", ";", "\x00", "a\x00b",
    "\ud800", "数字\udfff", "😀", "👩‍👩‍👧", "NEAR(", "AND", "OR NOT", "title:", "^x", "{x}", "-", "+",
    "　", " ", "\n\t",
    "数" * 10_000, "a" * 10_000, "(" * 10_000, "x'y", 'x"y', "1e5", "3.5", "@#￥%……&*", "'; DROP TABLE x; --",
    "\u202e数字", "\ufeff", "ﷺ", "İ", "ß", "数字 \"", "数字*", "-数字",
]  # fmt: skip


@pytest.fixture
def pages(db):
    root = Page.objects.get(depth=1)
    made = {key: root.add_child(instance=Page(title=title, slug=f"search-{key}")) for key, title in TITLES.items()}
    backend = get_search_backend()
    for page in made.values():
        backend.add(page)
    return made


def found(query, **how) -> set[str]:
    titles = {page.title for page in get_search_backend().search(query, Page.objects.all(), **how)}
    return {key for key, title in TITLES.items() if title in titles}


def completed(query) -> set[str]:
    titles = {page.title for page in get_search_backend().autocomplete(query, Page.objects.all())}
    return {key for key, title in TITLES.items() if title in titles}


class TestIndex:
    def test_the_backend_is_ours(self):
        assert isinstance(get_search_backend(), SearchBackend)

    def test_the_index_exists_and_is_filled(self, pages):
        entries = IndexEntry.objects.filter(object_id__in=[str(p.pk) for p in pages.values()])
        assert entries.count() == len(TITLES)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT count(*) FROM wagtailsearch_indexentry_fts WHERE title MATCH '\"数字\"'")
            else:
                cursor.execute("SELECT count(*) FROM wagtailsearch_indexentry WHERE title @@ '''数字'''::tsquery")
            assert cursor.fetchone()[0] == 1

    def test_saving_a_page_fills_the_index(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            Page.objects.get(depth=1).add_child(instance=Page(title="保密教育专题", slug="saved"))
        assert [p.title for p in get_search_backend().search("保密", Page)] == ["保密教育专题"]

    def test_a_changed_page_is_found_by_its_new_words_only(self, pages):
        page = pages["law"]
        page.title = "公务员法要点"
        page.save()
        get_search_backend().add(page)
        assert [p.pk for p in get_search_backend().search("公务", Page)] == [page.pk]
        assert list(get_search_backend().search("处罚", Page)) == []


class TestFinding:
    @pytest.mark.parametrize(
        ("query", "keys"),
        [
            ("政府", {"digital"}), ("数字", {"digital"}), ("法治", {"law"}), ("通办", {"digital"}), ("数据", {"mixed"}),
            ("府建", {"digital"}), ("数字政府", {"digital"}), ("政", {"digital", "law"}), ("治理", {"mixed"}),
            ("政府 建设", {"digital"}), ("数字 处罚", set()), ("府政", set()), ("5g", {"mixed"}), ("５Ｇ", {"mixed"}),
            ("cafe", {"mixed"}), ("CAFÉ", {"mixed"}), ("2026", {"mixed"}), ("网络 数据", {"mixed"}),
            ("一事一策", {"talent"}),
            ("“人才”", {"talent"}), ("𬭎", {"rare"}), ("𬭎先", {"rare"}), ("不存在", set()), ("", set()),
        ],
    )  # fmt: skip
    def test_the_same_answers_on_both_databases(self, pages, query, keys):
        assert found(query) == keys

    @pytest.mark.parametrize(
        ("query", "keys"),
        [
            ("数", {"digital", "mixed"}),
            ("数字政", {"digital"}),
            ("caf", {"mixed"}),
            ("行政处", {"law"}),
            ("处行", set()),
        ],
    )
    def test_completing_while_typing(self, pages, query, keys):
        assert completed(query) == keys

    def test_either_word_or_both(self, pages):
        assert found("数字 处罚", operator="or") == {"digital", "law"}
        assert found(PlainText("数字 处罚", operator="or")) == {"digital", "law"}
        assert found(Or([PlainText("数字"), PlainText("处罚")])) == {"digital", "law"}
        assert found(And([PlainText("数字"), PlainText("政府")])) == {"digital"}

    def test_phrases_are_read_as_words(self, pages):
        assert found(Phrase("政府建设")) == {"digital"}
        assert found(Fuzzy("政府建设")) == {"digital"}
        assert found(Boost(PlainText("政府"), 2.0)) == {"digital"}

    def test_everything_and_nothing(self, pages):
        assert found(MATCH_ALL) == set(TITLES)
        assert found(Not(MATCH_ALL)) == set()

    def test_the_scope_of_the_queryset_holds(self, pages):
        within = Page.objects.exclude(pk=pages["digital"].pk)
        assert list(get_search_backend().search("政府", within)) == []


class TestAwkward:
    @pytest.mark.parametrize("query", AWKWARD, ids=[repr(q)[:20] for q in AWKWARD])
    def test_every_query_answers(self, pages, query):
        for answer in (found, completed):
            assert answer(query) <= set(TITLES)
        get_search_backend().search(query, Page.objects.all()).count()

    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(query=st.text(st.characters(exclude_categories=()), max_size=90))
    def test_any_text_answers(self, pages, query):
        found(query)
        completed(query)
        len(get_search_backend().search(query, Page.objects.order_by("title"), order_by_relevance=False))

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(title=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=60))
    def test_any_title_can_be_indexed(self, pages, title):
        page = pages["talent"]
        page.title = title
        get_search_backend().add(page)

    @given(st.text(st.characters(exclude_categories=()), max_size=64))
    def test_what_is_asked_of_a_text_is_in_its_index(self, text):
        words = asked(text).split()
        assert set(words) <= set(indexed(text).split())
        assert all(word.isalnum() for word in words)


def test_a_long_query_is_cut():
    assert len(asked("数" * 10_000 + "字").split()) == 1
    assert len(asked("".join(chr(0x4E00 + n) for n in range(500))).split()) == 63
