"""One's own notices: unread ones stand out, opening one notes that it was read."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from core import notices
from core.models import Notice
from core.views.own import for_oneself

PER_PAGE = 20


@for_oneself
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    mine = Notice.objects.visible_to(request.user)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "core/notices.html", {"page": page, "unread": mine.unread().count()})


@for_oneself
@require_safe
def notice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One notice: where the link of a message outside leads, after signing in."""
    found = get_object_or_404(Notice.objects.visible_to(request.user), public_id=public_id)
    return render(request, "core/notice.html", {"notice": found})


@for_oneself
@require_POST
def open_notice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note that it was read and go where it points."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), public_id=public_id)
    notices.mark_read(user=request.user, notices=[notice])
    return redirect(notice.url or "core:notices")


@for_oneself
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    notices.mark_read(user=request.user)
    return redirect("core:notices")
