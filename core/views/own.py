"""Pages about things of one's own: anybody with an account, nothing kept by a cache."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponse]


def for_oneself(view: View) -> View:
    """Anybody with an account, for what is their own."""
    guarded = login_required(never_cache(view))
    guarded.declared = ("signed-in",)  # type: ignore[attr-defined]
    return guarded
