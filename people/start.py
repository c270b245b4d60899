"""Where a person begins after signing in; the apps above register a page per role."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from people.scopes import roles_of

_pages: dict[str, tuple[int, str]] = {}


def register(role: str, url_name: str, order: int) -> None:
    """Name the start page of a role (a URL name without arguments); the lowest order wins."""
    if role not in _pages or order <= _pages[role][0]:
        _pages[role] = (order, url_name)


def registered() -> dict[str, str]:
    """Role → URL name of its start page."""
    return {role: url_name for role, (_, url_name) in _pages.items()}


def start_url(user: Any) -> str:
    """The address of the person's start page; their account where no role of theirs has one."""
    for _, url_name in sorted(_pages[role] for role in roles_of(user) if role in _pages):
        try:
            return reverse(url_name)
        except NoReverseMatch:
            continue
    return reverse("people:account")
