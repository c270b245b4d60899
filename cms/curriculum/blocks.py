"""From the curriculum's plain text to the blocks of a body: paragraphs, lists and bold, nothing else."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.utils.html import escape

from core.errors import DomainError

NAMESPACE = uuid.UUID("6f5b7b0e-6a0e-4f0c-9a51-2c1f4d1f9e10")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
BULLET = re.compile(r"^\s*-\s+(.*)$")
NUMBER = re.compile(r"^\s*\d+[.、]\s*(.*)$")
FindPage = Callable[[str], int]


def inline(text: str) -> str:
    """Escaped text in which ``**…**`` is bold; a broken line inside a paragraph is joined."""
    joined = "".join(part.strip() for part in text.splitlines())
    return BOLD.sub(r"<b>\1</b>", escape(joined))


def _kind(line: str) -> str:
    return "ul" if BULLET.match(line) else "ol" if NUMBER.match(line) else "p"


def _item(line: str) -> str:
    found = BULLET.match(line) or NUMBER.match(line)
    return f"<li>{inline(found.group(1) if found else line)}</li>"


def _piece(kind: str, lines: list[str]) -> str:
    if kind == "p":
        return f"<p>{inline(chr(10).join(lines))}</p>"
    return f"<{kind}>{''.join(_item(line) for line in lines)}</{kind}>"


def rich_text(text: str) -> str:
    """Rich text of paragraphs (parted by an empty line), ``- `` and ``1. `` lists and ``**bold**``."""
    pieces = []
    for paragraph in re.split(r"\n\s*\n", str(text).strip()):
        lines = [line for line in paragraph.splitlines() if line.strip()]
        pieces += [_piece(kind, list(group)) for kind, group in groupby(lines, key=_kind)]
    return "".join(pieces)


def table_value(table: dict[str, Any]) -> dict[str, Any]:
    """A table of the files as the typed table block stores it; every cell is text."""
    columns = [{"type": "text", "heading": str(heading)} for heading in table["head"]]
    rows = [{"values": [str(cell) for cell in row]} for row in table["rows"]]
    return {"caption": table["caption"], "table": {"columns": columns, "rows": rows, "caption": ""}}


def _value(kind: str, content: Any, page_of_case: FindPage) -> tuple[str, Any]:
    if kind == "heading":
        return "heading", str(content)
    if kind == "text":
        return "text", rich_text(content)
    if kind == "table":
        return "table", table_value(content)
    if kind == "case":
        return "reading", {"page": page_of_case(content), "note": ""}
    if kind in ("law", "quote", "callout", "section"):
        return kind, {name: _plain(name, value, kind) for name, value in content.items()}
    raise DomainError(f"不认识的正文块“{kind}”，请改用小标题、正文、表格、引文、法条、提示或案例。")


def _plain(name: str, value: Any, kind: str) -> str:
    return rich_text(value) if kind == "section" and name == "text" else str(value).strip()


def _no_cases(key: str) -> int:
    raise DomainError(f"正文提到的案例“{key}”不在案例库中，请先补上。")


def stream(key: str, body: list[dict[str, Any]], *, page_of_case: FindPage = _no_cases) -> list[dict[str, Any]]:
    """The raw stream of a body; block ids follow from ``key`` and position, so the same file gives the same stream."""
    blocks = []
    for position, block in enumerate(body):
        [(kind, content)] = block.items()
        name, value = _value(kind, content, page_of_case)
        blocks.append({"type": name, "value": value, "id": block_id(key, position)})
    return blocks


def block_id(key: str, position: int | str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{key}/{position}"))


def items(key: str, kind: str, values: list[Any]) -> list[dict[str, Any]]:
    """A raw stream of equal blocks (questions to discuss, sources, points of a law)."""
    return [{"type": kind, "value": value, "id": block_id(key, f"{kind}-{n}")} for n, value in enumerate(values)]
