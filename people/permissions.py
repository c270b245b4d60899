"""Who may open a page: every view declares it, and a test refuses one that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from people.scopes import has_role

View = Callable[..., HttpResponse]

PUBLIC = ("public",)
SIGNED_IN = ("signed-in",)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the sign-in page and back; a script gets a sentence (401) or an order to go there."""
    came_for = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    address = reverse("people:sign-in") + (f"?{urlencode({'next': came_for})}" if came_for else "")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("people:sign-in")})
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"message": _("登录已过期，请重新登录后再操作。"), "sign_in": address}, status=401)
    return HttpResponseRedirect(address)


def requires(*roles: str) -> Callable[[View], View]:
    """Only people who hold one of the roles today; visitors sign in first, others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            if not has_role(request.user, *roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.declared = tuple(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def requires_sign_in(view: View) -> View:
    """Anybody with an account; what they may see is decided by the scope."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else sign_in_first(request)

    guarded.declared = SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Open to everybody, and meant to be."""
    view.declared = PUBLIC  # type: ignore[attr-defined]
    return view
