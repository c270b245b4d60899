"""The Chinese catalogue without its chain of fallbacks says what it said with it."""

from __future__ import annotations

import gettext as standard_gettext
import re

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext, trans_real

from core.languages import CHINESE, gather_fallbacks

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# Written by one person and read by another.
KEPT = ("您的请假申请有新的办理情况", "考试成绩已经公布", "您的调训报名有新的办理情况")


def test_what_the_fallbacks_knew_is_still_said() -> None:
    fresh = trans_real.DjangoTranslation(CHINESE)
    links, link = [], fresh._fallback
    while link is not None:
        links.append(link)
        link = link._fallback
    known = {key for one in [fresh, *links] for key, _words in getattr(one, "_catalog", {}).items() if key}
    known = {key for key in known if isinstance(key, str)}
    assert known, "without fallbacks there is nothing to gather"
    with translation.override(CHINESE):
        assert {key: gettext(key) for key in known} == {key: fresh.gettext(key) for key in known}
        assert gettext("没有这一句译文") == "没有这一句译文"
        assert ngettext("%(count)d page", "%(count)d pages", 2) == fresh.ngettext(
            "%(count)d page", "%(count)d pages", 2
        )


def test_a_miss_asks_one_catalogue_only() -> None:
    gather_fallbacks()
    catalogue = trans_real.translation(CHINESE)
    assert catalogue._fallback is None and len(catalogue._catalog._catalogs) == 1


def test_plurals_are_said_as_before() -> None:
    fresh = trans_real.DjangoTranslation(CHINESE)
    plurals = {key[0] for key, _words in fresh._catalog.items() if isinstance(key, tuple)}
    assert len(plurals) > 50
    with translation.override(CHINESE):
        assert {key: ngettext(key, "?", 2) for key in plurals} == {key: fresh.ngettext(key, "?", 2) for key in plurals}


def english() -> dict[str, str]:
    """The product's own catalogue, without Django's and Wagtail's."""
    catalogue = standard_gettext.translation("django", str(settings.LOCALE_PATHS[0]), ["en"])._catalog
    return {key: words for key, words in catalogue.items() if isinstance(key, str) and key}


def values_in(sentence: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(sentence))


def test_every_english_sentence_keeps_the_places_of_its_values() -> None:
    found = english()
    assert len(found) > 3000
    assert [key for key, words in found.items() if values_in(key) != values_in(words)] == []


def test_what_is_stored_for_others_is_not_translated() -> None:
    """A notice is read by somebody else than who caused it."""
    with translation.override("en"):
        assert [gettext(sentence) for sentence in KEPT] == list(KEPT)
