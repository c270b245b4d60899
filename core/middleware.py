from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.permissions import page_permission_policy

from core.errors import Conflict, DomainError

logger = logging.getLogger(__name__)
# What a form raises when parts are missing, or keys are none, that its page always sends as they should be.
TAMPERED = (MultiValueDictKeyError, ValidationError)
Handler = Callable[[HttpRequest], HttpResponse]

OFFICE = "/office/"  # where config.urls puts Wagtail's admin
# Addresses below the office that show or take content without asking who comes: for those who edit pages.
_content_doors = {
    "api/",
    "choose-",
    "documents/",
    "embeds/",
    "images/",
    "pages/",
    "snippets/",
    "tag-autocomplete/",
    "workflows/",
}
EDITING = ("add", "change", "publish", "lock", "unlock")
LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


def chosen_language(request: HttpRequest, *, user: Any = None) -> str:
    """The account's language, else the browser's cookie, else Simplified Chinese; never Accept-Language."""
    for code in (getattr(user, "language", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if code in LANGUAGES:
            return str(code)
    return str(settings.LANGUAGE_CODE)


def register_content_door(prefix: str) -> None:
    """Let an app close a chooser of content of its own; ``prefix`` follows the office's address."""
    _content_doors.add(prefix)


class ContentDoorMiddleware:
    """Wagtail lets everybody who may enter the office use its choosers; here they are for editors of content."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        door = request.path.removeprefix(OFFICE) if request.path.startswith(OFFICE) else ""
        if not request.user.is_authenticated or not door.startswith(tuple(_content_doors)):
            return
        if not page_permission_policy.user_has_any_permission(request.user, EDITING):
            raise PermissionDenied


class LanguageMiddleware:
    """The page speaks the language that the person chose.

    The account is known only after the authentication middleware, so its choice is applied when the view is found;
    a page that is refused earlier (no such address) speaks the cookie's language.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(chosen_language(request)):
            self._speak(request, chosen_language(request))
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            self._speak(request, chosen_language(request, user=user))

    @staticmethod
    def _speak(request: HttpRequest, code: str) -> None:
        translation.activate(code)
        request.LANGUAGE_CODE = code


def same_site_referer(request: HttpRequest) -> str:
    """The page that the person came from, where it is one of ours; else an empty string."""
    referer = request.headers.get("Referer", "")
    parts = urlsplit(referer)
    if (parts.scheme, parts.netloc) != (request.scheme, request.get_host()):
        return ""
    return referer


class DomainErrorMiddleware:
    """A refusal becomes a sentence where the person stands: on the page they came from, or on a page of its own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TAMPERED):
            logger.warning("Unreadable request to %s", request.path, exc_info=exception)
            return render(request, "400.html", status=400)
        if not isinstance(exception, DomainError):
            return None
        status = 409 if isinstance(exception, Conflict) else 422
        if request.headers.get("HX-Request") == "true":
            return self._fragment(request, exception, status)
        back = same_site_referer(request)
        if request.method == "POST" and back:
            messages.error(request, exception.message)
            return HttpResponseRedirect(back)
        return render(request, "core/refused.html", {"message": exception.message, "back": back}, status=status)

    @staticmethod
    def _fragment(request: HttpRequest, error: DomainError, status: int) -> HttpResponse:
        """The sentence alone, put where the page shows its messages."""
        response = render(request, "core/refused_fragment.html", {"message": error.message}, status=status)
        response["HX-Retarget"] = "#messages"
        response["HX-Reswap"] = "innerHTML show:#messages:top"
        return response
