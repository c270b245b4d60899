"""The one search for people: by name, work number or the initials of the name's pinyin (王敏: wm)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

LABEL = _("姓名、工号或拼音首字母")
LONGEST = 50
FIELDS = ("name", "work_number", "initials")


def people_fields(prefix: str = "user__") -> list[str]:
    """The columns in which a list of the office finds a person; ``prefix`` leads from the row to the person."""
    return [f"{prefix}{name}" for name in FIELDS]


def find_people(rows: QuerySet[Any], words: str, prefix: str = "user__") -> QuerySet[Any]:
    """The rows whose person's name or work number contains the words or whose initials begin with them."""
    sought = words.replace("\x00", "").strip()[:LONGEST]
    if not sought:
        return rows
    found = Q(**{f"{prefix}name__icontains": sought}) | Q(**{f"{prefix}work_number__icontains": sought})
    return rows.filter(found | Q(**{f"{prefix}initials__istartswith": sought}))
