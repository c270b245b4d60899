"""The two choices that every visitor has: the language and how the pages look."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import display
from core.middleware import LANGUAGES


def next_page(request: HttpRequest, default: str = "/") -> str:
    """Where the person goes on: an address of ours, else ``default``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else default


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in the browser and, for a signed-in person, in the account."""
    code = request.POST.get("language", "")
    response = HttpResponseRedirect(next_page(request))
    if code not in LANGUAGES:
        messages.error(request, _("没有这种语言，请在页脚重新选择。"))
        return response
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=display.YEAR, samesite="Lax")
    if request.user.is_authenticated and hasattr(request.user, "language"):
        request.user.language = code
        request.user.save(update_fields=["language"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def choose_display(request: HttpRequest) -> HttpResponse:
    """The page of 显示设置; each page's header holds the same form."""
    if request.method != "POST":
        return render(request, "core/display.html", {"next": next_page(request)})
    choice = display.read(".".join(request.POST.get(part, "") for part in ("theme", "text", "contrast")))
    response = HttpResponseRedirect(next_page(request))
    display.remember(response, choice)
    return response


for _view in (choose_language, choose_display):
    _view.declared = ("public",)  # type: ignore[attr-defined]
