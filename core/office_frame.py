"""The frame of every office page: the menu, the search field and the help of keys that Wagtail draws around it.

What a person may see is asked at every request. Only the drawing is kept, under a key that holds all of what is drawn:
a menu that is kept can never show more than the checks of this request allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from wagtail import hooks
from wagtail.admin.menu import Menu, admin_menu
from wagtail.admin.search import SearchArea, admin_search_areas
from wagtail.admin.telepath import JSContext
from wagtail.admin.ui import sidebar

HIDDEN_ENTRIES = "office_entries_hidden_from"  # hook: the names that ``user`` never sees, before anything is asked
KEPT = 500  # drawings, some kilobytes each; there are as many as sets of roles times languages
_kept: dict[Any, Any] = {}


def kept(key: Any, draw: Callable[[], Any]) -> Any:
    """What ``draw`` gave for this very key; the key must hold everything that it draws."""
    if key not in _kept:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = draw()
    return _kept[key]


def hidden_from(user: Any) -> frozenset[str]:
    return frozenset().union(*(names(user) for names in hooks.get_hooks(HIDDEN_ENTRIES)))


def _shown(entries: Iterable[Any], request: HttpRequest) -> list[Any]:
    """Entries of a menu or areas of the search that this person may see; the hidden ones are not asked."""
    hidden = hidden_from(request.user)
    return [entry for entry in entries if entry.name not in hidden and entry.is_shown(request)]


def menu_of(request: HttpRequest, menu: Menu = admin_menu) -> list[sidebar.MenuItem]:
    """The person's menu, in order."""
    items = _shown(menu.registered_menu_items, request)
    for construct in hooks.get_hooks(menu.construct_hook_name):
        construct(request, items)
    return [item.render_component(request) for item in sorted(items, key=lambda item: item.order)]


def search_of(request: HttpRequest) -> SearchArea | None:
    """What the field above the menu searches: the first area that the person may."""
    return next(iter(_shown(admin_search_areas.registered_search_areas, request)), None)


def _words(value: Any) -> Any:
    """Everything that an entry draws, as a key."""
    if isinstance(value, sidebar.MenuItem):
        return (type(value), *map(_words, value.js_args()))
    if isinstance(value, dict):
        return tuple((name, _words(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_words, value))
    return str(value)


def _account_menu() -> list[sidebar.MenuItem]:
    account, leave = reverse("wagtailadmin_account"), reverse("wagtailadmin_logout")
    return [
        sidebar.LinkMenuItem("account", gettext("Account"), account, icon_name="user"),
        sidebar.ActionMenuItem("logout", gettext("Log out"), leave, icon_name="logout"),
    ]


def sidebar_modules(request: HttpRequest) -> list[Any]:
    """What Wagtail's script draws the side bar from, packed as its telepath packs it."""
    area = search_of(request)
    modules: list[Any] = [sidebar.WagtailBrandingModule(), *([sidebar.SearchModule(area)] if area else [])]
    main = sidebar.MainMenuModule(menu_of(request), _account_menu(), request.user)
    *menus, person = main.js_args()

    def draw() -> list[Any]:
        *others, packed = JSContext().pack([*modules, main])
        return [*others, {**packed, "_args": packed["_args"][:-1]}]  # without the person, who is never kept

    *others, packed = kept((area and area.url, _words(menus)), draw)
    return [*others, {**packed, "_args": [*packed["_args"], person]}]
