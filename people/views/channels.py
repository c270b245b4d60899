"""One's own choice of channels, and the mail address for them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.messaging.choices import choose
from core.posted import short_text
from people import services
from people.permissions import requires_sign_in


def _done(request: HttpRequest, act: Callable[[], None], words: str) -> HttpResponse:
    try:
        act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, words)
    return redirect(f"{reverse('people:account')}#channels")


@requires_sign_in
@require_POST
def channel(request: HttpRequest) -> HttpResponse:
    """Switch a channel on or off."""
    agreed = request.POST.get("agreed") == "1"
    name = request.POST.get("channel", "")
    words = _("已开启。") if agreed else _("已关闭，仍可在站内查看通知。")
    return _done(request, lambda: choose(user=request.user, channel=name, agreed=agreed), words)


@requires_sign_in
@require_POST
def email(request: HttpRequest) -> HttpResponse:
    """The address to which mail goes; an empty one takes it out."""
    address = short_text(request, "email", 300)
    words = _("邮箱已保存。") if address.strip() else _("邮箱已删除。")
    return _done(request, lambda: services.change_own_email(user=request.user, email=address), words)  # type: ignore[arg-type]
