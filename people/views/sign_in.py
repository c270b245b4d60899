"""Coming in and going out."""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import login, logout, user_login_failed
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from people import services
from people.forms import ActivationForm, SignInForm
from people.permissions import public, requires_sign_in
from people.start import start_url

BACKEND = "people.backends.RoleBackend"


def wanted_page(request: HttpRequest) -> str:
    """The page of ours that the visitor came for; empty when there is none."""
    page = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return page if safe else ""


@public
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Work number and password; a signed-in person goes on at once, unless the office has just sent them here."""
    if request.user.is_authenticated:
        if _refused_by_office(request):
            raise PermissionDenied
        return HttpResponseRedirect(wanted_page(request) or start_url(request.user))
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect(wanted_page(request) or start_url(request.user))
    status = 422 if form.errors else 200
    return render(request, "people/sign_in.html", {"form": form, "next": wanted_page(request)}, status=status)


def _refused_by_office(request: HttpRequest) -> bool:
    """Wagtail sends people without access to its sign-in page, which would send them back."""
    office = reverse("wagtailadmin_home")
    return wanted_page(request).startswith(office) and not request.user.has_perm("wagtailadmin.access_admin")


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """What a person reads whose account rests after too many wrong passwords; axes calls it."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"times": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    return render(request, "people/locked_out.html", context, status=429)


@public
@sensitive_post_parameters("password", "again", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """The first password, with the code from the slip."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(start_url(request.user))
    form = ActivationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not AxesProxyHandler.is_allowed(request, _claimed(form)):
            return locked_out(request)
        if _activated(request, form):
            return HttpResponseRedirect(start_url(request.user))
    return render(request, "people/activate.html", {"form": form}, status=422 if form.errors else 200)


def _claimed(form: ActivationForm) -> dict[str, str]:
    return {"username": form.cleaned_data["work_number"]}


def _activated(request: HttpRequest, form: ActivationForm) -> bool:
    data = form.cleaned_data
    try:
        user = services.activate(work_number=data["work_number"], code=data["code"], password=data["password"])
    except DomainError as refusal:
        weak = refusal.code == "weak_password"
        form.add_error("password" if weak else None, refusal.message)
        if not weak:
            user_login_failed.send(sender=__name__, credentials=_claimed(form), request=request)
        return False
    login(request, user, backend=BACKEND)
    return True


@requires_sign_in
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """On to the start page of the person's role."""
    return HttpResponseRedirect(start_url(request.user))
