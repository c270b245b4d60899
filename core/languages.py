"""The Chinese catalogue in one piece: our sentences are their own msgids, and a page misses it hundreds of times."""

from __future__ import annotations

from collections import ChainMap

from django.utils.translation import trans_real

CHINESE = "zh-hans"


def gather_fallbacks() -> None:
    """Behind the Chinese catalogue hang those of a dozen apps, and a miss asks each in turn; put them into the one.

    Django means to join catalogues of one plural rule as well, yet keeps all of them apart (TranslationCatalog.update
    compares a rule's code with the rule itself); Chinese has one rule, so the first to hold a sentence keeps it.
    """
    catalogue = trans_real.translation(CHINESE)
    link = catalogue._fallback
    while link is not None:
        for key, words in getattr(link, "_catalog", {}).items():
            if key not in catalogue._catalog:
                catalogue._catalog[key] = words
        link = link._fallback
    catalogue._fallback = None
    parts = catalogue._catalog
    parts._catalogs = [dict(ChainMap(*parts._catalogs))]
    parts._plurals = parts._plurals[:1]
