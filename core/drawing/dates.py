"""Dates as they are written in Chinese documents."""

from __future__ import annotations

import re
from datetime import date


def chinese_date(day: date) -> str:
    """Return a date as 2026年9月7日."""
    return f"{day.year}年{day.month}月{day.day}日"


def read_chinese_date(text: str) -> date | None:
    """Read the first date like 2026年9月7日 in a text, or None."""
    found = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日", text)
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def chinese_window(start: date, end: date) -> str:
    """Return a span of dates; the year and month are not repeated when they are the same."""
    if start == end:
        return chinese_date(start)
    last = f"{end.month}月{end.day}日" if start.year == end.year else chinese_date(end)
    return f"{chinese_date(start)}至{last}"
