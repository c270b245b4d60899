"""Every view of ours says who may open it: by its decorator, or by the policy of the viewset it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry

from people.models import Role
from people.permissions import PUBLIC, SIGNED_IN
from tests.architecture.house import APPS

# Names of rights of the office; a view that asks for one declares it.
KNOWN = {*PUBLIC, *SIGNED_IN, *Role.values}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def is_ours(view: Any) -> bool:
    """Written in one of our packages, or a generic view on one of our models."""
    model = getattr(view, "view_initkwargs", {}).get("model")
    return any(module.split(".")[0] in APPS for module in (_module(view), getattr(model, "__module__", "")))


def _module(view: Any) -> str:
    """Of the view under Wagtail's wrapping, which keeps neither module nor class."""
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return str(getattr(getattr(view, "view_class", view), "__module__", ""))


def has_policy(view: Any) -> bool:
    """Whether it is a view of the admin that checks rights on a model with a policy of its own."""
    kind, given = getattr(view, "view_class", None), getattr(view, "view_initkwargs", {})
    model = given.get("model") or getattr(kind, "model", None)
    policy = given.get("permission_policy") or getattr(kind, "permission_policy", None)
    if isinstance(model, type):
        policy = policy or policy_registry.get_by_type(model, fallback=False)
    checked = isinstance(kind, type) and issubclass(kind, PermissionCheckedMixin)
    return _chooses(kind) or (checked and policy is not None)


def _chooses(kind: Any) -> bool:
    """Choosers have no right of their own: core narrows their doors, and the table of addresses says for whom."""
    modules = [base.__module__ for base in getattr(kind, "__mro__", ())]
    if modules[:1] == ["core.viewsets"]:
        return "wagtail.admin.views.generic.chooser" in modules
    return "".join(modules[:1]).startswith(("wagtail.admin.views.generic.chooser", "wagtail.snippets"))


def undeclared(entries: Iterator[URLPattern]) -> list[str]:
    return sorted(
        f"{_module(entry.callback)}: {entry.name or entry.pattern}"
        for entry in entries
        if is_ours(entry.callback) and not _declares(entry.callback)
    )


def _declares(view: Any) -> bool:
    said = getattr(view, "declared", None)
    return (bool(said) and set(said) <= KNOWN) if said is not None else has_policy(view)


def test_every_view_of_ours_says_who_may_open_it():
    assert undeclared(patterns()) == []


def test_the_control_finds_a_view_that_says_nothing():
    def silent(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    silent.__module__ = "portal.views.silent"
    assert undeclared(iter([path("silent/", silent, name="silent")])) == ["portal.views.silent: silent"]


def test_the_control_finds_a_role_that_does_not_exist():
    def strange(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    strange.__module__, strange.declared = "portal.views.strange", ("director",)  # type: ignore[attr-defined]
    assert undeclared(iter([path("strange/", strange, name="strange")])) == ["portal.views.strange: strange"]
