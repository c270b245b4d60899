"""The Chinese catalogue without its chain of fallbacks says what it said with it."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext, ngettext, trans_real

from core.languages import CHINESE, gather_fallbacks


def test_what_the_fallbacks_knew_is_still_said() -> None:
    fresh = trans_real.DjangoTranslation(CHINESE)
    links, link = [], fresh._fallback
    while link is not None:
        links.append(link)
        link = link._fallback
    known = {key for one in links for key in getattr(one, "_catalog", {}) if isinstance(key, str) and key}
    assert known, "without fallbacks there is nothing to gather"
    with translation.override(CHINESE):
        assert {key: gettext(key) for key in known} == {key: fresh.gettext(key) for key in known}
        assert gettext("没有这一句译文") == "没有这一句译文"
        assert ngettext("%(count)d page", "%(count)d pages", 2) == fresh.ngettext(
            "%(count)d page", "%(count)d pages", 2
        )


def test_a_miss_asks_one_catalogue_only() -> None:
    gather_fallbacks()
    assert trans_real.translation(CHINESE)._fallback is None
