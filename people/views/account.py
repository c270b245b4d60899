"""One's own account: the notice, the password, what is kept and who read it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from people import services
from people.forms import ChangePasswordForm, NewPasswordForm
from people.models import User
from people.permissions import requires_sign_in
from people.presenters import own_account
from people.start import start_url


@requires_sign_in
@sensitive_post_parameters("old", "password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; the old one is asked for unless it was given by somebody else and has to go."""
    user: User = request.user  # type: ignore[assignment]
    forced = user.must_change_password
    form = (NewPasswordForm if forced else ChangePasswordForm)(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        services.change_password(user=user, password=form.cleaned_data["password"])
        update_session_auth_hash(request, user)
        messages.success(request, _("新密码已生效。"))
        return HttpResponseRedirect(start_url(user)) if forced else redirect("people:account")
    return render(request, "people/password.html", {"form": form, "forced": forced}, status=422 if form.errors else 200)


@requires_sign_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """The notice on personal data, to be read once per version."""
    user: User = request.user  # type: ignore[assignment]
    if request.method == "POST":
        services.accept_notice(user=user)
        return HttpResponseRedirect(start_url(user))
    version = settings.LINGHANG_NOTICE_VERSION
    context = {"version": version, "accepted": user.notice_version == version, "issuer": settings.LINGHANG_ISSUER}
    return render(request, "people/notice.html", context)


@requires_sign_in
@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What the system keeps about oneself, masked, and who opened it."""
    return render(request, "people/account.html", own_account(request.user))  # type: ignore[arg-type]
