"""The Chinese catalogue in one piece: our sentences are their own msgids, and a page misses it hundreds of times."""

from __future__ import annotations

from django.utils.translation import trans_real

CHINESE = "zh-hans"


def gather_fallbacks() -> None:
    """Behind the Chinese catalogue hang those of a dozen apps, and a miss asks each in turn; put them into the one."""
    catalogue = trans_real.translation(CHINESE)
    link = catalogue._fallback
    while link is not None:
        for key, words in getattr(link, "_catalog", {}).items():
            if key not in catalogue._catalog:
                catalogue._catalog[key] = words
        link = link._fallback
    catalogue._fallback = None
