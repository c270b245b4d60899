"""Menus, footer links and home tiles are registered by the apps; the base template names none of them.

An app calls the ``register…`` functions in its ``AppConfig.ready``. Faces: ``public``, ``cadre``, ``office`` and
``leaders``. Labels are lazy translations, icons are names in the sprite, ``visible`` takes the user of the request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.core.checks import register as register_check
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import cached_property

from core.display import wanted
from core.models import Notice

FACES = ("public", "cadre", "office", "leaders")
Visible = Callable[[Any], bool]


def always(user: Any) -> bool:
    return True


def signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False))


@dataclass(frozen=True)
class Entry:
    """One link as an app registered it."""

    label: Any
    url_name: str
    order: int
    icon: str = ""
    text: Any = ""
    visible: Visible = always
    active_prefix: str | None = None
    method: str = "get"
    from_page: bool = False
    kwargs: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Link:
    """An entry made ready for one request."""

    label: Any
    url: str
    icon: str
    text: Any
    method: str
    active: bool


_menus: dict[str, list[Entry]] = {face: [] for face in FACES}
_tiles: list[Entry] = []
_footer: list[Entry] = []
_user_menu: list[Entry] = []
_help: list[Entry] = []
_faces: list[tuple[str, Entry]] = []


def _add(entries: list[Entry], entry: Entry) -> None:
    """Registering the same URL name again replaces the entry, so a reload changes nothing."""
    entries[:] = [e for e in entries if (e.url_name, e.kwargs) != (entry.url_name, entry.kwargs)] + [entry]
    entries.sort(key=lambda e: e.order)


def register(
    face: str,
    label: Any,
    url_name: str,
    *,
    order: int,
    icon: str,
    visible: Visible = always,
    active_prefix: str | None = None,
    kwargs: dict[str, Any] | None = None,
) -> None:
    """A menu entry of a face; it is marked where the path begins with ``active_prefix`` (else with its own URL)."""
    entry = Entry(label, url_name, order, icon, visible=visible, active_prefix=active_prefix, kwargs=kwargs or {})
    _add(_menus[face], entry)


def register_home_tile(
    label: Any, url_name: str, *, order: int, icon: str, text: Any = "", visible: Visible = always
) -> None:
    """A tile on the public home page: a name and one sentence."""
    _add(_tiles, Entry(label, url_name, order, icon, text, visible))


def register_footer(
    label: Any, url_name: str, *, order: int, icon: str = "", visible: Visible = always, from_page: bool = False
) -> None:
    """A footer link; ``from_page`` adds ``?from=<path>``, for feedback that says where it was written."""
    _add(_footer, Entry(label, url_name, order, icon, visible=visible, from_page=from_page))


def register_user_menu(
    label: Any, url_name: str, *, order: int, icon: str, method: str = "get", visible: Visible = signed_in
) -> None:
    """An entry under the person's name; ``method="post"`` makes it a form (signing out)."""
    _add(_user_menu, Entry(label, url_name, order, icon, visible=visible, method=method))


def register_sign_in(label: Any, url_name: str) -> None:
    """The link that a visitor sees in place of the person's menu."""
    register_user_menu(label, url_name, order=0, icon="login", visible=lambda user: not signed_in(user))


def register_help(url_name: str) -> None:
    """The help page behind 本页帮助; a page names its own section in the block ``help_anchor``."""
    _help[:] = [Entry("", url_name, 0)]


def register_face(face: str, label: Any, url_name: str, *, order: int, icon: str, visible: Visible) -> None:
    """The way from one face to another (学员桌面, 培训管理, 领导视图), shown in the person's menu."""
    entry = Entry(label, url_name, order, icon, visible=visible)
    _faces[:] = sorted([f for f in _faces if f[0] != face] + [(face, entry)], key=lambda f: f[1].order)


def _url(entry: Entry) -> str:
    """The address, or an empty string where the name does not resolve (the check below names it)."""
    here = (get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    return _address(entry.url_name, tuple(entry.kwargs.items()), *here)


@lru_cache(maxsize=500)
def _address(name: str, kwargs: tuple[tuple[str, Any], ...], urlconf: Any, prefix: str) -> str:
    """Asked once for each name: a page lists some twenty addresses that never change while the server runs."""
    try:
        return reverse(name, kwargs=dict(kwargs) or None)
    except NoReverseMatch:
        return ""


def _matched(entry: Entry, url: str, path: str) -> int:
    """How much of the path the entry stands for, in characters; 0 where it does not lead here."""
    prefix = entry.active_prefix or url
    here = path == prefix if prefix == "/" else path.startswith(prefix)
    return len(prefix) if here else 0


def _link(entry: Entry, url: str, path: str, *, active: bool) -> Link:
    if entry.from_page:
        url = f"{url}?{urlencode({'from': path})}"
    return Link(entry.label, url, entry.icon, entry.text, entry.method, active)


def resolved(entries: list[Entry], user: Any, path: str) -> list[Link]:
    """What ``user`` may see, in order; of the entries that match the path the most exact one alone is marked."""
    seen = [(e, url) for e in entries if e.visible(user) and (url := _url(e))]
    best = max((_matched(e, url, path) for e, url in seen), default=0)
    return [_link(e, url, path, active=0 < best == _matched(e, url, path)) for e, url in seen]


class Menus:
    """Everything a page may list for one request; each list is made when the template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._made: dict[str, list[Link]] = {}

    def _list(self, name: str, entries: list[Entry]) -> list[Link]:
        if name not in self._made:
            user = getattr(self._request, "user", None)
            self._made[name] = resolved(entries, user, self._request.path)
        return self._made[name]

    @property
    def public(self) -> list[Link]:
        return self._list("public", _menus["public"])

    @property
    def cadre(self) -> list[Link]:
        return self._list("cadre", _menus["cadre"])

    @property
    def office(self) -> list[Link]:
        return self._list("office", _menus["office"])

    @property
    def leaders(self) -> list[Link]:
        return self._list("leaders", _menus["leaders"])

    @property
    def home_tiles(self) -> list[Link]:
        return self._list("tiles", _tiles)

    @property
    def footer(self) -> list[Link]:
        return self._list("footer", _footer)

    @property
    def user_menu(self) -> list[Link]:
        return self._list("user", _user_menu)

    @property
    def faces(self) -> list[Link]:
        return self._list("faces", [entry for _, entry in _faces])

    @cached_property
    def unread(self) -> int:
        """How many notices the person has not read; one query, asked by the pages that show the number."""
        user = getattr(self._request, "user", None)
        return Notice.objects.visible_to(user).unread().count() if signed_in(user) else 0

    @property
    def help_url(self) -> str:
        return next((link.url for link in self._list("help", _help)), "")


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``menus``, the issuer's name and how this person wants to see the pages."""
    return {"menus": Menus(request), "issuer": settings.LINGHANG_ISSUER, "display": wanted(request)}


def everything() -> list[Entry]:
    """All registered entries, for the check and the tests."""
    groups = [*_menus.values(), _tiles, _footer, _user_menu, _help, [entry for _, entry in _faces]]
    return [entry for group in groups for entry in group]


@register_check()
def names_resolve(app_configs: Any, **kwargs: Any) -> list[CheckWarning]:
    """Names each registered URL name that no URL answers to."""
    return [
        CheckWarning(f"导航登记的地址名称不存在：{entry.url_name}", id="linghang.W010")
        for entry in everything()
        if not _url(entry)
    ]
