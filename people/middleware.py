from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

Handler = Callable[[HttpRequest], HttpResponse]

# What stays open before the first password and the notice.
ALWAYS_OPEN = frozenset({"people:sign-in", "people:sign-out", "core:language", "core:display"})
PASSWORD = "people:password"  # noqa: S105
NOTICE = "people:notice"


def first_step(user: Any) -> str | None:
    """The URL name of what the person has to do before anything else; None when all is done."""
    if not user.is_authenticated:
        return None
    if user.must_change_password:
        return PASSWORD
    if user.notice_version != settings.LINGHANG_NOTICE_VERSION:
        return NOTICE
    return None


class FirstSignInMiddleware:
    """A first password of one's own, then the notice on personal data, then everything else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        here = request.resolver_match.view_name if request.resolver_match else ""
        step = None if here in ALWAYS_OPEN else first_step(request.user)
        if step in (None, here):
            return None
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(step)})
        return HttpResponseRedirect(reverse(step))
