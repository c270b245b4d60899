"""Keeping the filters of a list under a name, and letting them go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.models import SavedView
from core.posted import short_text
from core.saved_views import keep_view
from core.views.language import next_page
from core.views.own import for_oneself


@for_oneself
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list one comes from."""
    given = {key: short_text(request, key, 2000) for key in ("place", "name", "query")}
    try:
        view = keep_view(owner=request.user, **given)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已保存为常用筛选“%(name)s”。") % {"name": view.name})
    return HttpResponseRedirect(next_page(request))


@for_oneself
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    after = next_page(request)  # reads the form: where it cannot be read, nothing is deleted
    get_object_or_404(SavedView, pk=pk, owner=request.user.pk).delete()
    messages.success(request, _("已删除这组常用筛选。"))
    return HttpResponseRedirect(after)
