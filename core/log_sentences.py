"""The log's entries as sentences: a table of actions, each with its label and the words that take the entry's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail.log_actions import LogActionRegistry, LogFormatter

Actions = Mapping[str, tuple[Any, Any]]  # action → label, sentence with the keys of the entry's data


def sentence(table: Actions, action: str, data: Mapping[str, Any]) -> str:
    """What happened, in words; an entry that lacks a value shows its label alone."""
    label, words = table[action]
    values = {k: "、".join(v) if isinstance(v, list) else v for k, v in data.items()}
    try:
        return str(words) % values or str(label)
    except KeyError:
        return str(label)


def register(table: Actions, actions: LogActionRegistry) -> None:
    """Make every action of the table known to Wagtail's log."""
    for name, (text, _words) in table.items():
        actions.register_action(name)(_formatter(table, name, text))


def _formatter(table: Actions, name: str, text: Any) -> type[LogFormatter]:
    def format_message(self: LogFormatter, log_entry: Any) -> str:
        return sentence(table, name, log_entry.data or {})

    return type("Sentence", (LogFormatter,), {"label": text, "format_message": format_message, "message": text})
