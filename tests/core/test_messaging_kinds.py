"""A sender that names a kind names one that an app registered, and every kind has a sender."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from core.messaging import kinds
from courses.services import reminding
from tests.architecture.house import APPS, sources, where

# Sent under a name instead of words.
NAMED = {"KIND": reminding.KIND}


def sent_kinds() -> Iterator[tuple[str, str]]:
    """(where, kind) of every ``notices.send(…)``; an empty kind where the notice stays inside."""
    for app in APPS:
        for path in sources(app):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "notices.send":
                    yield f"{where(path)}:{node.lineno}", _kind_of(node)


def _kind_of(call: ast.Call) -> str:
    value = next((word.value for word in call.keywords if word.arg == "kind"), None)
    if isinstance(value, ast.Constant):
        return str(value.value)
    return NAMED[value.id] if isinstance(value, ast.Name) else ""


def test_every_kind_that_is_named_is_known() -> None:
    found = {place: kind for place, kind in sent_kinds() if kind}
    assert len(found) >= 28
    assert {place: kind for place, kind in found.items() if kinds.find(kind) is None} == {}


def test_every_kind_has_a_sender() -> None:
    used = {kind for _place, kind in sent_kinds()} | {kinds.BUNDLE}
    assert {kind.name for kind in kinds.every()} - used == set()
