"""The narrower doors of the Wagtail admin: reports, bulk actions, and its pages for signing in."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404
from django.urls.resolvers import RegexPattern, URLResolver
from wagtail.admin.auth import require_admin_access
from wagtail.admin.urls import reports as report_urls
from wagtail.admin.views.bulk_action import index as wagtail_bulk_action
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.permissions import page_permission_policy

from core.middleware import EDITING
from core.viewsets import ScopedBulkAction

SITE_HISTORY = "core.view_site_history"


def to_our_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's own pages for signing in and for passwords do not exist here."""
    return redirect(settings.LOGIN_URL)


def closed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """A door that this product does not have."""
    raise Http404


def _may_read(user: Any, rest: str) -> bool:
    """The site history is for the audit administrator; the other reports are for editors of pages."""
    if rest.startswith("site-history"):
        return bool(user.has_perm(SITE_HISTORY))
    return bool(page_permission_policy.user_has_any_permission(user, EDITING))


def _shows_everything_to(auditor: Any) -> None:
    """Wagtail shows a reader what was done to the kinds of things that they may change; an auditor changes none."""
    auditor._allowed_content_type_ids = set(ContentType.objects.values_list("pk", flat=True))


@require_admin_access
def report(request: HttpRequest, rest: str = "") -> HttpResponse:
    """One of Wagtail's reports, for those it is for."""
    try:
        match = URLResolver(RegexPattern(r"^"), report_urls).resolve(rest)
    except Resolver404 as missing:
        raise Http404 from missing
    if not _may_read(request.user, rest):
        raise PermissionDenied
    if rest.startswith("site-history"):
        _shows_everything_to(request.user)
    return match.func(request, *match.args, **match.kwargs)  # type: ignore[no-any-return]


@require_admin_access
def bulk_action(request: HttpRequest, app_label: str, model_name: str, action: str) -> HttpResponse:
    """A bulk action; on rows with a scope only those that keep to it."""
    found = bulk_action_registry.get_bulk_action_class(app_label, model_name, action)
    if found is None:
        raise Http404
    scoped = hasattr(apps.get_model(app_label, model_name)._default_manager, "visible_to")
    if scoped and not issubclass(found, ScopedBulkAction):
        raise Http404
    return wagtail_bulk_action(request, app_label, model_name, action)  # type: ignore[no-any-return]


for _view in (to_our_sign_in, closed):
    _view.declared = ("public",)  # type: ignore[attr-defined]
