"""Public pages that are no page of the tree: search, the table of laws, and stable names for those that are."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.views import serve

from cms import presenters
from cms.models import LawRecord
from cms.search import KEYS, LONGEST, Found, find, suggestions
from people.permissions import public

FIRST = 5  # hits of each kind on the overview
PER_PAGE = 20


@public
def tree_page(request: HttpRequest, *, path: str) -> HttpResponse:
    """A page of the tree under a name that menus and footers can give."""
    return serve(request, path)


@public
def closed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """A door of Wagtail that this product does not have."""
    raise Http404


@public
def to_our_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's own page for signing in leads to ours, with the way back."""
    query = request.GET.urlencode()
    return redirect(reverse("people:sign-in") + (f"?{query}" if query else ""))


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results of every kind, the first of each; or one kind in full."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    only = request.GET.get("kind", "")
    only = only if only in KEYS else ""
    found = [one for one in find(query, request, only=only) if len(one)]
    context = {
        "title": _("搜索"),
        "query": query,
        "only": only,
        "total": sum(len(one) for one in found),
        "groups": [_group(one, request, whole=bool(only)) for one in found],
        "suggestions": suggestions(),
        "crumbs": [(_("首页"), reverse("cms:home")), (_("搜索"), "")],
    }
    return render(request, "cms/search.html", context)


def _group(found: Found, request: HttpRequest, *, whole: bool) -> dict[str, Any]:
    page = Paginator(found, PER_PAGE if whole else FIRST).get_page(request.GET.get("page") if whole else 1)
    shown = {"total": len(found), "page": page, "hits": list(page)}
    return {"key": found.kind.key, "label": found.kind.label, "unit": found.kind.unit, **shown}


@public
@require_safe
def law_table(request: HttpRequest) -> HttpResponse:
    """Every law named anywhere in the product, and against what it was checked."""
    rows = LawRecord.objects.select_related("page")
    context = {
        "title": _("法规目录"),
        "lede": _("本系统的课程、案例、试题和页面中提到的法律、法规都列在这里，效力状态以官方发布为准。"),
        "rows": [presenters.law_row(row, request) for row in rows],
        "crumbs": [(_("首页"), reverse("cms:home")), (_("法规库"), reverse("cms:laws")), (_("法规目录"), "")],
    }
    return render(request, "cms/law_table.html", context)
