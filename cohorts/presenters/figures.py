"""How hours and dates are written inside the sentences of rules and services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _


def plain(value: Decimal) -> str:
    """40 or 37.5: a decimal without trailing zeros."""
    return f"{value.normalize():f}" if value else "0"


def day_words(day: date) -> str:
    """2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"


def listed(names: Sequence[str], *, most: int = 5) -> str:
    """甲、乙、丙等 7 人: the first names, and how many there are when that is more."""
    shown = "、".join(names[:most])
    return shown if len(names) <= most else _("%(names)s等 %(count)s 人") % {"names": shown, "count": len(names)}
