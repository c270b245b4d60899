"""Icons, states, half days and table cells as HTML: drawn in Python, because a table holds hundreds of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.assets import ICON_SPRITE

register = template.Library()

STATE_ICONS = {
    "done": "circle-check",
    "todo": "circle",
    "waiting": "clock",
    "risk": "alert-triangle",
    "failed": "circle-x",
    "info": "info-circle",
}
STATE_WORDS = {
    "done": "已完成",
    "todo": "待办",
    "waiting": "等待中",
    "risk": "有风险",
    "failed": "未通过",
    "info": "说明",
}
HALF_DAY_MARKS = {
    "present": ("到", "到课", "done"),
    "late": ("迟", "迟到", "risk"),
    "left_early": ("退", "早退", "risk"),
    "leave": ("假", "请假", "info"),
    "absent": ("旷", "旷课", "failed"),
    "not_recorded": ("—", "未登记", "todo"),
    "not_due": ("／", "本组没有课", "none"),
}


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A drawing of the sprite; silent beside a word, with ``label`` it is read aloud."""
    return _drawing(name, str(label), size)


@lru_cache(maxsize=512)
def _drawing(name: str, label: str, size: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    classes = f"lh-icon lh-icon-{size}" if size else "lh-icon"
    href = f"{static(ICON_SPRITE)}#{name}"
    return format_html('<svg class="{}" {} focusable="false"><use href="{}"></use></svg>', classes, spoken, href)


@register.filter
def state_icon(kind: str) -> str:
    return STATE_ICONS.get(kind, "info-circle")


@register.filter
def state_word(word: str, kind: str) -> str:
    """The word of a state; each kind has one of its own when the page gives none."""
    return word or _(STATE_WORDS.get(kind, "说明"))


@register.simple_tag
def half_day_mark(kind: str) -> dict[str, str]:
    """The short mark, the word and the colour of a half day's attendance."""
    mark, word, colour = HALF_DAY_MARKS.get(kind, HALF_DAY_MARKS["not_recorded"])
    return {"mark": _(mark), "word": _(word), "state": colour}


@register.simple_tag
def state(kind: str, word: str = "") -> SafeString:
    """A state as a word with its icon and colour; without a word the kind's own."""
    words = state_word(str(word or ""), kind)
    return format_html('<span class="lh-state lh-state-{}">{}{}</span>', kind, icon(state_icon(kind)), words)


@register.simple_tag
def half_day(kind: str, note: str = "") -> SafeString:
    """The short mark of a half day's attendance, spoken and on hover its word with the note (reason or time)."""
    mark = half_day_mark(kind)
    spoken = f"{mark['word']}：{note}" if note and note != "—" else mark["word"]
    return format_html(
        '<span class="lh-half lh-half-{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="lh-hidden">{}</span></span>',
        mark["state"], spoken, mark["mark"], spoken,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _badge(kind: str, word: str, language: str) -> SafeString:
    return state(kind, word)


def reasoned(kind: str, word: str, why: str, *, is_open: bool = False) -> SafeString:
    """A state that gives its reason on hover, on tap and by keyboard."""
    return format_html(
        '<details class="lh-why"{}><summary title="{}">{}</summary><span class="lh-cell-sub">{}</span></details>',
        mark_safe(" open") if is_open else "", why, _badge(kind, word, get_language()), why,
    )  # fmt: skip


@register.simple_tag
def table_cell(cell: Mapping[str, Any]) -> SafeString:
    """What stands in a cell: {text, url, state, state_word, sub, half_day}; or a state with its reason: {why, open}."""
    if cell.get("why"):
        return reasoned(cell["state"], cell.get("state_word", ""), cell["why"], is_open=bool(cell.get("open")))
    text = cell.get("text", "")
    if cell.get("half_day"):
        body = half_day(cell["half_day"], text)
    elif cell.get("url"):
        body = format_html('<a href="{}">{}</a>', cell["url"], text)
    else:
        body = conditional_escape(text)
    badge = state(cell["state"], cell.get("state_word", "")) if cell.get("state") else ""
    below = format_html('<span class="lh-cell-sub">{}</span>', cell["sub"]) if cell.get("sub") else ""
    return format_html("<span>{}{}{}</span>", body, badge, below)


@register.filter
def as_cell(value: Any) -> dict[str, Any]:
    """A table cell as a mapping (text, url, state, sub); a plain value becomes its text."""
    cell = dict(value) if isinstance(value, Mapping) else {"text": value}
    if cell.get("text") in (None, ""):
        cell["text"] = "" if cell.get("state") else "—"
    return cell


DATES = re.compile(r"[\d年月日—:, ]*\d[日年][\d年月日—:, ]*")  # a day or a span of days and nothing else


@register.simple_tag
def table_row(row: Iterable[Any], columns: Iterable[Mapping[str, Any]]) -> SafeString:
    """The cells of a row under its columns; the first is the row's heading."""
    pairs = enumerate(zip(row, columns, strict=False))
    return mark_safe("".join(_td(as_cell(value), column, at) for at, (value, column) in pairs))


def _td(cell: dict[str, Any], column: Mapping[str, Any], at: int) -> SafeString:
    if at == 0:
        return format_html('<th scope="row">{}</th>', table_cell(cell))
    kind = "is-number" if column.get("number") else "is-short" if column.get("short") else ""
    if not kind and DATES.fullmatch(str(cell.get("text", ""))):
        kind = "is-date"
    dress = format_html(' class="{}"', kind) if kind else ""
    return format_html('<td data-label="{}"{}>{}</td>', column.get("label", ""), dress, table_cell(cell))
