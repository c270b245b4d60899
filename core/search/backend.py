"""One search for SQLite and PostgreSQL: Wagtail's database backend, fed with words that Chinese can be found by."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from django.db import connection
from django.utils.encoding import force_str
from modelsearch.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText, SearchQuery

from core.search.words import asked, indexed

if connection.vendor == "sqlite":
    from modelsearch.backends.database.sqlite import sqlite as database
else:
    from modelsearch.backends.database.postgres import postgres as database


class _IndexedWords:
    """Every text goes into the index as its words."""

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, (list, dict)):
            return super().prepare_value(value)  # type: ignore[misc, no-any-return]
        return indexed(force_str(value, errors="replace"))


def rewritten(query: SearchQuery | str, operator: str | None = None) -> SearchQuery:
    """The query in plain words: nothing that a person types reaches the syntax of FTS5 or tsquery."""
    if isinstance(query, str):
        return _plain(query, operator or "and")
    if isinstance(query, (PlainText, Phrase, Fuzzy)):
        return _plain(query.query_string, getattr(query, "operator", "and"))
    if isinstance(query, (And, Or)):
        return type(query)([rewritten(part) for part in query.subqueries])
    if isinstance(query, Not):
        return Not(rewritten(query.subquery))
    return rewritten(query.subquery) if isinstance(query, Boost) else query  # SQLite knows no boost of a part


def _plain(text: str, operator: str) -> SearchQuery:
    words = asked(text)
    return PlainText(words, operator=operator) if words else Not(MATCH_ALL)


class _AskedWords:
    def __init__(self, queryset: Any, query: Any, *args: Any, operator: str | None = None, **more: Any) -> None:
        query = MATCH_ALL if query is None else rewritten(query, operator)
        super().__init__(queryset, query, *args, operator=operator, **more)  # type: ignore[call-arg]


def _with_words(module: ModuleType, base: type) -> type:
    """The module's backend with our words; its index looks up ``ObjectIndexer`` in the module."""
    module.ObjectIndexer = type("ObjectIndexer", (_IndexedWords, module.ObjectIndexer), {})  # type: ignore[attr-defined]
    compilers = {
        name: type("Compiler", (_AskedWords, getattr(base, name)), {})
        for name in ("query_compiler_class", "autocomplete_query_compiler_class")
    }
    return type("SearchBackend", (base,), compilers)


SearchBackend = _with_words(database, database.SearchBackend)
