"""Words that come with a button, where a form of its own would be too much."""

from __future__ import annotations

from django.http import HttpRequest


def short_text(request: HttpRequest, name: str, most: int) -> str:
    """The posted text in one trimmed piece of at most ``most`` characters, without what no person types.

    The field on the page has the same ``maxlength``, so that nobody loses words that they saw.
    """
    typed = request.POST.get(name, "")
    return "".join(sign for sign in typed if sign.isprintable() or sign in "\r\n\t").strip()[:most]
